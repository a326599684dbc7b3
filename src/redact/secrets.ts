/** Credentials: what has the shape of one, what is labelled as one, and what a URL carries. */
import { disjoint, type Finding, TAKEN } from './finding.ts'

/** Vendors' keys. None may scan far and then fail: that is what makes a regular expression slow. */
const SHAPES: readonly RegExp[] = [
  // JSON web tokens, encrypted ones too
  /(?<![\w-])eyJ[\w-]{8,8192}(?:\.[\w-]{0,16384}){1,4}/g,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----[\w+/=\s:,.]{0,20000}(?:-----END [A-Z ]{0,40}PRIVATE KEY(?: BLOCK)?-----)?/g,
  // Stripe, OpenAI, Anthropic and others who took to the form
  /(?<![A-Za-z0-9])(?:[srp]k_(?:live|test)_|whsec_)[A-Za-z0-9]{10,256}/g,
  /(?<![A-Za-z0-9])sk-(?:[a-z]{2,8}\d{0,2}-)?[\w-]{20,256}/g,
  // GitHub, GitLab, npm, PyPI
  /(?<![A-Za-z0-9])(?:gh[opsur]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255}|gl[a-z]{2,6}-[\w-]{20,64}|npm_[A-Za-z0-9]{30,64}|pypi-[\w-]{30,256})/g,
  // Slack: tokens and webhooks
  /(?<![A-Za-z0-9])xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9-]{8,256}|(?<![A-Za-z0-9])xapp-[A-Za-z0-9-]{10,256}/g,
  /(?<=hooks\.slack\.com\/(?:services|workflows)\/)[\w/]{10,200}/g,
  // Amazon, Google, Microsoft
  /(?<![A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])/g,
  /(?<![A-Za-z0-9])(?:AIza[\w-]{30,64}|GOCSPX-[\w-]{10,64}|ya29\.[\w.-]{20,2048}|1\/\/0[\w-]{20,256})/g,
  /(?<=AccountKey=|SharedAccessKey=)[A-Za-z0-9+/=]{20,128}/g,
  // Atlassian, Intercom, Zapier, Notion, Linear, HubSpot, Shopify, Square, DigitalOcean, Databricks, Hugging Face, Doppler
  /(?<![A-Za-z0-9])AT(?:ATT|CTT|STT|BBT?)[\w=+/-]{16,1024}/g,
  /(?<![A-Za-z0-9])dG9r[0-9A-Za-z+/=]{24,256}/g,
  /(?<![A-Za-z0-9])(?:ntn_|secret_|lin_api_|shp(?:at|ca|pa|ss)_|sq0[a-z]{3}-|dop_v1_|doo_v1_|dapi|hf_|dp\.pt\.|EAACEdEose0cBA|pat-[a-z]{2}\d-)[\w-]{22,256}/g,
  // SendGrid, Mailgun, Mailchimp, Twilio, Telegram, Discord
  /(?<![\w.-])SG\.[\w-]{16,64}\.[\w-]{16,128}/g,
  /(?<![A-Za-z0-9])key-[0-9a-f]{32}(?![A-Za-z0-9])|(?<![A-Za-z0-9])[0-9a-f]{32}-us\d{1,2}(?![A-Za-z0-9])/g,
  /(?<![A-Za-z0-9])(?:SK|AC)[0-9a-f]{32}(?![A-Za-z0-9])/g,
  /(?<![\w-])\d{8,10}:[\w-]{35}(?![\w-])/g,
  /(?<![\w-])[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,40}(?![\w-])/g,
]
const AUTHORIZATION = /(?<![\p{L}\d])(?:bearer|basic|token)[ \t]{1,3}([\w.~+/-]{16,4096}={0,2})/giu
const LABELLED =
  /(?<![\p{L}\d])((?:x[-_ ])?api[-_ ]?keys?|cl[ée]s? (?:d'api|api|secr[èe]te|priv[ée]e)|[\p{L}]{0,20}[-_ ]?secret(?:[-_ ]?(?:access[-_ ]?)?key)?|(?:access|auth|refresh|session|bearer|id|api|csrf)?[-_ ]?token|jeton|passwords?|passwd|pwd|mots? de passe|mdp|passphrase|passcode)(?:[*_"'` ]{0,3}(?:[:=]|(?:est|is|was|était)(?: ?:)?(?= ))[*_"'` ]{0,4})([^\s"'`<>,;|)\]&]{6,512})/giu
/** `mdp Soleil2024!` needs no colon: with a digit and a sign in it, it is no word. */
const UNSIGNED = /(?<![\p{L}\d])(?:passwords?|pwd|mots? de passe|mdp) ([^\s"'`<>,;|()[\]&]{6,64})/giu
/** Every label has one of these in it. */
const HINT = /key|cl[ée]|secr|token|jeton|pass|pwd|mdp/iu
const PASSWORD = /^(?:pass|pwd|mot|mdp)/i

export function findSecrets(text: string): readonly Finding[] {
  const shaped = SHAPES.flatMap((shape) => [...text.matchAll(shape)].map((match) => finding(match.index, match[0])))
  const authorized = [...text.matchAll(AUTHORIZATION)].flatMap((match) => secretIn(match, match[1] ?? '', isMixed))
  const isLabelled = HINT.test(text)
  const labelled = [...(isLabelled ? text.matchAll(LABELLED) : [])].flatMap((match) =>
    secretIn(match, (match[2] ?? '').replace(/[.:*_]{1,8}$/, ''), PASSWORD.test(match[1] ?? '') ? isPassword : isMixed),
  )
  const unsigned = [...(isLabelled ? text.matchAll(UNSIGNED) : [])].flatMap((match) =>
    secretIn(match, (match[1] ?? '').replace(/[.:?]{1,8}$/, ''), isUnsigned),
  )
  return disjoint([...findUrlSecrets(text), ...shaped, ...authorized, ...labelled, ...unsigned])
}

function secretIn(match: RegExpExecArray, value: string, isOne: (value: string) => boolean): readonly Finding[] {
  if (!isOne(value) || value.includes(TAKEN)) return []
  return [finding(match.index + match[0].lastIndexOf(value), value)]
}

function finding(start: number, value: string): Finding {
  return { start, end: start + value.length, value }
}

/** Letters and digits both, and long: not a word, not a number. */
function isMixed(value: string): boolean {
  return value.length >= 12 && /\d/.test(value) && /[A-Za-z]/.test(value) && !/^\$?\{/.test(value)
}

/** More than a word: `required` is none. */
function isPassword(value: string): boolean {
  return /[\p{L}]/u.test(value) && /[\d!@#$%^&+=?~]/.test(value) && !/^(?:\$?\{|https?:)/.test(value)
}

function isUnsigned(value: string): boolean {
  return /\p{L}/u.test(value) && /\d/.test(value) && /[!@#$%^&+=?~*]/.test(value)
}

const SCHEME = /(?<![\p{L}\d+.-])[a-z][a-z\d+.-]{1,20}:\/\//giu
const REST = /[^\s<>"`]{1,8192}/y
const MOST_OF_USER = 512
const USER = /^[^/?#@\s]{1,512}@/
const SECRET_NAMES =
  /^(?:(?:[a-z]{1,20}[-_.])?(?:token|key|apikey|secret|password|passwd|pwd|pass|auth|authorization|signature|sig|session|sessionid|sid|jwt|code|otp|nonce|hash|hmac|ticket|invite|invitation|magic|credentials?|state|assertion|samlresponse|reset|confirmation|verification)|(?:access|refresh|id|auth|api|reset|login|session|invite|confirm|unsubscribe|user)(?:token|key|code|secret|hash)|x-(?:amz|goog)-(?:signature|credential|security-token)|mdp|jeton|cle|awsaccesskeyid|phpsessid|jsessionid|connect\.sid)$/i
const PARAMETER = /[?&#;]([^=&#;?\s]{1,80})=([^&#;\s]{1,8192})/g
const TOKEN_PATH =
  /\/(?:reset|password|passwords|reset-password|password-reset|verify|verification|confirm|confirmation|activate|activation|invite|invites|invitation|invitations|magic|magic-link|login|signin|auth|token|tokens|unsubscribe|optout|share|s|e)\/([\w.~=-]{16,1024})/gi

/**
 * User and password, secret parameters, and tokens in paths. What remains is still the URL. Of a URL inside another only
 * the user is looked for: its parameters are the outer one's too.
 */
function findUrlSecrets(text: string): readonly Finding[] {
  const findings: Finding[] = []
  if (!text.includes('://')) return findings
  let end = 0
  for (const match of text.matchAll(SCHEME)) {
    const start = match.index + match[0].length
    if (start < end) {
      findings.push(...userIn(text.slice(start, start + MOST_OF_USER), start))
      continue
    }
    REST.lastIndex = start
    const rest = withoutTail(REST.exec(text)?.[0] ?? '')
    end = start + rest.length
    findings.push(...userIn(rest, start), ...parametersIn(rest, start), ...pathTokensIn(rest, start))
  }
  return findings
}

/** Markdown's closing bracket and the sentence's marks are not the URL's. */
function withoutTail(url: string): string {
  const closing = url.search(/\)(?:[^\w/]|$)|[\]|}]/)
  return (closing === -1 ? url : url.slice(0, closing)).replace(/[.,;:!?'*]{1,64}$/, '')
}

function userIn(rest: string, start: number): readonly Finding[] {
  const user = USER.exec(rest)?.[0].slice(0, -1) ?? ''
  return user === '' || user === 'git' || user.includes(TAKEN) ? [] : [finding(start, user)]
}

function parametersIn(rest: string, start: number): readonly Finding[] {
  return [...rest.matchAll(PARAMETER)].flatMap((match) => {
    const [whole, name = '', value = ''] = match
    const isSecret = SECRET_NAMES.test(name) && value.length >= 4 && !isPlainWord(value) && !value.includes(TAKEN)
    return isSecret ? [finding(start + match.index + whole.length - value.length, value)] : []
  })
}

/** `?code=invalid_grant`, `?state=open`, `?key=name` say nothing secret, and no more than that is assumed of words. */
function isPlainWord(value: string): boolean {
  return /^[a-z]{1,12}(?:[-_][a-z]{1,12})?$/i.test(value) || /^\d{1,5}$/.test(value)
}

function pathTokensIn(rest: string, start: number): readonly Finding[] {
  return [...rest.matchAll(TOKEN_PATH)].flatMap((match) => {
    const value = match[1] ?? ''
    return isMixed(value) ? [finding(start + match.index + match[0].length - value.length, value)] : []
  })
}

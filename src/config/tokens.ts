/** Text that has the shape of a credential, so that one written into a file is found and never repeated. */

/** What to do about a credential that stands in the file. */
export const REFERENCE_FIX = `write a reference such as \${env:NAME} or \${file:PATH} instead, and replace the credential if the file was shared`

const SHAPES: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'an Atlassian API token', pattern: /\bAT(?:ATT|CTT|STT|BBT?)[A-Za-z0-9_=+/-]{16,}/g },
  { what: 'a Slack token', pattern: /\bxox[a-z]-[A-Za-z0-9-]{8,}/g },
  { what: 'a GitHub token', pattern: /\b(?:gh[opsur]_[A-Za-z0-9]{20,}|github_pat_[A-Za-z0-9_]{20,})/g },
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { what: 'a Google key', pattern: /\b(?:AIza[0-9A-Za-z_-]{30,}|GOCSPX-[0-9A-Za-z_-]{10,}|ya29\.[0-9A-Za-z_-]{20,})/g },
  { what: 'an Intercom token', pattern: /\bdG9r[0-9A-Za-z+/=]{24,}/g },
  { what: 'a JSON web token', pattern: /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?/g },
  { what: 'an authorization header', pattern: /\b(?:Bearer|Basic)[ \t]+[A-Za-z0-9._~+/-]{12,}=*/gi },
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[A-Za-z0-9+/=\s]*/g },
  { what: 'a password inside a URL', pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@$]{1,200}:[^\s/@$]{1,200}@/gi },
]

/** What kind of credential the text holds, or null. */
export function tokenShape(text: string): string | null {
  return SHAPES.find(({ pattern }) => text.search(pattern) !== -1)?.what ?? null
}

/** The text with everything that has the shape of a credential replaced. */
export function hideTokens(text: string): string {
  return SHAPES.reduce((shown, { pattern }) => shown.replaceAll(pattern, '***'), text)
}

/** What is secret by itself in a credential that is a JSON object, such as a key file. */
export function secretParts(credential: string): readonly string[] {
  const fields = Object.entries(jsonObject(credential))
  return fields.flatMap(([name, value]) =>
    SECRET_FIELD.test(name) && typeof value === 'string' && value.length >= SHORTEST_PART ? [value] : [],
  )
}

/** Shorter ones would blot out ordinary words. */
const SHORTEST_PART = 6
const SECRET_FIELD = /(?:key|secret|token|password)$/

function jsonObject(text: string): object {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

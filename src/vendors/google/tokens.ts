/** Access tokens: asked for when the first request needs one, and again before they end. */
import { sign } from 'node:crypto'
import { z } from 'zod'
import { UnsiloError } from '../../core/errors.ts'
import { safeToRepeat, unrecorded } from '../../http/call.ts'
import { DRIVE_SCOPE } from './addresses.ts'
import type { Credentials, MetadataServer, ServiceAccount, UserLogin } from './credentials.ts'

export interface Tokens {
  /** One that is good for another minute. */
  get(): Promise<string>
  /** Forgets a token that was rejected before its end. False if there can be no other. */
  renew(rejected: string): boolean
}

export interface TokenOptions {
  /** The user for whom a service account with domain-wide delegation asks. */
  readonly subject?: string | undefined
  readonly fetch: typeof fetch
  /** Milliseconds since 1970. */
  readonly now: () => number
}

interface Token {
  readonly text: string
  /** Milliseconds since 1970. */
  readonly until: number
}

const LIFETIME_S = 3600
/** Before its end a token counts as ended. */
const MARGIN_MS = 60_000
/** On a machine that is none of Google's nobody answers. */
const METADATA_TIMEOUT_MS = 5_000

const granted = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().default(LIFETIME_S) })

const refusal = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/), error_subtype: z.string().optional() })

const ENDED: Token = { text: '', until: 0 }

export function openTokens(credentials: Credentials, options: TokenOptions): Tokens {
  if (credentials.type === 'token') return { get: async () => credentials.token, renew: () => false }
  if (options.subject === undefined || credentials.type === 'service_account')
    return renewed(() => askFor(credentials, options), options.now)
  throw new UnsiloError('CONFIG_INVALID', 'auth.subject: only a service account can ask on behalf of a user', {
    hint: 'Take subject out, or give the key of a service account with domain-wide delegation.',
  })
}

function renewed(ask: () => Promise<z.infer<typeof granted>>, now: () => number): Tokens {
  let current = Promise.resolve(ENDED)

  async function request(): Promise<Token> {
    const asked = now()
    const { access_token, expires_in } = await ask()
    return { text: access_token, until: asked + expires_in * 1000 - MARGIN_MS }
  }

  return {
    async get() {
      const before = current
      const known = await before.catch(() => ENDED)
      if (known.until > now()) return known.text
      // Of all who waited for the same one, the first has asked for the next.
      if (current === before) current = request()
      return (await current).text
    },
    renew(rejected) {
      current = current.then((token) => (token.text === rejected ? ENDED : token)).catch(() => ENDED)
      return true
    },
  }
}

function askFor(credentials: ServiceAccount | UserLogin | MetadataServer, options: TokenOptions) {
  if (credentials.type === 'metadata_server') return askMachine(credentials, options)
  const body = credentials.type === 'service_account' ? assertionGrant(credentials, options) : refreshGrant(credentials)
  return requestToken(credentials, body, options.fetch)
}

function refreshGrant({ client_id, client_secret, refresh_token }: UserLogin): URLSearchParams {
  return new URLSearchParams({ grant_type: 'refresh_token', client_id, client_secret, refresh_token })
}

/** https://developers.google.com/identity/protocols/oauth2/service-account#httprest */
function assertionGrant(key: ServiceAccount, { subject, now }: TokenOptions): URLSearchParams {
  const issuedAt = Math.floor(now() / 1000)
  const header = { alg: 'RS256', typ: 'JWT', ...(key.private_key_id && { kid: key.private_key_id }) }
  const claims = {
    iss: key.client_email,
    scope: DRIVE_SCOPE,
    aud: key.token_uri,
    iat: issuedAt,
    exp: issuedAt + LIFETIME_S,
    ...(subject && { sub: subject }),
  }
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const assertion = `${signed}.${signatureOf(signed, key.private_key)}`
  return new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
}

/** Without the cause, which may quote the key. */
function signatureOf(text: string, privateKey: string): string {
  try {
    return sign('sha256', Buffer.from(text), privateKey).toString('base64url')
  } catch {
    throw new UnsiloError('CONFIG_INVALID', 'Google: the service account’s private_key can’t sign', {
      hint: 'Give the key file as it was downloaded, whole.',
    })
  }
}

async function requestToken(
  { type, ...from }: ServiceAccount | UserLogin,
  body: URLSearchParams,
  fetch: typeof globalThis.fetch,
) {
  const madeBy = 'made_by' in from ? from.made_by : undefined
  const answer = await askForToken(fetch, from.token_uri, body)
  if ('token' in answer) return answer.token
  const { why, status } = answer
  const hint = why === 'invalid_grant' && type === 'authorized_user' ? againHint(madeBy) : REFUSED_HINT
  throw new UnsiloError('AUTH_REJECTED', `Google: no access token was given: ${why}`, { hint, status })
}

const REFUSED_HINT =
  'Check auth. invalid_grant is an account or key that was removed, or a wrong clock; unauthorized_client is a subject without delegation.'

function againHint(madeBy: string | undefined): string {
  const ended = 'The login ended or was withdrawn (after seven days, if the OAuth app is “in testing”).'
  return `${ended} ${madeBy === undefined ? 'Log in again where it was made' : `Run \`${madeBy}\` again`}.`
}

/** A token, or why Google gives none. Throws where no such answer came. */
export async function askForToken(fetch: typeof globalThis.fetch, url: string, form: URLSearchParams, once = false) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
  const init = unrecorded({ method: 'POST', headers, body: form.toString() })
  const response = await fetch(url, once ? init : safeToRepeat(init))
  const { status } = response
  const answer = parsed(await response.text())
  if (status === 400 || status === 401 || status === 403)
    return { why: refusal.safeParse(answer).data?.error ?? `status ${status}`, status }
  const token = granted.safeParse(answer)
  if (response.ok && token.success) return { token: token.data, answer }
  throw new UnsiloError('ANSWER_INVALID', `Google: the token endpoint answered ${status} without a token`, {
    hint: 'Check token_uri of the credentials, and whether a proxy stands in between.',
    status,
  })
}

/** https://cloud.google.com/compute/docs/access/authenticate-workloads#applications */
async function askMachine({ host, looked }: MetadataServer, { fetch }: TokenOptions) {
  const path = `/computeMetadata/v1/instance/service-accounts/default/token?scopes=${encodeURIComponent(DRIVE_SCOPE)}`
  const init = { headers: { 'metadata-flavor': 'Google' }, signal: AbortSignal.timeout(METADATA_TIMEOUT_MS) }
  const response = await fetch(`http://${host}${path}`, unrecorded(init)).catch((error: unknown) => {
    if (error instanceof UnsiloError && error.code === 'INTERRUPTED') throw error
    return null
  })
  const isGoogles = response?.headers.get('metadata-flavor') === 'Google'
  const token = isGoogles && response.ok ? granted.safeParse(parsed(await response.text())) : null
  if (token?.success) return token.data
  const what =
    response === null ? 'no answer came' : isGoogles ? `it answered ${response.status}` : 'another server answered'
  throw new UnsiloError(
    'AUTH_REJECTED',
    `Google: there are no application default credentials: ${looked}, and of the metadata server at ${host} ${what}`,
    {
      hint: `Set GOOGLE_APPLICATION_CREDENTIALS to a key file, or run \`gcloud auth application-default login --scopes=https://www.googleapis.com/auth/cloud-platform,${DRIVE_SCOPE}\`.`,
    },
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

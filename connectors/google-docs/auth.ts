/** Access tokens: asked for when the first request needs one, and again before they end. */
import { sign } from 'node:crypto'
import { z } from 'zod'
import { UnsiloError } from '../../src/core/errors.ts'
import { safeToRepeat } from '../../src/http/call.ts'
import type { GoogleDocsConfig } from './config.ts'

type Auth = GoogleDocsConfig['auth']
type Renewable = Exclude<Auth, { accessToken: string }>

interface Token {
  readonly text: string
  /** Milliseconds since the epoch. */
  readonly until: number
}

const TOKEN_URL = 'https://oauth2.googleapis.com/token'
const SCOPES = 'https://www.googleapis.com/auth/drive.readonly'
const LIFETIME_S = 3600
/** Before its end a token counts as ended. */
const MARGIN_MS = 60_000

const keyFile = z.object({
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  private_key_id: z.string().min(1).optional(),
  token_uri: z.url({ protocol: /^https?$/ }).default(TOKEN_URL),
})

const granted = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().default(LIFETIME_S) })

const refusal = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) })

/** Answers a token that is good for another minute. */
export function openTokens(
  { auth, apiUrl }: GoogleDocsConfig,
  fetch: typeof globalThis.fetch,
  now: () => number,
): () => Promise<string> {
  return 'accessToken' in auth ? async () => auth.accessToken : renewed(auth, apiUrl, fetch, now)
}

function renewed(auth: Renewable, apiUrl: string | undefined, fetch: typeof globalThis.fetch, now: () => number) {
  let current: Promise<Token> | null = null

  async function renew(): Promise<Token> {
    const asked = now()
    const { url, body } = requestOf(auth, apiUrl, asked)
    const { access_token, expires_in } = await requestToken(url, body, fetch)
    return { text: access_token, until: asked + expires_in * 1000 - MARGIN_MS }
  }

  return async () => {
    const known = current === null ? null : await current.catch(() => null)
    if (known !== null && known.until > now()) return known.text
    current = renew()
    return (await current).text
  }
}

function requestOf(auth: Renewable, apiUrl: string | undefined, now: number) {
  if ('serviceAccountKey' in auth) return assertionRequest(auth, now)
  const { clientId, clientSecret, refreshToken } = auth
  const url = apiUrl === undefined ? TOKEN_URL : new URL('/token', apiUrl).href
  const fields = { client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken }
  return { url, body: new URLSearchParams({ grant_type: 'refresh_token', ...fields }).toString() }
}

/** https://developers.google.com/identity/protocols/oauth2/service-account#httprest */
function assertionRequest(auth: Extract<Auth, { serviceAccountKey: string }>, now: number) {
  const key = readKey(auth.serviceAccountKey)
  const issuedAt = Math.floor(now / 1000)
  const header = { alg: 'RS256', typ: 'JWT', ...(key.private_key_id && { kid: key.private_key_id }) }
  const claims = {
    iss: key.client_email,
    scope: SCOPES,
    aud: key.token_uri,
    iat: issuedAt,
    exp: issuedAt + LIFETIME_S,
    ...(auth.subject && { sub: auth.subject }),
  }
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  const assertion = `${signed}.${signatureOf(signed, key.private_key)}`
  const grant = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion }
  return { url: key.token_uri, body: new URLSearchParams(grant).toString() }
}

function readKey(text: string): z.infer<typeof keyFile> {
  try {
    return keyFile.parse(JSON.parse(text))
  } catch {
    throw badKey('is not the JSON key of a service account')
  }
}

function signatureOf(text: string, privateKey: string): string {
  try {
    return sign('sha256', Buffer.from(text), privateKey).toString('base64url')
  } catch {
    throw badKey('holds a private_key that can’t sign')
  }
}

/** Without the cause, which may quote the key. */
function badKey(problem: string): UnsiloError {
  return new UnsiloError('CONFIG_INVALID', `auth.serviceAccountKey: it ${problem}`, {
    hint: 'Give what was downloaded when the key was made, whole and on one line, by reference to it.',
  })
}

async function requestToken(url: string, body: string, fetch: typeof globalThis.fetch) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' }
  const response = await fetch(url, safeToRepeat({ method: 'POST', headers, body }))
  const answer = parsed(await response.text())
  if (response.status === 400 || response.status === 401 || response.status === 403) {
    const why = refusal.safeParse(answer).data?.error ?? `status ${response.status}`
    throw new UnsiloError('AUTH_REJECTED', `Google: no access token was given: ${why}`, {
      hint: 'Check auth. invalid_grant is an account or key that was removed, a refresh token that ended, or a wrong clock; unauthorized_client is a subject without delegation.',
      status: response.status,
    })
  }
  const read = granted.safeParse(answer)
  if (response.ok && read.success) return read.data
  throw new UnsiloError('ANSWER_INVALID', `Google: the token endpoint answered ${response.status} without a token`, {
    hint: 'Check the key’s token_uri, and whether a proxy stands in between.',
    status: response.status,
  })
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

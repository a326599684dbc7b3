/**
 * A person's consent, by an OAuth client of a desktop app: RFC 8252 with a loopback redirect, and PKCE (RFC 7636).
 * https://developers.google.com/identity/protocols/oauth2/native-app
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { UnsiloError } from '../../core/errors.ts'
import { consentPage, DRIVE_SCOPE, revocationAddress, tokenAddress } from './addresses.ts'
import { askForToken } from './tokens.ts'

const client = z.object({
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
  auth_uri: consentPage,
  token_uri: tokenAddress,
})

export type Client = z.infer<typeof client>

/** What is kept of a login: gcloud's form, and what a further login needs. */
export interface Login extends Client {
  readonly type: 'authorized_user'
  readonly refresh_token: string
  readonly made_by: 'unsilo login google'
}

/** One request for consent. `state` and `verifier` are made of chance. */
export interface ConsentRequest {
  readonly redirectUri: string
  readonly state: string
  readonly verifier: string
}

const kept = client.extend({ refresh_token: z.string().min(1) })

const downloaded = z.object({ installed: client })

/** @param name of the file, for messages. Throws CONFIG_INVALID. */
export function readClient(text: string, name: string): Client {
  const json = parsed(text)
  const read = downloaded.safeParse(json)
  if (read.success) return read.data.installed
  const earlier = kept.safeParse(json)
  if (earlier.success) return earlier.data
  const isWeb = z.object({ web: z.object({}) }).safeParse(json).success
  throw new UnsiloError(
    'CONFIG_INVALID',
    `${name} is ${isWeb ? 'the client of a web application' : 'no OAuth client'}`,
    {
      hint: 'In the project’s Credentials make an OAuth client ID of the type “Desktop app”, and download its JSON.',
    },
  )
}

/** The page on which a person agrees. */
export function consentUrl({ auth_uri, client_id }: Client, request: ConsentRequest): string {
  const url = new URL(auth_uri)
  const asked = {
    client_id,
    redirect_uri: request.redirectUri,
    response_type: 'code',
    scope: DRIVE_SCOPE,
    state: request.state,
    code_challenge: createHash('sha256').update(request.verifier).digest('base64url'),
    code_challenge_method: 'S256',
    // Both: without them a person who agreed before gets no refresh token again.
    access_type: 'offline',
    prompt: 'consent',
  }
  for (const [name, value] of Object.entries(asked)) url.searchParams.set(name, value)
  return url.href
}

/**
 * What the redirect says: a code, or, if it is of another request, null. Throws AUTH_REJECTED where consent was not given.
 */
export function readRedirect(query: URLSearchParams, state: string): string | null {
  if (query.get('state') !== state) return null
  const code = query.get('code')
  if (code) return code
  const why = /^[a-z_]{1,40}$/.exec(query.get('error') ?? '')?.[0] ?? 'it sent no code'
  throw new UnsiloError('AUTH_REJECTED', `Google: nobody was logged in: ${why}`, {
    hint:
      why === 'access_denied'
        ? 'Agree on Google’s page. An app “in testing” is open to its test users only: add yours to the consent screen.'
        : 'Run it again.',
  })
}

const answered = z.object({ refresh_token: z.string().min(1).optional(), scope: z.string().optional() })

/** The code becomes a login that lasts. */
export async function redeemCode(
  from: Client,
  code: string,
  { redirectUri, verifier }: ConsentRequest,
  fetch: typeof globalThis.fetch,
): Promise<Login> {
  const { client_id, client_secret, auth_uri, token_uri } = from
  const grant = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri }
  const answer = await askForToken(fetch, token_uri, new URLSearchParams({ ...grant, client_id, client_secret }), true)
  if (!('token' in answer)) {
    const hint = answer.why === 'invalid_client' ? 'Download the client’s JSON again.' : 'Run it again.'
    throw new UnsiloError('AUTH_REJECTED', `Google: the consent was not accepted: ${answer.why}`, { hint })
  }
  const { refresh_token, scope: given } = answered.parse(answer.answer)
  if (given !== undefined && !given.split(' ').includes(DRIVE_SCOPE)) {
    throw new UnsiloError('AUTH_REJECTED', 'Google: the consent leaves out reading Google Drive', {
      hint: 'Run it again, and tick the box “See and download all your Google Drive files”. Nothing was kept.',
    })
  }
  if (refresh_token === undefined) {
    throw new UnsiloError('AUTH_REJECTED', 'Google: the consent came without a token that lasts', {
      hint: 'Remove the app at https://myaccount.google.com/connections, and run it again.',
    })
  }
  const made = { type: 'authorized_user', made_by: 'unsilo login google' } as const
  return { ...made, client_id, client_secret, refresh_token, auth_uri, token_uri }
}

/** False where Google did not hear of it, or knew the login no more. */
export async function revoke(login: string, fetch: typeof globalThis.fetch): Promise<boolean> {
  const read = kept.safeParse(parsed(login))
  if (!read.success) return false
  const body = new URLSearchParams({ token: read.data.refresh_token }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const sent = fetch(revocationAddress(read.data.token_uri), { method: 'POST', headers, body })
  return sent.then(
    ({ ok }) => ok,
    (error: unknown) => {
      if (error instanceof UnsiloError && error.code === 'INTERRUPTED') throw error
      return false
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

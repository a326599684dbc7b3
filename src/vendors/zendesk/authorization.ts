/**
 * What signs a request in. An OAuth client's tokens are asked for when the first request needs one, and again when they
 * end. https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/
 */
import { z } from 'zod'
import { UnsiloError } from '../../core/errors.ts'
import { baseOf } from '../../http/address.ts'
import { safeToRepeat } from '../../http/call.ts'
import { parseJson } from '../answers.ts'
import type { ZendeskAccount } from './account.ts'

export interface Authorization {
  /** The value of the Authorization header. */
  header(): Promise<string>
  /** After a refusal of what `header` gave: whether it gives another one from now on. */
  renew(): boolean
}

type OAuthClient = Extract<ZendeskAccount['auth'], { clientId: string }>

interface Token {
  readonly text: string
  /** Milliseconds since the epoch. */
  readonly until: number
}

const LIFETIME_S = 7200
/** Before its end a token counts as ended. */
const MARGIN_MS = 60_000

const granted = z.object({ access_token: z.string().min(1), expires_in: z.number().positive().nullish() })

const refusal = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) })

/** @param scope of the tokens that an OAuth client gets */
export function openAuthorization(
  { url, auth }: ZendeskAccount,
  scope: string,
  fetch: typeof globalThis.fetch,
  now: () => number,
): Authorization {
  if ('accessToken' in auth) return fixed(`Bearer ${auth.accessToken}`)
  if ('apiToken' in auth)
    return fixed(`Basic ${Buffer.from(`${auth.email}/token:${auth.apiToken}`).toString('base64')}`)
  return renewed((): Promise<Token> => requestToken(baseOf(url), auth, scope, fetch, now()), now)
}

function fixed(value: string): Authorization {
  return { header: async () => value, renew: () => false }
}

function renewed(request: () => Promise<Token>, now: () => number): Authorization {
  let current: Promise<Token> | null = null
  return {
    async header() {
      const known = current === null ? null : await current.catch(() => null)
      if (known !== null && known.until > now()) return `Bearer ${known.text}`
      current = request()
      return `Bearer ${(await current).text}`
    },
    renew() {
      current = null
      return true
    },
  }
}

async function requestToken(
  base: string,
  { clientId, clientSecret }: OAuthClient,
  scope: string,
  fetch: typeof globalThis.fetch,
  now: number,
): Promise<Token> {
  const body = JSON.stringify({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope,
    expires_in: LIFETIME_S,
  })
  const headers = { accept: 'application/json', 'content-type': 'application/json' }
  const response = await fetch(`${base}/oauth/tokens`, safeToRepeat({ method: 'POST', headers, body }))
  const answer = parseJson(await response.text())
  const token = granted.safeParse(answer).data
  if (response.ok && token !== undefined) {
    return { text: token.access_token, until: now + (token.expires_in ?? LIFETIME_S) * 1000 - MARGIN_MS }
  }
  throw noToken(response.status, answer)
}

function noToken(status: number, answer: unknown): UnsiloError {
  if (status >= 400 && status < 500 && status !== 404) {
    const why = refusal.safeParse(answer).data?.error ?? `status ${status}`
    return new UnsiloError('AUTH_REJECTED', `Zendesk: no access token was given: ${why}`, {
      hint: 'Check url and auth: the client must be a confidential one of this account.',
      status,
    })
  }
  return new UnsiloError('ANSWER_INVALID', `Zendesk: POST /oauth/tokens answered ${status} without a token`, {
    hint: 'Check url, and whether a proxy stands in between. Nothing was removed.',
    status,
  })
}

/**
 * One request to Zendesk: `fetch` carries retries and limits, answers are handed over unchecked.
 * https://developer.zendesk.com/api-reference/
 */
import { z } from 'zod'
import { UnsiloError } from '../../core/errors.ts'
import { baseOf } from '../../http/address.ts'
import { asAccount } from '../../http/call.ts'
import { jsonAnswer, parseJson } from '../answers.ts'
import type { ZendeskAccount } from './account.ts'
import { openAuthorization } from './authorization.ts'

export type Params = Readonly<Record<string, string | number>>

export interface ZendeskClient {
  /** The account's address, without a slash at the end. */
  readonly site: string
  /** @param path begins with `/api/v2`, and has no suffix */
  get(path: string, params?: Params): Promise<unknown>
  /** As somebody who is not signed in; null if Zendesk refuses it to them. */
  getSignedOut(path: string, params?: Params): Promise<unknown>
}

export interface ZendeskOptions {
  readonly fetch: typeof globalThis.fetch
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** What an OAuth client's token is for, such as `hc:read`. */
  readonly scope: string
}

/** Of a message that Zendesk words itself: what isn't a code may repeat what was asked. */
const errorCode = z.string().regex(/^[A-Za-z_]{1,60}$/)

/** The shapes in which Zendesk says that it won't. */
const refusal = z.union([
  z.object({ error: z.string() }),
  z.object({ error: z.object({ title: z.string() }) }),
  z.object({ errors: z.array(z.unknown()).min(1) }),
])

export function openZendesk(account: ZendeskAccount, options: ZendeskOptions): ZendeskClient {
  const site = baseOf(account.url)
  // Requests are counted by the account of the site, whoever makes them.
  const fetch = asAccount(options.fetch, site)
  const authorization = openAuthorization(account, options.scope, fetch, options.now)

  /** Some clients were answered 415 without the suffix. */
  function send(path: string, params: Params, headers: Readonly<Record<string, string>>): Promise<Response> {
    const query = new URLSearchParams()
    for (const [name, value] of Object.entries(params)) query.set(name, String(value))
    const address = `${site}${path}.json${query.size === 0 ? '' : `?${query}`}`
    return fetch(address, { headers: { accept: 'application/json', ...headers } })
  }

  async function sendSignedIn(path: string, params: Params): Promise<Response> {
    const response = await send(path, params, { authorization: await authorization.header() })
    if (response.status !== 401 || !authorization.renew()) return response
    return send(path, params, { authorization: await authorization.header() })
  }

  return {
    site,
    async get(path, params = {}) {
      return readAnswer(await sendSignedIn(path, params), `GET ${path}`)
    },
    async getSignedOut(path, params = {}) {
      const response = await send(path, params, {})
      return (await isRefusal(response)) ? null : readAnswer(response, `GET ${path}, signed out,`)
    },
  }
}

/** Only in Zendesk's own words: what a proxy says tells nothing. */
async function isRefusal(response: Response): Promise<boolean> {
  if (![401, 403, 404].includes(response.status)) return false
  return refusal.safeParse(parseJson(await response.clone().text())).success
}

async function readAnswer(response: Response, name: string): Promise<unknown> {
  const text = await response.text()
  if (!response.ok) throw refused(response.status, name, text)
  return jsonAnswer(text, `Zendesk: ${name} answered ${response.status}`, 'url', response.status)
}

function refused(status: number, name: string, body: string): UnsiloError {
  const code = codeOf(parseJson(body))
  const message = `Zendesk: ${name} answered ${status}${code === undefined ? '' : ` (${code})`}`
  if (status === 401) {
    const hint = 'Check url and auth: a token works in its own account only, and may have been deactivated.'
    return new UnsiloError('AUTH_REJECTED', `${message}: the credentials were rejected`, { hint, status })
  }
  if (status === 403) {
    const hint = 'Check the role and the scopes that the connector’s README names, and that the plan has this API.'
    return new UnsiloError('AUTH_REJECTED', `${message}: the account may not read this`, { hint, status })
  }
  return new UnsiloError('ANSWER_INVALID', message, { hint: 'Check url, and the plan. Nothing was removed.', status })
}

function codeOf(answer: unknown): string | undefined {
  const { error } = z.object({ error: z.unknown() }).safeParse(answer).data ?? {}
  const title = z.object({ title: z.unknown() }).safeParse(error).data?.title
  return errorCode.safeParse(title ?? error).data
}

/**
 * One request to Intercom: `fetch` carries retries and limits, answers are handed over unchecked.
 * https://developers.intercom.com/docs/references/rest-api/api.intercom.io
 */
import { z } from 'zod'
import { UnsiloError } from '../../core/errors.ts'
import type { Json } from '../../core/json.ts'
import { safeToRepeat, twiceIsOnce } from '../../http/call.ts'
import { jsonAnswer, parseJson } from '../answers.ts'
import { apiBase, type IntercomAccount } from './account.ts'

/** The version of the API whose answers are understood; without it Intercom takes what the app was set to. */
const API_VERSION = '2.16'

const errorList = z.object({ errors: z.array(z.object({ code: z.string().regex(/^[\w.-]{1,60}$/) })).min(1) })

export interface IntercomClient {
  get(path: string, params?: Readonly<Record<string, string | number>>): Promise<unknown>
  /** A POST that changes nothing. */
  search(path: string, query: Json): Promise<unknown>
  /** Once: where it fails, it is open whether it was done. */
  post(path: string, body: Json): Promise<unknown>
  /** Tried again where it is open whether it was done, since twice is once: a PUT, a DELETE, or a POST that replaces. */
  put(method: 'PUT' | 'DELETE' | 'POST', path: string, body?: Json): Promise<unknown>
}

export function openIntercom(account: IntercomAccount, fetch: typeof globalThis.fetch): IntercomClient {
  const base = apiBase(account)
  const headers = {
    accept: 'application/json',
    authorization: `Bearer ${account.token}`,
    'intercom-version': API_VERSION,
  }
  const write = (method: string, body: Json | undefined): RequestInit =>
    body === undefined
      ? { method, headers }
      : { method, headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return {
    async get(path, params = {}) {
      const query = new URLSearchParams()
      for (const [name, value] of Object.entries(params)) query.set(name, String(value))
      const response = await fetch(`${base}${path}${query.size === 0 ? '' : `?${query}`}`, { headers })
      return readAnswer(response, `GET ${path}`)
    },
    async search(path, query) {
      return readAnswer(await fetch(`${base}${path}`, safeToRepeat(write('POST', query))), `POST ${path}`)
    },
    async post(path, body) {
      return readAnswer(await fetch(`${base}${path}`, write('POST', body)), `POST ${path}`)
    },
    async put(method, path, body) {
      return readAnswer(await fetch(`${base}${path}`, twiceIsOnce(write(method, body))), `${method} ${path}`)
    },
  }
}

async function readAnswer(response: Response, name: string): Promise<unknown> {
  const text = await response.text()
  if (response.status === 204) return null
  if (!response.ok) throw refused(response.status, name, text)
  return jsonAnswer(text, `Intercom: ${name} answered ${response.status}`, 'apiUrl', response.status)
}

function refused(status: number, name: string, body: string): UnsiloError {
  const code = errorList.safeParse(parseJson(body)).data?.errors[0]?.code
  const message = `Intercom: ${name} answered ${status}${code === undefined ? '' : ` (${code})`}`
  if (status === 401) {
    const hint = 'Check token and region: a token works in the region of its workspace only.'
    return new UnsiloError('AUTH_REJECTED', `${message}: the token was rejected`, { hint, status })
  }
  if (status === 403) {
    const hint = 'Give the app the permission that the README names, and check that the plan has this API.'
    return new UnsiloError('AUTH_REJECTED', `${message}: the token may not do this`, { hint, status })
  }
  return new UnsiloError('ANSWER_INVALID', message, { hint: 'Check apiUrl. Nothing was removed.', status })
}

/**
 * The client that confluence.js's endpoint functions run on: `context.fetch` carries retries and limits, and answers are
 * handed over unchecked. The library's own schemas are not used since one odd field in them loses a whole listing page;
 * client.ts checks what the connector reads.
 */
import type { Client } from 'confluence.js/core'
import { UnsiloError } from '../../src/core/errors.ts'
import { type ConfluenceConfig, requestUrl } from './config.ts'

type Request = Parameters<Client['sendRequest']>[0]

export function openTransport(config: ConfluenceConfig, fetch: typeof globalThis.fetch): Client {
  const headers = { accept: 'application/json', authorization: authorization(config.auth) }
  return {
    async sendRequest<T>(request: Request): Promise<T> {
      const url = requestUrl(config) + request.url + query(request.searchParams)
      const response = await fetch(url, { method: request.method ?? 'GET', headers })
      return (await readAnswer(response, `${request.method ?? 'GET'} ${request.url}`)) as T
    },
  }
}

function authorization(auth: ConfluenceConfig['auth']): string {
  if ('bearer' in auth) return `Bearer ${auth.bearer}`
  return `Basic ${Buffer.from(`${auth.email}:${auth.apiToken}`).toString('base64')}`
}

/** Lists are joined by commas, as the API's description says; the library itself would repeat the key. */
function query(given: Request['searchParams']): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(given ?? {})) {
    if (value !== undefined && value !== null) params.set(name, Array.isArray(value) ? value.join(',') : String(value))
  }
  return params.size === 0 ? '' : `?${params}`
}

async function readAnswer(response: Response, name: string): Promise<unknown> {
  if (!response.ok) throw refused(response.status, name)
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    const what = /^\s*</.test(text) ? 'a web page, perhaps a login page' : 'something that is not JSON'
    throw new UnsiloError('ANSWER_INVALID', `Confluence: ${name} answered ${response.status} with ${what}`, {
      hint: 'Check baseUrl and apiUrl, and whether a proxy or single sign-on stands in between.',
      status: response.status,
    })
  }
}

function refused(status: number, name: string): UnsiloError {
  const message = `Confluence: ${name} answered ${status}`
  if (status === 401) {
    return new UnsiloError('AUTH_REJECTED', `${message}: the credentials were rejected`, {
      hint: 'Check email and token. A token with scopes works only with apiUrl, and needs the scopes in the connector’s README.',
      status,
    })
  }
  if (status === 403) {
    const hint = 'Give the account permission to view it, and the token the scopes in the connector’s README.'
    return new UnsiloError('AUTH_REJECTED', `${message}: the account or its token may not read this`, { hint, status })
  }
  if (status === 404)
    return new UnsiloError('LISTING_INCOMPLETE', `${message}: gone, or hidden from the account`, { status })
  return new UnsiloError('ANSWER_INVALID', message, { hint: 'Check baseUrl and apiUrl.', status })
}

/**
 * One request to Confluence: `context.fetch` carries retries and limits, and answers are handed over unchecked. Also the
 * client that confluence.js's endpoint functions run on. The library's own schemas are not used since one odd field in
 * them loses a whole listing page; the connector checks what it reads.
 */
import type { Client } from 'confluence.js/core'
import { UnsiloError } from '../../src/core/errors.ts'
import { type ConfluenceConfig, type Deployment, requestUrl } from './config.ts'

type Request = Parameters<Client['sendRequest']>[0]
type Params = Readonly<Record<string, string | number | readonly string[]>>

/** Asks for a path below the base. A list is sent as the same key again and again. */
export type Get = (path: string, params: Params) => Promise<unknown>

export function openRequests(config: ConfluenceConfig, deployment: Deployment, fetch: typeof globalThis.fetch): Get {
  const base = requestUrl(config, deployment)
  const headers = headersOf(config.auth)
  return async (path, params) => {
    const query = repeated(params)
    const response = await fetch(`${base}${path}${query.size === 0 ? '' : `?${query}`}`, { headers })
    return readAnswer(response, `GET ${path}`, deployment)
  }
}

export function openTransport(config: ConfluenceConfig, fetch: typeof globalThis.fetch): Client {
  const headers = headersOf(config.auth)
  return {
    async sendRequest<T>(request: Request): Promise<T> {
      const url = requestUrl(config, 'cloud') + request.url + query(request.searchParams)
      const response = await fetch(url, { method: request.method ?? 'GET', headers })
      return (await readAnswer(response, `${request.method ?? 'GET'} ${request.url}`, 'cloud')) as T
    },
  }
}

/** Null where the answer has one of the statuses. */
export async function absentAsNull<T>(ask: () => Promise<T>, statuses: readonly number[] = [404]): Promise<T | null> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof UnsiloError && error.status !== undefined && statuses.includes(error.status)) return null
    throw error
  }
}

function repeated(params: Params): URLSearchParams {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(params)) for (const one of [value].flat()) query.append(name, String(one))
  return query
}

function headersOf(auth: ConfluenceConfig['auth']): Readonly<Record<string, string>> {
  return { accept: 'application/json', authorization: authorization(auth) }
}

function authorization(auth: ConfluenceConfig['auth']): string {
  if ('bearer' in auth) return `Bearer ${auth.bearer}`
  const [name, secret] = 'email' in auth ? [auth.email, auth.apiToken] : [auth.username, auth.password]
  return `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`
}

/** Lists are joined by commas, as the API's description says; the library itself would repeat the key. */
function query(given: Request['searchParams']): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(given ?? {})) {
    if (value !== undefined && value !== null) params.set(name, Array.isArray(value) ? value.join(',') : String(value))
  }
  return params.size === 0 ? '' : `?${params}`
}

async function readAnswer(response: Response, name: string, deployment: Deployment): Promise<unknown> {
  if (!response.ok) throw refused(response.status, name, deployment)
  checkLoggedIn(response, name)
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    const what = /^\s*</.test(text) ? 'a web page, perhaps a login page' : 'something that is not JSON'
    throw new UnsiloError('ANSWER_INVALID', `Confluence: ${name} answered ${response.status} with ${what}`, {
      hint:
        'Check baseUrl (on Data Center with its context path) and apiUrl, and whether a proxy or single sign-on stands ' +
        'in between.',
      status: response.status,
    })
  }
}

/** Without credentials Data Center may show what everybody sees, and all else would look deleted. */
function checkLoggedIn({ headers, status }: Response, name: string): void {
  if (headers.get('x-ausername') !== 'anonymous') return
  throw new UnsiloError('AUTH_REJECTED', `Confluence: ${name} was answered as if nobody were logged in`, {
    hint: 'Check auth, and whether something in front of the site drops the Authorization header. Nothing was removed.',
    status,
  })
}

const HINTS: Readonly<Record<Deployment, { readonly rejected: string; readonly forbidden: string }>> = {
  cloud: {
    rejected:
      'Check auth. A token with scopes works only with apiUrl, and needs the scopes in the connector’s README. A site of ' +
      'Data Center takes bearer, or username and password.',
    forbidden: 'Give the account permission to view it, and the token the scopes in the connector’s README.',
  },
  'data-center': {
    rejected:
      'Check auth: whether the token has ended, and on a version before 7.9 use username and password. Check whether ' +
      'baseUrl is the address that the site itself uses: credentials do not follow a redirect to another. After failed ' +
      'log-ins Confluence may want a captcha: log in with the account in a browser.',
    forbidden:
      'Give the account permission to use Confluence and to view it. After failed log-ins Confluence may want a captcha: ' +
      'log in with the account in a browser.',
  },
}

function refused(status: number, name: string, deployment: Deployment): UnsiloError {
  const message = `Confluence: ${name} answered ${status}`
  const { rejected, forbidden } = HINTS[deployment]
  if (status === 401) {
    const what = `${message}: the credentials were rejected`
    return new UnsiloError('AUTH_REJECTED', what, { hint: rejected, status })
  }
  if (status === 403) {
    const what = `${message}: the account or its token may not read this`
    return new UnsiloError('AUTH_REJECTED', what, { hint: forbidden, status })
  }
  const hint = 'Check baseUrl, apiUrl and deployment.'
  if (status === 404)
    return new UnsiloError('LISTING_INCOMPLETE', `${message}: gone, or hidden from the account`, { hint, status })
  return new UnsiloError('ANSWER_INVALID', message, { hint, status })
}

/** Redirects by hand: few of them, and credentials never travel to another origin. */
import { UnsiloError } from '../core/errors.ts'
import { type Call, nameOf } from './call.ts'
import type { Failure } from './failures.ts'

const MAX_REDIRECTS = 3
const REDIRECTS = [301, 302, 303, 307, 308]

/** What may go to another origin. A list of what is allowed, since any other header may be a key. */
const HARMLESS_HEADERS = ['accept', 'accept-language', 'content-type', 'user-agent']

export async function followRedirects(
  call: Call,
  send: (call: Call) => Promise<Response | Failure>,
): Promise<Response | Failure> {
  let hop = call
  for (let followed = 0; followed <= MAX_REDIRECTS; followed += 1) {
    const outcome = await send(hop)
    if (!(outcome instanceof Response)) return outcome
    const location = REDIRECTS.includes(outcome.status) ? outcome.headers.get('location') : null
    if (location === null) return outcome
    hop = redirected(hop, outcome.status, location)
  }
  throw new UnsiloError('ANSWER_INVALID', `${nameOf(call)} redirects more than ${MAX_REDIRECTS} times`)
}

function redirected(call: Call, status: number, location: string): Call {
  const url = URL.parse(location, call.url.href)
  if (url === null || !isFollowable(url, call.url)) {
    throw new UnsiloError('ANSWER_INVALID', `${nameOf(call)} redirects to an address that can't be followed`)
  }
  const headers = url.origin === call.url.origin ? call.headers : harmless(call.headers)
  // Without the body, which some of these leave out, another host would answer what it was not asked.
  if (call.body !== null && url.origin !== call.url.origin) {
    throw new UnsiloError('ANSWER_INVALID', `${nameOf(call)} redirects a request body to another host, ${url.host}`)
  }
  if (status !== 307 && status !== 308 && call.method !== 'HEAD')
    return { ...call, url, headers, method: 'GET', body: null }
  return { ...call, url, headers }
}

/** An answer that came unprotected could be anybody's, so https never leads to http. */
function isFollowable(url: URL, from: URL): boolean {
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && from.protocol === 'http:')
  return isSafe && url.username === '' && url.password === ''
}

function harmless(headers: Headers): Headers {
  return new Headers([...headers].filter(([name]) => HARMLESS_HEADERS.includes(name)))
}

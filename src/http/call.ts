/** One request as the decorators pass it on, and what may be said about it in a message. */
import { UnsiloError } from '../core/errors.ts'
import { type Meter, meterOf } from './meter.ts'

export interface Call {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  readonly body: NonNullable<RequestInit['body']> | null
  /** May be sent again after a failure that leaves open whether it arrived. */
  readonly repeatable: boolean
  readonly signal: AbortSignal | null
  readonly meter: Meter
  /** Whose limits it counts against, where its Authorization header doesn't tell for long: a token that is renewed. */
  readonly account: string | null
}

const REPEATABLE = Symbol('safe to repeat')

/** Marks a POST that only reads (a search), so that it is retried like a GET. */
export function safeToRepeat(init: RequestInit): RequestInit {
  return { ...init, [REPEATABLE]: true } as RequestInit
}

const IDEMPOTENT = Symbol('twice is once')

/** Marks a request that changes something and that sent twice leaves what sent once does: retried like a GET, but a write. */
export function twiceIsOnce(init: RequestInit): RequestInit {
  return { ...init, [IDEMPOTENT]: true } as RequestInit
}

const UNRECORDED = Symbol('unrecorded')

/** Marks a request for a token: recordings leave it out, and a replay, which has no credentials, doesn't make it. */
export function unrecorded(init: RequestInit): RequestInit {
  return { ...init, [UNRECORDED]: true } as RequestInit
}

const ACCOUNT = Symbol('account')

/** Requests through the returned `fetch` count against the limits of one account, whichever token they carry. */
export function asAccount(inner: typeof fetch, account: string): typeof fetch {
  return (input, init) => inner(input, { ...init, [ACCOUNT]: account } as RequestInit)
}

export function isUnrecorded(init: RequestInit = {}): boolean {
  return isMarked(init, UNRECORDED)
}

function isMarked(init: RequestInit, mark: symbol): boolean {
  return (init as Record<symbol, unknown>)[mark] === true
}

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

/** Whether a request may change something at the source: neither GET nor HEAD, and not marked as one that doesn't. */
export function mayWrite(method: string, init: RequestInit): boolean {
  return !isReading(method) && !isMarked(init, REPEATABLE) && !isUnrecorded(init)
}

export async function readCall(input: string | URL | Request, init: RequestInit = {}): Promise<Call> {
  const request = input instanceof Request ? input : null
  const method = methodOf(input, init)
  return {
    url: readUrl(urlOf(input)),
    method,
    headers: withUserAgent(init.headers ?? request?.headers),
    body: init.body ?? (request?.body ? await request.arrayBuffer() : null),
    repeatable: isReading(method) || isMarked(init, REPEATABLE) || isMarked(init, IDEMPOTENT),
    signal: init.signal ?? request?.signal ?? null,
    meter: meterOf(init),
    account: (init as Record<symbol, string | undefined>)[ACCOUNT] ?? null,
  }
}

export function methodOf(input: string | URL | Request, init: RequestInit): string {
  return (init.method ?? (input instanceof Request ? input.method : 'GET')).toUpperCase()
}

export function urlOf(input: string | URL | Request): string {
  return input instanceof Request ? input.url : input.toString()
}

/** Method, host and path. Never the query, which may hold a token, nor a user name. */
export function nameOf(call: Pick<Call, 'method' | 'url'>): string {
  return `${call.method} ${call.url.host}${call.url.pathname}`
}

export function readUrl(text: string): URL {
  const url = URL.parse(text)
  if (url === null) throw new UnsiloError('CONFIG_INVALID', 'an address to fetch is not a valid URL')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new UnsiloError('CONFIG_INVALID', `an address to fetch begins with ${url.protocol}`, {
      hint: 'Use an address that begins with https:',
    })
  }
  if (url.username !== '' || url.password !== '') {
    throw new UnsiloError('CONFIG_INVALID', `the address of ${url.host} holds a user name or password`, {
      hint: 'Put credentials into the source’s auth settings, not into its address.',
    })
  }
  return url
}

function withUserAgent(given: RequestInit['headers']): Headers {
  const headers = readHeaders(given)
  if (!headers.has('user-agent')) headers.set('user-agent', 'unsilo')
  return headers
}

/** The platform's own error repeats the value, which may be a credential. */
function readHeaders(given: RequestInit['headers']): Headers {
  try {
    return new Headers(given)
  } catch {
    throw new UnsiloError(
      'CONFIG_INVALID',
      'a request header, most likely a credential, is not one line of plain text',
      {
        hint: 'Look at the value behind the source’s auth settings: no line breaks, no letters outside ASCII.',
      },
    )
  }
}

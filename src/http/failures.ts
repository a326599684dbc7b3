/** What is thrown when a request can't be answered, in words that hold no query, header or body. */
import { UnsiloError } from '../core/errors.ts'
import { type Call, nameOf } from './call.ts'

/** A try that brought no answer. */
export interface Failure {
  /** e.g. `no answer within 30 s`, `ECONNREFUSED`. */
  readonly reason: string
  readonly cause: unknown
  /** What came instead of JSON, if it did: for the caller to judge where it keeps coming. */
  readonly instead?: Response
}

export function finalError(
  call: Call,
  outcome: Response | Failure,
  { tries, limited }: { readonly tries: number; readonly limited: boolean },
): UnsiloError {
  const often = tries === 1 ? '' : ` (${tries} tries)`
  if (!(outcome instanceof Response)) {
    return new UnsiloError('SOURCE_UNAVAILABLE', `${nameOf(call)} failed${often}: ${outcome.reason}`, {
      hint: 'Check the network and the address, or try again later.',
      cause: outcome.cause,
    })
  }
  const code = limited ? 'RATE_LIMITED' : 'SOURCE_UNAVAILABLE'
  return new UnsiloError(code, `${nameOf(call)} answered ${outcome.status}${often}`, {
    hint: 'Try again later.',
    status: outcome.status,
  })
}

/** @param until milliseconds since 1970 */
export function waitTooLong(call: Call, outcome: Response | Failure, until: number): UnsiloError {
  const status = outcome instanceof Response ? outcome.status : 0
  const code = status === 429 ? 'RATE_LIMITED' : 'SOURCE_UNAVAILABLE'
  return new UnsiloError(code, `${nameOf(call)} answered ${status} and asks to wait until ${isoTime(until)}`, {
    hint: 'Run again after that time.',
    status,
  })
}

export function tooLarge(call: Call, maxBytes: number): UnsiloError {
  return new UnsiloError('ANSWER_INVALID', `${nameOf(call)} answered with more than ${maxBytes} bytes`)
}

/** A short reason from what `fetch` threw: its code or our own timeout's words, since other messages may hold a URL. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof DOMException && thrown.name === 'TimeoutError') return thrown.message
  const cause = rootCause(thrown)
  const code = cause instanceof Error && 'code' in cause ? cause.code : null
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'no connection in time'
  const [, refused] = cause instanceof Error ? (/^Proxy .*?\((\d{3})\)/.exec(cause.message) ?? []) : []
  if (refused !== undefined) return `the proxy answered ${refused}`
  return typeof code === 'string' ? `network error ${code}` : 'network error'
}

function rootCause(thrown: unknown): unknown {
  let cause = thrown
  for (let depth = 0; depth < 5 && cause instanceof Error && cause.cause !== undefined; depth += 1) cause = cause.cause
  return cause
}

function isoTime(ms: number): string {
  const date = new Date(ms)
  return Number.isNaN(date.getTime()) ? 'an unknown time' : date.toISOString()
}

/** One try: sent under timeouts, its body read to the end under a size cap. */
import { UnsiloError } from '../core/errors.ts'
import { LONGEST_TEXT } from '../core/limits.ts'
import { throwIfAborted, until } from './abort.ts'
import type { Call } from './call.ts'
import { type Failure, reasonOf, tooLarge } from './failures.ts'
import { cutLongTexts } from './long-texts.ts'
import { isWholeJson } from './whole-json.ts'

/** Milliseconds. How long a connection may take to be made is the network's: `network.ts`. */
export interface Timeouts {
  /** Until the headers of an answer. */
  readonly headers: number
  /** Between two parts of its body. */
  readonly idle: number
  /** Until its end. */
  readonly total: number
}

export interface SendPolicy {
  readonly fetch: typeof fetch
  readonly signal: AbortSignal
  readonly timeouts: Timeouts
  readonly maxBytes: number
}

const NO_BODY = [204, 205, 304]

/** Of an answer's long texts more than the cap may come, to be cut: so many times the cap in all. */
const MOST_CUT = 64

/** Describes the bytes on the wire, which the buffered body no longer is. */
const WIRE_HEADERS = ['content-encoding', 'content-length', 'transfer-encoding']

/** An answer of any status, read whole, or why there is none. Throws only on an abort and on a body over the cap. */
export async function sendOnce(call: Call, policy: SendPolicy): Promise<Response | Failure> {
  throwIfAborted(policy.signal, call.signal)
  const attempt = new AbortController()
  try {
    return await until(exchange(call, policy, attempt), policy.signal, call.signal)
  } finally {
    attempt.abort()
  }
}

async function exchange(call: Call, policy: SendPolicy, attempt: AbortController): Promise<Response | Failure> {
  const clock = startClock(policy.timeouts)
  const { url, method, headers, body } = call
  try {
    const sent = policy.fetch(url, { method, headers, body, redirect: 'manual', signal: attempt.signal })
    const response = await Promise.race([sent, clock.rang])
    clock.partCame()
    const partCame = (size: number) => {
      clock.partCame()
      call.meter.received(size)
    }
    const bytes = await Promise.race([readBody(response, policy.maxBytes, partCame), clock.rang])
    if (bytes !== null) return checked(call, buffered(response, bytes), bytes)
  } catch (cause) {
    // Ours are thrown below the network (by a replayed recording, say) and mean what they say.
    if (cause instanceof UnsiloError) throw cause
    return { reason: reasonOf(cause), cause }
  } finally {
    clock.stop()
  }
  throw tooLarge(call, policy.maxBytes)
}

/** `rang` rejects when a timeout passes: raced, so that a `fetch` which ignores its signal can't hang the run. */
function startClock({ headers, idle, total }: Timeouts) {
  const { promise: rang, reject } = Promise.withResolvers<never>()
  rang.catch(() => {})
  const ring = (what: string, ms: number) =>
    reject(new DOMException(`no ${what} within ${ms / 1000} s`, 'TimeoutError'))
  let next = setTimeout(ring, headers, 'answer', headers)
  const last = setTimeout(ring, total, 'complete answer', total)
  return {
    rang,
    /** The headers, or a part of the body. */
    partCame: () => {
      clearTimeout(next)
      next = setTimeout(ring, idle, 'more of an answer', idle)
    },
    stop: () => {
      clearTimeout(next)
      clearTimeout(last)
    },
  }
}

/** Null once more than `maxBytes` are kept, or many times that came. */
async function readBody(
  response: Response,
  maxBytes: number,
  partCame: (bytes: number) => void,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const keep = isJson(response) ? cutLongTexts(LONGEST_TEXT) : (part: Uint8Array) => [part]
  const parts: Uint8Array[] = []
  let came = 0
  let size = 0
  for await (const part of response.body ?? []) {
    partCame(part.byteLength)
    came += part.byteLength
    for (const kept of keep(part)) {
      size += kept.byteLength
      parts.push(kept)
    }
    if (size > maxBytes || came > maxBytes * MOST_CUT) return null
  }
  return joined(parts, size)
}

function isJson({ headers }: Response): boolean {
  return /\bjson\b/i.test(headers.get('content-type') ?? '')
}

/**
 * A page or half an answer where JSON was asked for, which a gateway may send once and not again. Clients say so in their
 * Accept header.
 */
function checked({ method, headers }: Call, response: Response, bytes: Uint8Array): Response | Failure {
  const isDue = response.ok && method !== 'HEAD' && !NO_BODY.includes(response.status)
  if (!isDue || headers.get('accept') !== 'application/json' || isWholeJson(bytes)) return response
  return { reason: 'an answer that is no JSON', cause: undefined, instead: response }
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
}

function buffered(response: Response, bytes: Uint8Array<ArrayBuffer>): Response {
  const headers = new Headers(response.headers)
  for (const name of WIRE_HEADERS) headers.delete(name)
  const body = NO_BODY.includes(response.status) ? null : bytes
  return new Response(body, { status: response.status, statusText: response.statusText, headers })
}

/** One try: sent under two timeouts, its body read to the end under a size cap. */
import { UnsiloError } from '../core/errors.ts'
import { LONGEST_TEXT } from '../core/limits.ts'
import { throwIfAborted, until } from './abort.ts'
import type { Call } from './call.ts'
import { type Failure, reasonOf, tooLarge } from './failures.ts'
import { cutLongTexts } from './long-texts.ts'

export interface Timeouts {
  readonly headers: number
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
const MOST_CUT = 8

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
    clock.headersCame()
    const bytes = await Promise.race([readBody(response, policy.maxBytes), clock.rang])
    if (bytes !== null) {
      call.meter.received(bytes.byteLength)
      return buffered(response, bytes)
    }
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
function startClock({ headers, total }: Timeouts) {
  const { promise: rang, reject } = Promise.withResolvers<never>()
  const ring = (what: string, ms: number) =>
    reject(new DOMException(`no ${what} within ${ms / 1000} s`, 'TimeoutError'))
  const first = setTimeout(ring, headers, 'answer', headers)
  const last = setTimeout(ring, total, 'complete answer', total)
  return {
    rang,
    headersCame: () => clearTimeout(first),
    stop: () => {
      clearTimeout(first)
      clearTimeout(last)
    },
  }
}

/** Null once more than `maxBytes` are kept, or many times that came. */
async function readBody(response: Response, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const keep = isJson(response) ? cutLongTexts(LONGEST_TEXT) : (part: Uint8Array) => [part]
  const parts: Uint8Array[] = []
  let came = 0
  let size = 0
  for await (const part of response.body ?? []) {
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

/**
 * The one way to the network: a `fetch` with limits per host and account, retries, bounded waits, timeouts, safe redirects
 * and a size cap. Answers arrive whole: reading the returned Response's body can't fail.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { until } from './abort.ts'
import { type Call, readCall } from './call.ts'
import { type Failure, finalError, waitTooLong } from './failures.ts'
import { type Lane, openLanes } from './lane.ts'
import { askedWait } from './limit-headers.ts'
import { openNetwork } from './network.ts'
import { type Limit, publishedLimits } from './published-limits.ts'
import { followRedirects } from './redirect.ts'
import { backoff, isRateLimit, isTemporary, limitBackoff, MAX_WAIT_MS } from './retry.ts'
import { sendOnce, type Timeouts } from './send.ts'

export interface FetchOptions {
  readonly signal: AbortSignal
  /** A connection of its own, without a proxy, unless told. */
  readonly fetch?: typeof fetch
  readonly sleep?: (ms: number) => Promise<void>
  /** In [0, 1). */
  readonly random?: () => number
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Milliseconds of a clock that never goes back. */
  readonly elapsed?: () => number
  /** Requests at a time to one host for one account; 8 unless told. */
  readonly concurrency?: number
  /** What the service of an address publishes. */
  readonly limits?: (url: URL) => readonly Limit[]
  readonly onWait?: (wait: { host: string; ms: number; reason: string }) => void
  /** 30 s until the headers, 30 s between parts and 120 s for the whole unless told. */
  readonly timeouts?: Partial<Timeouts>
  /** Of one answer's decoded body, without what is cut off of long texts; 32 MB unless told. */
  readonly maxBytes?: number
  /** Of one request, the first included; 6 unless told. */
  readonly tries?: number
}

/** A login page that keeps coming is one, and its reader should not wait long to hear so. */
const TRIES_FOR_JSON = 3

/**
 * GET and HEAD (and what `safeToRepeat` and `twiceIsOnce` mark) are tried again after network errors, rate limits, 408
 * and 5xx, and where something else than JSON came; everything else after rate limits alone. What stays bad throws RATE_LIMITED or SOURCE_UNAVAILABLE; an abort throws INTERRUPTED;
 * every other answer, 401, 403 and 404 included, is returned, since only the caller knows what it means.
 */
export function createFetch(options: FetchOptions): typeof fetch {
  const policy = completed(options)
  const laneOf = openLanes(policy)
  return async (input, init) => {
    const call = await readCall(input, init)
    return laneOf(call).limit(() => withRetries(call, laneOf, policy))
  }
}

type Policy = Required<FetchOptions> & { readonly timeouts: Timeouts }

function completed({ timeouts, ...options }: FetchOptions): Policy {
  return {
    fetch: openNetwork(),
    sleep: (ms) => delay(ms, undefined, { signal: options.signal }),
    random: Math.random,
    now: Date.now,
    elapsed: () => performance.now(),
    concurrency: 8,
    limits: publishedLimits,
    onWait: () => {},
    timeouts: { headers: 30_000, idle: 30_000, total: 120_000, ...timeouts },
    maxBytes: 32 * 1024 * 1024,
    tries: 6,
    ...options,
  }
}

async function withRetries(call: Call, laneOf: (call: Call) => Lane, policy: Policy): Promise<Response> {
  let insteadOfJson = 0
  for (let tried = 1; ; tried += 1) {
    const outcome = await followRedirects(call, (hop) => sendInTurn(hop, laneOf(hop), policy, tried))
    const limited = outcome instanceof Response && (await isRateLimit(outcome))
    if (outcome instanceof Response && !limited && !isTemporary(outcome.status)) return outcome
    const instead = outcome instanceof Response ? undefined : outcome.instead
    if (instead !== undefined) insteadOfJson += 1
    // Who met a limit was not heard: nothing was done that a second time could double.
    const mayRepeat = call.repeatable || limited
    if (tried >= policy.tries || !mayRepeat || insteadOfJson >= TRIES_FOR_JSON) {
      if (instead !== undefined) return instead
      throw finalError(call, outcome, { tries: tried, limited })
    }
    await waitToRepeat(call, laneOf(call), policy, { outcome, limited, tried })
  }
}

async function sendInTurn(call: Call, lane: Lane, policy: Policy, tried: number): Promise<Response | Failure> {
  await turn(call, lane, policy)
  call.meter.sent(tried > 1)
  const startedAt = policy.elapsed()
  let answer: Response | null = null
  try {
    const outcome = await sendOnce(call, policy)
    if (outcome instanceof Response) answer = outcome
    return outcome
  } finally {
    lane.end(call, answer, startedAt)
  }
}

/** Time that was slept counts as passed, whatever the clock says. */
async function turn(call: Call, lane: Lane, policy: Policy): Promise<void> {
  let at = policy.elapsed()
  for (let ms = lane.start(call, at); ms > 0; ms = lane.start(call, at)) {
    if (ms === Number.POSITIVE_INFINITY) await until(lane.ended(), policy.signal, call.signal)
    else {
      if (lane.announce(at + ms)) policy.onWait({ host: call.url.host, ms, reason: 'rate limit' })
      await wait(call, policy, ms)
      at += ms
    }
    at = Math.max(at, policy.elapsed())
  }
}

interface Try {
  readonly outcome: Response | Failure
  readonly limited: boolean
  /** Tries so far. */
  readonly tried: number
}

async function waitToRepeat(call: Call, lane: Lane, policy: Policy, { outcome, limited, tried }: Try): Promise<void> {
  const asked = outcome instanceof Response ? askedWait(outcome, policy.now()) : null
  if (asked !== null && asked > MAX_WAIT_MS) throw waitTooLong(call, outcome, policy.now() + asked)
  const unasked = limited && asked === null ? limitBackoff : backoff
  const ms = Math.round((asked ?? 0) + unasked(asked === null ? tried : 1, policy.random()))
  policy.onWait({ host: call.url.host, ms, reason: outcome instanceof Response ? `${outcome.status}` : outcome.reason })
  if (limited) lane.pause(policy.elapsed() + ms)
  else await wait(call, policy, ms)
}

async function wait(call: Call, policy: Policy, ms: number): Promise<void> {
  call.meter.waited(ms)
  await until(policy.sleep(ms), policy.signal, call.signal)
}

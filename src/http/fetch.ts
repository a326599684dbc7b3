/**
 * The one way to the network: a `fetch` with a concurrency cap per host, retries, bounded waits, timeouts, safe redirects
 * and a size cap. Answers arrive whole: reading the returned Response's body can't fail.
 */
import { setTimeout as delay } from 'node:timers/promises'
import pLimit, { type LimitFunction } from 'p-limit'
import { until } from './abort.ts'
import { type Call, readCall } from './call.ts'
import { type Failure, finalError, waitTooLong } from './failures.ts'
import { followRedirects } from './redirect.ts'
import { askedWait, backoff, isRateLimit, isTemporary, limitBackoff, MAX_WAIT_MS } from './retry.ts'
import { sendOnce, type Timeouts } from './send.ts'

export interface FetchOptions {
  readonly signal: AbortSignal
  readonly fetch?: typeof fetch
  readonly sleep?: (ms: number) => Promise<void>
  /** In [0, 1). */
  readonly random?: () => number
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Requests at a time to one host; 8 unless told. */
  readonly concurrency?: number
  readonly onWait?: (wait: { host: string; ms: number; reason: string }) => void
  /** Milliseconds until the headers and until the whole body; 30 s and 120 s unless told. */
  readonly timeouts?: Timeouts
  /** Of one answer's decoded body, without what is cut off of long texts; 32 MB unless told. */
  readonly maxBytes?: number
  /** Of one request, the first included; 5 unless told. */
  readonly tries?: number
}

interface Host {
  readonly limit: LimitFunction
  /** No request starts before this moment: one 429 speaks for the whole host. */
  pausedUntil: number
}

/**
 * GET and HEAD (and what `safeToRepeat` marks) are tried again after network errors, rate limits, 408 and 5xx. What stays bad
 * throws RATE_LIMITED or SOURCE_UNAVAILABLE; an abort throws INTERRUPTED; every other answer, 401, 403 and 404 included,
 * is returned, since only the caller knows what it means.
 */
export function createFetch(options: FetchOptions): typeof fetch {
  const policy = completed(options)
  const hosts = new Map<string, Host>()
  return async (input, init) => {
    const call = await readCall(input, init)
    const host = hostOf(hosts, call, policy)
    return host.limit(() => withRetries(call, host, policy))
  }
}

type Policy = Required<FetchOptions>

function completed(options: FetchOptions): Policy {
  return {
    fetch: globalThis.fetch,
    sleep: (ms) => delay(ms, undefined, { signal: options.signal }),
    random: Math.random,
    now: Date.now,
    concurrency: 8,
    onWait: () => {},
    timeouts: { headers: 30_000, total: 120_000 },
    maxBytes: 32 * 1024 * 1024,
    tries: 5,
    ...options,
  }
}

function hostOf(hosts: Map<string, Host>, call: Call, policy: Policy): Host {
  const known = hosts.get(call.url.host)
  if (known !== undefined) return known
  const host = { limit: pLimit(policy.concurrency), pausedUntil: 0 }
  hosts.set(call.url.host, host)
  return host
}

async function withRetries(call: Call, host: Host, policy: Policy): Promise<Response> {
  for (let tried = 1; ; tried += 1) {
    await waitForHost(call, host, policy)
    const outcome = await followRedirects(call, (hop) => {
      call.meter.sent(tried > 1)
      return sendOnce(hop, policy)
    })
    const limited = outcome instanceof Response && (await isRateLimit(outcome))
    if (outcome instanceof Response && !limited && !isTemporary(outcome.status)) return outcome
    if (tried >= policy.tries || !call.repeatable) throw finalError(call, outcome, { tries: tried, limited })
    await waitToRepeat(call, host, policy, { outcome, limited, tried })
  }
}

async function waitForHost(call: Call, host: Host, policy: Policy): Promise<void> {
  const ms = host.pausedUntil - policy.now()
  if (ms > 0) await wait(call, policy, ms)
}

interface Try {
  readonly outcome: Response | Failure
  readonly limited: boolean
  /** Tries so far. */
  readonly tried: number
}

async function waitToRepeat(call: Call, host: Host, policy: Policy, { outcome, limited, tried }: Try): Promise<void> {
  const asked = outcome instanceof Response ? askedWait(outcome, policy.now()) : null
  if (asked !== null && asked > MAX_WAIT_MS) throw waitTooLong(call, outcome, policy.now() + asked)
  const unasked = limited && asked === null ? limitBackoff : backoff
  const ms = Math.round((asked ?? 0) + unasked(asked === null ? tried : 1, policy.random()))
  policy.onWait({ host: call.url.host, ms, reason: outcome instanceof Response ? `${outcome.status}` : outcome.reason })
  if (limited) host.pausedUntil = Math.max(host.pausedUntil, policy.now() + ms)
  await wait(call, policy, ms)
}

async function wait(call: Call, policy: Policy, ms: number): Promise<void> {
  call.meter.waited(ms)
  await until(policy.sleep(ms), policy.signal, call.signal)
}

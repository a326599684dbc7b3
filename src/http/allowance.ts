/**
 * What a service says is left of its limit, others' use of it included. Binds until more comes, and no longer than a
 * minute. Requests of which nothing is known are taken for counted wherever that leaves least.
 */
import type { Left } from './limit-headers.ts'
import { MAX_WAIT_MS } from './retry.ts'

/** Answers tell the same reset a little earlier or later. */
const SAME_RESET_MS = 1_500

export interface Allowance {
  /** As `Window.waitFor`. */
  waitFor(now: number): number
  start(): void
  /**
   * @param said by the answer; null where there is none, or says nothing
   * @param tookMs since the start, of which the answer's way back is a part
   */
  end(now: number, said: Left | null, tookMs: number): void
}

interface Known {
  readonly left: number
  /** More has come by then, and at the earliest `unsureMs` before. */
  readonly until: number
  readonly unsureMs: number
  /** How much comes then. */
  readonly refill: number
  /** Milliseconds from then on until more comes again; a minute where that isn't known. */
  readonly period: number
  /** When an answer last said so; null: none did since more came. */
  readonly saidAt: number | null
}

interface Ended {
  readonly at: number
  readonly isTold: boolean
}

const UNTOLD: Known = {
  left: Number.POSITIVE_INFINITY,
  until: Number.POSITIVE_INFINITY,
  unsureMs: 0,
  refill: 0,
  period: 0,
  saidAt: null,
}

export function openAllowance(): Allowance {
  let running = 0
  let known = UNTOLD
  let renewedAt = Number.NEGATIVE_INFINITY
  /** Requests that may have been counted behind the answer that is known, or behind the reset that it tells. */
  let ended: Ended[] = []
  /** More has come. How much is left of it is for the next answer to say. */
  const renew = (now: number) => {
    if (known.until > now) return
    const { until, unsureMs, refill, period, saidAt } = known
    const aroundReset = ended.filter(({ at }) => at >= until - unsureMs).length
    // Where no answer said since the last time that more had come, one more request asks.
    const most = saidAt === null ? 1 : refill
    const missed = Math.floor((now - until) / period)
    known = {
      ...known,
      left: Math.max(0, Math.min(most, refill - aroundReset)),
      until: until + (missed + 1) * period,
      saidAt: null,
    }
    renewedAt = now
    ended = []
  }
  const endUntold = (now: number) => {
    known = { ...known, left: Math.max(0, known.left - 1) }
    // Of a service that never says, they would be kept for ever.
    if (Number.isFinite(known.until)) ended.push({ at: now, isTold: false })
  }
  const endTold = (now: number, said: Left, startedAt: number) => {
    const forMs = Math.min(MAX_WAIT_MS, said.forMs)
    const until = now + forMs
    const meanwhile = ended.filter(({ at }) => at > startedAt)
    if (known.saidAt !== null && (startedAt < known.saidAt || until <= known.until + SAME_RESET_MS)) {
      const untold = meanwhile.filter(({ isTold }) => !isTold).length
      known = { ...known, left: Math.max(0, Math.min(known.left, said.requests - untold)), saidAt: now }
      const isSameReset = said.tellsWhen && Math.abs(until - known.until) <= SAME_RESET_MS
      if (!isSameReset) ended.push({ at: now, isTold: true })
      return
    }
    ended = meanwhile
    known = {
      ...{ left: Math.max(0, said.requests - meanwhile.length), saidAt: now },
      refill: said.forMs > MAX_WAIT_MS ? 1 : said.refill,
      ...{ until, unsureMs: said.unsureMs + now - startedAt },
      period: said.tellsWhen ? MAX_WAIT_MS : forMs,
    }
  }
  return {
    waitFor(now) {
      renew(now)
      if (running < known.left) return 0
      return running === 0 ? known.until - now : Number.POSITIVE_INFINITY
    },
    start() {
      running += 1
    },
    end(now, said, tookMs) {
      running -= 1
      renew(now)
      const startedAt = now - tookMs
      // What was asked before the reset may be answered from before it.
      if (said === null || startedAt < renewedAt) endUntold(now)
      else endTold(now, said, startedAt)
    },
  }
}

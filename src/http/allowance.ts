/** What a service says is left of its limit, others' use of it included. Binds until more comes, and no longer than a minute. */
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

const UNTOLD = {
  left: Number.POSITIVE_INFINITY,
  until: Number.POSITIVE_INFINITY,
  refill: 0,
  period: 0,
  unsureMs: 0,
  isSaid: false,
}

export function openAllowance(): Allowance {
  let running = 0
  let known = UNTOLD
  let aroundReset = 0
  let renewedAt = Number.NEGATIVE_INFINITY
  /** When requests ended, since then, that said nothing of what they left. */
  let untoldEnds: number[] = []
  /** More has come. How much is left of it is for the next answer to say. */
  const renew = (now: number) => {
    if (known.until > now) return
    const { refill, period } = known
    known = { ...known, left: Math.max(1, refill - aroundReset), until: now + period, isSaid: false }
    aroundReset = 0
    renewedAt = now
    untoldEnds = []
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
      // It may have been counted behind the reset already.
      if (known.until - now <= known.unsureMs) aroundReset += 1
      // What was asked before the reset may be answered from before it.
      if (said === null || now - tookMs < renewedAt) {
        known = { ...known, left: Math.max(0, known.left - 1) }
        // Of a service that never says, they would be kept for ever.
        if (Number.isFinite(known.until)) untoldEnds.push(now)
        return
      }
      const { refill } = said
      // Those that ended meanwhile may have been counted behind this one.
      const requests = Math.max(0, said.requests - untoldEnds.filter((at) => at > now - tookMs).length)
      const forMs = Math.min(MAX_WAIT_MS, said.forMs)
      const isSame = known.isSaid && now + forMs <= known.until + SAME_RESET_MS
      const left = isSame ? Math.min(known.left, requests) : requests
      // How long the service counts for is seen from the longest time that was left.
      const period = Math.max(known.period, forMs)
      const [until, unsureMs] = isSame ? [known.until, known.unsureMs] : [now + forMs, said.unsureMs + tookMs]
      known = { left, refill, period, until, unsureMs, isSaid: true }
    },
  }
}

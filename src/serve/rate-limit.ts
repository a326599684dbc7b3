/** How often one asker may ask: so many a minute, all at once or spread over it (the generic cell rate algorithm). */

export interface RateLimit {
  /** 0: go on. Else the seconds after which there is room again, and nothing is taken. @param requests 1 unless told */
  take(asker: string, requests?: number): number
}

/** Askers remembered; beyond that those who asked least lately are taken for new. */
const MOST_ASKERS = 50_000
const MINUTE_MS = 60_000

export function rateLimit(perMinute: number, now: () => number): RateLimit {
  const interval = MINUTE_MS / perMinute
  /** When all that was taken will have been given back. In the order of last use. */
  const filledAt = new Map<string, number>()
  return {
    take(asker, requests = 1) {
      const time = now()
      const next = Math.max(filledAt.get(asker) ?? 0, time) + interval * requests
      const wait = next - time - MINUTE_MS
      if (wait > 0) return Math.ceil(wait / 1000)
      filledAt.delete(asker)
      filledAt.set(asker, next)
      const [oldest] = filledAt.keys()
      if (filledAt.size > MOST_ASKERS && oldest !== undefined) filledAt.delete(oldest)
      return 0
    },
  }
}

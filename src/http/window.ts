/**
 * A bucket of tokens that come back one window after they were used. A request takes one from its start until a window
 * after its end: wherever between the two the service counts it, and however it lays its own windows, it never counts
 * more than the limit. A bucket that fills steadily would either start empty or allow twice the limit in its first window.
 */
import type { Limit } from './published-limits.ts'

export interface Window {
  /** Milliseconds until one more request may start; Infinity: not before one that runs has ended. */
  waitFor(now: number): number
  start(): void
  end(now: number): void
  /** The limit as the service's answer has it. */
  correct(requests: number): void
}

/** Times are in milliseconds of a clock that never goes back. */
export function openWindow({ requests, perMs }: Limit): Window {
  let allowed = requests
  let running = 0
  const ends: number[] = []
  return {
    waitFor(now) {
      while (ends[0] !== undefined && ends[0] <= now - perMs) ends.shift()
      const tooMany = running + ends.length - allowed + 1
      if (tooMany <= 0) return 0
      const free = ends[tooMany - 1]
      return free === undefined ? Number.POSITIVE_INFINITY : free + perMs - now
    },
    start() {
      running += 1
    },
    end(now) {
      running -= 1
      ends.push(now)
    },
    correct(limit) {
      allowed = limit
    },
  }
}

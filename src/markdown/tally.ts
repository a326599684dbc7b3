/** Counts what a conversion could not keep, by name. */

import type { Losses } from '../core/document.ts'

export interface Tally {
  add(name: string, count?: number): void
  /** The counts so far, in name order. */
  losses(): Losses
}

/** Starts from the losses that an earlier step (a connector's renderer) counted. */
export function createTally(initial: Losses = {}): Tally {
  const counts = new Map<string, number>(Object.entries(initial))
  return {
    add(name, count = 1) {
      if (count > 0) counts.set(name, (counts.get(name) ?? 0) + count)
    },
    losses() {
      return Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1)))
    },
  }
}

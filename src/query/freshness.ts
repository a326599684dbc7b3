/** A lift for what changed lately, off unless asked for: most answers do not get better by being new. */

export interface Freshness {
  /** After so many days half of the lift is left, after twice as many a quarter. */
  readonly halfLifeDays: number
  /** Milliseconds since the epoch. */
  readonly now: number
}

/** Of its score, at most: what answers clearly better stays before what is newer. */
export const MOST_LIFT = 0.2

const DAY = 86_400_000

/** From 0 to `MOST_LIFT`; a time to come is now, and one that is not known long ago. */
export function liftOf(updated: number | null, { halfLifeDays, now }: Freshness): number {
  return updated === null ? 0 : MOST_LIFT * 2 ** (-(Math.max(0, now - updated) / DAY) / halfLifeDays)
}

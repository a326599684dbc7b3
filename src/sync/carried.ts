/**
 * What runs that were cut have done of one long listing: each of them alone may be usual where all of them together are
 * not. Kept in the record of each such run, for the next one.
 */
import type { Carried } from '../core/ledger.ts'
import type { Store } from '../core/store.ts'
import type { Allowance } from './guard.ts'
import type { Plan } from './plan.ts'
import type { Tally } from './tally.ts'

export const NOTHING_CARRIED: Carried = { removed: 0, widened: 0 }

/** What the next run of a source is counted with. */
export async function carriedInto(store: Pick<Store, 'runs'>, source: string): Promise<Carried> {
  const [last] = await store.runs(source, 1)
  return last?.carried ?? NOTHING_CARRIED
}

export interface Carrying {
  readonly carried: Carried
  readonly allowed: Allowance
  readonly plan: Plan | null
  readonly tally: Tally
  readonly error: unknown
}

/**
 * Null where the next run begins to count anew: all that there was to hear was heard, and counted, at once. What a person
 * has allowed was counted by that person.
 */
export function carriedOn({ carried, allowed, plan, tally, error }: Carrying): Carried | null {
  if (error === null || plan?.seesAll === true) return null
  const { removed } = tally.counts()
  const sums = {
    removed: allowed.deletes > 0 && removed > 0 ? 0 : carried.removed + removed,
    widened: allowed.wider > 0 && tally.widened() > 0 ? 0 : carried.widened + tally.widened(),
  }
  return sums.removed + sums.widened === 0 ? null : sums
}

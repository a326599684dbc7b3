/** Whether a listing that says it is everything can be everything. */
import { UnsiloError } from '../core/errors.ts'
import type { Survey } from './survey.ts'

export interface DoubtOptions {
  readonly source: string
  /** A complete listing of nothing is believed only when this many removals were allowed. */
  readonly allowDeletes: number
}

/** Why a listing that ended well is still not believed, if so. */
export function doubt(
  options: DoubtOptions,
  { receipt, skipped }: Survey,
  passOpen: boolean,
  seen: number,
  stored: number,
): UnsiloError | null {
  if (receipt === null) return null
  if (!passOpen) {
    return new UnsiloError(
      'LISTING_INCOMPLETE',
      `${options.source}: the connector says that it listed everything, but never began a pass over everything.`,
      { hint: 'Nothing was removed. This is a mistake in the connector; please report it.' },
    )
  }
  if (receipt.counted !== undefined && receipt.counted > receipt.seen) {
    return new UnsiloError(
      'LISTING_INCOMPLETE',
      `${options.source}: the source counts ${receipt.counted} documents but listed ${receipt.seen}.`,
      { hint: 'Nothing was removed. The next run lists again.' },
    )
  }
  if (seen + skipped.size === 0 && stored > 0 && options.allowDeletes < stored) {
    return new UnsiloError(
      'LISTING_INCOMPLETE',
      `${options.source}: the source listed no document at all, while the index holds ${stored}.`,
      {
        hint: `Nothing was removed. If the source really is empty now: unsilo sync ${options.source} --allow-deletes ${stored}`,
      },
    )
  }
  return null
}

/** What a run has done so far, counted as it is stored. */
import type { Failure, RunCounts } from '../core/types.ts'
import { type Decision, type Load, type Rebuild, removes } from './decision.ts'
import type { Plan } from './plan.ts'

export interface Tally {
  readonly failed: readonly Failure[]
  /** The cursor may not move past any of them. */
  readonly failedSegments: ReadonlySet<number>
  planned(plan: Plan): void
  /** Removed, or its head refreshed. */
  applied(decision: Decision): void
  /** Left readable for fewer people, and else as they were. */
  narrowed(documents: number): void
  made(decision: Load | Rebuild): void
  missed(decision: Load | Rebuild, failure: Failure): void
  counts(): RunCounts
}

export function newTally(): Tally {
  const counts = { listed: 0, added: 0, changed: 0, refreshed: 0, removed: 0, unchanged: 0, skipped: 0 }
  const failed: Failure[] = []
  const failedSegments = new Set<number>()
  return {
    failed,
    failedSegments,
    planned({ listed, unchanged, skipped }) {
      Object.assign(counts, { listed, unchanged, skipped: skipped.length })
    },
    applied(decision) {
      if (removes(decision)) counts.removed++
      else if (decision.do === 'refresh') counts.refreshed++
    },
    narrowed(documents) {
      counts.refreshed += documents
    },
    made(decision) {
      if (decision.do === 'rebuild') counts.refreshed++
      else if (decision.previous === null) counts.added++
      else counts.changed++
    },
    missed({ segment }, failure) {
      failed.push(failure)
      failedSegments.add(segment)
    },
    counts: () => ({ ...counts, failed: failed.length }),
  }
}

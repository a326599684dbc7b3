/** What a run has done so far, counted as it is stored. */
import type { Failure, RunCounts } from '../core/ledger.ts'
import { type Decision, type Load, narrowedHead, type Rebuild, removes, widens } from './decision.ts'
import type { Plan } from './plan.ts'

export interface Tally {
  readonly failed: readonly Failure[]
  /** The cursor may not move past any of them. */
  readonly failedSegments: ReadonlySet<number>
  /** Nor past these, where the run was cut: nothing was done about them yet. */
  openSegments(): ReadonlySet<number>
  openCount(): number
  planned(plan: Plan): void
  /** Removed, its head refreshed, or left as it is. */
  applied(decision: Decision): void
  /** Left readable for fewer people, and else as they were. */
  narrowed(documents: number): void
  made(decision: Load | Rebuild): void
  missed(decision: Load | Rebuild, failure: Failure): void
  counts(): RunCounts
  /** Documents that more people can read now. */
  widened(): number
}

export function newTally(): Tally {
  const counts = { listed: 0, added: 0, changed: 0, refreshed: 0, removed: 0, unchanged: 0, skipped: 0 }
  const failed: Failure[] = []
  let widened = 0
  const failedSegments = new Set<number>()
  /** Decisions that nothing was done about yet, by segment. */
  const open = new Map<number, number>()
  const done = ({ segment }: Decision) => void open.set(segment, (open.get(segment) ?? 0) - 1)
  return {
    failed,
    failedSegments,
    openSegments: () => new Set([...open].flatMap(([segment, count]) => (count > 0 ? [segment] : []))),
    openCount: () => [...open.values()].reduce((sum, count) => sum + count, 0),
    planned({ decisions, listed, unchanged, skipped }) {
      for (const [segment, count] of decisions.segments()) open.set(segment, count)
      Object.assign(counts, { listed, unchanged, skipped: skipped.length })
    },
    applied(decision) {
      if (decision.do !== 'load' && decision.do !== 'rebuild') done(decision)
      if (decision.do === 'refresh' && widens(decision)) widened++
      if (removes(decision)) counts.removed++
      else if (decision.do === 'refresh') counts.refreshed++
      else if (decision.do === 'leave') counts[narrowedHead(decision) === null ? 'unchanged' : 'refreshed']++
    },
    narrowed(documents) {
      counts.refreshed += documents
    },
    made(decision) {
      done(decision)
      if (widens(decision)) widened++
      if (decision.do === 'rebuild') counts.refreshed++
      else if (decision.previous === null) counts.added++
      else counts.changed++
    },
    missed(decision, failure) {
      done(decision)
      failed.push(failure)
      failedSegments.add(decision.segment)
    },
    counts: () => ({ ...counts, failed: failed.length }),
    widened: () => widened,
  }
}

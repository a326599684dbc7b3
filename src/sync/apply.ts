/** What a plan asks for, done: in an order in which at no time anybody reads what they may not. */
import { setImmediate } from 'node:timers/promises'
import type { Failure, Head } from '../core/types.ts'
import { emptyBatch, NO_STATE, slices } from './batches.ts'
import { type Decision, narrowedHead } from './decision.ts'
import { type HeadsToCome, resolveIncludes } from './includes.ts'
import { pause } from './interrupt.ts'
import { type LoadOptions, loadAll, rebuildAll, redactBare } from './load.ts'
import { bareTexts, type Plan } from './plan.ts'
import type { Tally } from './tally.ts'

export interface ApplyOptions extends Omit<LoadOptions, 'onLoaded'> {
  readonly onLoading: (done: number, total: number) => void
}

/**
 * Removals, fresh heads and narrowed access first, and all of them even if the run is to stop: they take a moment, and
 * what should not be readable must not stay so. Before they are stored, texts that hold what is going leave the documents
 * that include it, so that at no time anybody reads there what they may not read at its own place.
 */
export async function applyPlan(options: ApplyOptions, plan: Plan, tally: Tally): Promise<void> {
  const decisions = [...plan.decisions.values()]
  if (plan.abandonsPass && decisions.length > 0) await abandonPass(options)
  await applyHeads(options, decisions, freshHead)
  for (const decision of decisions) tally.applied(decision)
  const rebuilds = decisions.filter((decision) => decision.do === 'rebuild')
  const loads = decisions.filter((decision) => decision.do === 'load')
  const loading = loadOptions(options, rebuilds.length + loads.length)
  await redactBare(loading, plan.bare)
  await rebuildAll(loading, rebuilds, tally)
  await loadAll(loading, loads, tally)
  await resolveIncludes({ ...options, coming: new Map(), pause: () => pause(options) })
}

/**
 * Of a plan that a guard stopped, what keeps people from reading: the access of documents that are still there becomes
 * narrower where the source says so, and texts lose the personal data that they are to lose. Nothing else.
 */
export async function applyNarrowing(options: ApplyOptions, plan: Plan, tally: Tally): Promise<void> {
  const narrowed = [...plan.decisions.values()].filter((decision) => narrowedHead(decision) !== null)
  await applyHeads(options, narrowed, narrowedHead)
  tally.narrowed(narrowed.length)
  await redactBare(loadOptions(options, 0), bareTexts(plan))
}

/** A run that continued it would take what this one stores for gone: it is in no listing that the cut pass had seen. */
async function abandonPass({ source, store }: ApplyOptions): Promise<void> {
  await store.apply({ ...emptyBatch(source), state: NO_STATE })
}

type HeadOf = (decision: Decision) => Head | null

async function applyHeads(options: ApplyOptions, decisions: readonly Decision[], headOf: HeadOf): Promise<void> {
  await resolveIncludes({ ...options, coming: headsToCome(decisions, headOf), pause: () => setImmediate() })
  for (const slice of slices(decisions)) {
    await setImmediate()
    const remove = slice.flatMap((decision) => (decision.do === 'remove' ? [decision.id] : []))
    const refresh = slice.flatMap((decision) => headOf(decision) ?? [])
    if (remove.length + refresh.length === 0) continue
    await options.store.apply({ ...emptyBatch(options.source), remove, refresh, failed: slice.flatMap(stillFailing) })
  }
}

function headsToCome(decisions: readonly Decision[], headOf: HeadOf): HeadsToCome {
  return new Map(
    decisions.flatMap((decision): [string, Head | null][] => {
      if (decision.do === 'remove') return [[decision.id, null]]
      const head = headOf(decision)
      return head === null ? [] : [[head.id, head]]
    }),
  )
}

function freshHead(decision: Decision): Head | null {
  return decision.do === 'refresh' ? decision.head : narrowedHead(decision)
}

/** Other readers of its old text say nothing of whether the new one can be read. */
function stillFailing(decision: Decision): readonly Failure[] {
  if (decision.do === 'remove' || decision.do === 'refresh' || decision.failure === null) return []
  return narrowedHead(decision) === null ? [] : [decision.failure]
}

function loadOptions(options: ApplyOptions, total: number): LoadOptions {
  let done = 0
  return {
    ...options,
    onLoaded: (documents) => {
      done += documents
      options.onLoading(done, total)
    },
  }
}

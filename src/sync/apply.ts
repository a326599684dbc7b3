/** What a plan asks for, done: in an order in which at no time anybody reads what they may not. */

import { setImmediate } from 'node:timers/promises'
import type { Head } from '../core/document.ts'
import type { Failure } from '../core/ledger.ts'
import { emptyBatch } from '../core/store.ts'
import { NO_STATE, slices } from './batches.ts'
import { type Decision, narrowedHead } from './decision.ts'
import { type Decisions, ofKind } from './decisions.ts'
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
  const { decisions } = plan
  if (plan.abandonsPass && decisions.size > 0) await abandonPass(options)
  await applyHeads(options, () => decisions.known(), freshHead)
  for (const decision of decisions.known()) tally.applied(decision)
  const loading = loadOptions(options, toMake(decisions))
  await redactBare(loading, plan.bare)
  await rebuildAll(loading, ofKind(decisions.known(), 'rebuild'), tally)
  await loadAll(loading, ofKind(decisions.values(), 'load'), tally)
  await resolveIncludes({ ...options, coming: new Map(), pause: () => pause(options) })
}

/**
 * Of a plan that a guard stopped, what keeps people from reading: the access of documents that are still there becomes
 * narrower where the source says so, and texts lose the personal data that they are to lose. Nothing else.
 */
export async function applyNarrowing(options: ApplyOptions, plan: Plan, tally: Tally): Promise<void> {
  const narrowed = [...plan.decisions.known()].filter((decision) => narrowedHead(decision) !== null)
  await applyHeads(options, () => narrowed, narrowedHead)
  tally.narrowed(narrowed.length)
  await redactBare(loadOptions(options, 0), bareTexts(plan))
}

/** A run that continued it would take what this one stores for gone: it is in no listing that the cut pass had seen. */
async function abandonPass({ source, store }: ApplyOptions): Promise<void> {
  await store.apply({ ...emptyBatch(source), state: NO_STATE })
}

type HeadOf = (decision: Decision) => Head | null

async function applyHeads(options: ApplyOptions, decisions: () => Iterable<Decision>, headOf: HeadOf): Promise<void> {
  await resolveIncludes({ ...options, coming: headsToCome(decisions(), headOf), pause: () => setImmediate() })
  for (const slice of slices(decisions())) {
    await setImmediate()
    const remove = slice.flatMap((decision) => (decision.do === 'remove' ? [decision.id] : []))
    const refresh = slice.flatMap((decision) => headOf(decision) ?? [])
    if (remove.length + refresh.length === 0) continue
    await options.store.apply({ ...emptyBatch(options.source), remove, refresh, failed: slice.flatMap(stillFailing) })
  }
}

function headsToCome(decisions: Iterable<Decision>, headOf: HeadOf): HeadsToCome {
  const coming = new Map<string, Head | null>()
  for (const decision of decisions) {
    const head = headOf(decision)
    if (decision.do === 'remove') coming.set(decision.id, null)
    else if (head !== null) coming.set(head.id, head)
  }
  return coming
}

function freshHead(decision: Decision): Head | null {
  return decision.do === 'refresh' ? decision.head : narrowedHead(decision)
}

/** Other readers of its old text say nothing of whether the new one can be read. */
function stillFailing(decision: Decision): readonly Failure[] {
  if (decision.do === 'remove' || decision.do === 'refresh' || decision.failure === null) return []
  return narrowedHead(decision) === null ? [] : [decision.failure]
}

/** How many documents are made anew. All that is new is loaded. */
function toMake(decisions: Decisions): number {
  let kept = 0
  for (const decision of decisions.known()) {
    if (decision.do !== 'load' && decision.do !== 'rebuild') kept += 1
  }
  return decisions.size - kept
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

/**
 * One source, once: plan, guard, apply. The rules of the loop (README, "What unsilo promises") are kept in this folder
 * and nowhere else: a connector says what is true, a driver stores what it is told.
 */

import type { AccessPolicy } from '../core/access.ts'
import type { Connector, RedactPolicy } from '../core/connector.ts'
import type { UnsiloError } from '../core/errors.ts'
import type { Failure, RunRecord, Traffic } from '../core/ledger.ts'
import type { Approvals } from '../core/review.ts'
import type { Store } from '../core/store.ts'
import { type ApplyOptions, applyNarrowing, applyPlan } from './apply.ts'
import { carriedInto, NOTHING_CARRIED } from './carried.ts'
import { finish, inFull, runRecord } from './ending.ts'
import { type Allowance, guard } from './guard.ts'
import { createStop, type Stop, stopped } from './interrupt.ts'
import { type Plan, planSource } from './plan.ts'
import { recipeOf } from './prepare.ts'
import { policyOf, redactError } from './redacting.ts'
import { newTally } from './tally.ts'

export interface SyncOptions {
  readonly source: string
  readonly connector: Connector
  readonly config: unknown
  readonly access: AccessPolicy
  /** Absent: what the connector asks for. */
  readonly redact?: RedactPolicy
  /** Absent: nobody has approved anything. */
  readonly approvals?: Approvals
  readonly store: Store
  readonly fetch: typeof fetch
  /** What went through `fetch` so far, for the run's record. */
  readonly traffic?: () => Traffic
  readonly signal: AbortSignal
  readonly now: () => number
  readonly runId: string
  /** From the beginning, whatever the stored cursor says. */
  readonly full: boolean
  /** Plan and guard only: nothing is written, no body is loaded. */
  readonly dryRun: boolean
  readonly allowed: Allowance
  readonly onProgress?: (progress: Progress) => void
  /** Milliseconds since 1970. Past it the run ends in good order: OUT_OF_TIME. */
  readonly deadline?: number
}

export type Progress =
  | { readonly stage: 'listing'; readonly listed: number }
  | { readonly stage: 'loading'; readonly done: number; readonly total: number }

export interface SyncReport {
  readonly run: RunRecord
  /** Null when planning itself failed. */
  readonly plan: Plan | null
  readonly failed: readonly Failure[]
  /** What ended the run, if it did not end well. Documents that failed alone are in `failed`. */
  readonly error: UnsiloError | null
}

type RunOptions = SyncOptions & Required<Pick<SyncOptions, 'redact' | 'approvals'>> & { readonly stop: Stop }

export async function syncSource(asked: SyncOptions): Promise<SyncReport> {
  const stop = createStop(asked)
  const redact = policyOf(asked.redact, asked.connector)
  try {
    return await syncUntil({ ...asked, redact, approvals: asked.approvals ?? new Map(), stop })
  } finally {
    stop.end()
  }
}

async function syncUntil(options: RunOptions): Promise<SyncReport> {
  const startedAt = iso(options)
  const tally = newTally()
  let plan: Plan | null = null
  let error: UnsiloError | null = null
  let carried = NOTHING_CARRIED
  try {
    carried = await carriedInto(options.store, options.source)
    plan = await planSource(planOptions(options))
    tally.planned(plan)
    error = guard(plan, options.allowed, options.dryRun, carried)
    if (!options.dryRun) await (error === null ? applyPlan : applyNarrowing)(applyOptions(options), plan, tally)
    error ??= plan.failure
  } catch (thrown) {
    const { source, stop, redact } = options
    error = stop.signal.aborted ? stopped(source, stop.signal) : redactError(thrown, redact)
  }
  const ended = {
    ...options,
    startedAt,
    endedAt: iso(options),
    plan,
    tally,
    carried,
    error: inFull(options.source, error, plan, tally),
  }
  const run = runRecord(ended)
  const failure = options.dryRun ? null : await finish(ended, run)
  return { run, plan, failed: tally.failed, error: ended.error ?? failure }
}

// --- small parts ------------------------------------------------------------------------------------------------

function applyOptions(options: RunOptions): ApplyOptions {
  const { source, redact, access, approvals, store, stop, now, onProgress } = options
  const onLoading = (done: number, total: number) => onProgress?.({ stage: 'loading', done, total })
  return { source, redact, access, approvals, store, stop, now, onLoading }
}

function planOptions(options: RunOptions): Parameters<typeof planSource>[0] {
  const { source, connector, config, access, redact, approvals, now, store, full, stop } = options
  return {
    source,
    connector,
    context: { config, access, fetch: stoppableFetch(options), signal: stop.signal, now },
    stop,
    store,
    recipe: recipeOf(options),
    redact,
    approvals,
    full,
    isTimed: options.deadline !== undefined,
    allowDeletes: options.allowed.deletes,
    onListed: (listed) => options.onProgress?.({ stage: 'listing', listed }),
  }
}

/** Below a deadline no request goes on, whether its connector heeds the signal or not. */
function stoppableFetch({ fetch, deadline, stop }: RunOptions): typeof globalThis.fetch {
  if (deadline === undefined) return fetch
  return (input, init = {}) => {
    const own = init.signal ?? (input instanceof Request ? input.signal : null)
    return fetch(input, { ...init, signal: own === null ? stop.signal : AbortSignal.any([own, stop.signal]) })
  }
}

function iso(options: SyncOptions): string {
  return new Date(options.now()).toISOString()
}

/**
 * One source, once: plan, guard, apply. The rules of the loop (README, "What unsilo promises") are kept in this folder
 * and nowhere else: a connector says what is true, a driver stores what it is told.
 */
import { asUnsiloError, type UnsiloError } from '../core/errors.ts'
import { sameJson } from '../core/ids.ts'
import type {
  AccessPolicy,
  Approvals,
  Connector,
  Failure,
  RedactPolicy,
  RunRecord,
  SourceState,
  Store,
  Traffic,
} from '../core/types.ts'
import { type ApplyOptions, applyNarrowing, applyPlan } from './apply.ts'
import { emptyBatch } from './batches.ts'
import { type Allowance, guard } from './guard.ts'
import { interrupted } from './interrupt.ts'
import { type Plan, planSource } from './plan.ts'
import { recipeOf } from './prepare.ts'
import { policyOf, redactError } from './redacting.ts'
import { newTally, type Tally } from './tally.ts'

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

type RunOptions = SyncOptions & Required<Pick<SyncOptions, 'redact' | 'approvals'>>

export async function syncSource(asked: SyncOptions): Promise<SyncReport> {
  const options = { ...asked, redact: policyOf(asked.redact, asked.connector), approvals: asked.approvals ?? new Map() }
  const startedAt = iso(options)
  const tally = newTally()
  let plan: Plan | null = null
  let error: UnsiloError | null = null
  try {
    plan = await planSource(planOptions(options))
    tally.planned(plan)
    error = guard(plan, options.allowed, options.dryRun)
    if (!options.dryRun) await (error === null ? applyPlan : applyNarrowing)(applyOptions(options), plan, tally)
    error ??= plan.failure
  } catch (thrown) {
    error = options.signal.aborted ? interrupted(options.source) : redactError(thrown, options.redact)
  }
  const run = runRecord(options, startedAt, tally, plan, error)
  if (!options.dryRun) error = await finish(options, plan, tally, run, error)
  return { run, plan, failed: tally.failed, error }
}

// --- ending -----------------------------------------------------------------------------------------------------

/** The cursor and the run's record, together. */
async function finish(
  options: RunOptions,
  plan: Plan | null,
  tally: Tally,
  run: RunRecord,
  error: UnsiloError | null,
): Promise<UnsiloError | null> {
  const endedEarly = plan === null || (error !== null && error !== plan.failure)
  const state = endedEarly ? null : nextState(plan, tally)
  try {
    await options.store.apply({ ...emptyBatch(options.source), ...(state === null ? {} : { state }), run })
  } catch (thrown) {
    return error ?? asUnsiloError(thrown)
  }
  return error
}

/**
 * The last cursor with nothing failed before it; null leaves the stored one. A pass is closed only by a receipt whose
 * cursor is stored; while it is open the ids seen so far are kept with the cursor, for the run that continues it.
 */
function nextState(plan: Plan, tally: Tally): SourceState | null {
  const held = Math.min(plan.cursors.length, ...tally.failedSegments)
  const cursor = plan.cursors[held - 1]
  if (cursor === undefined) return null
  const closes = !plan.passOpen || (plan.receipt !== null && held === plan.cursors.length)
  const seen = closes ? null : [...plan.seen].sort()
  const state = { cursor, seen, policy: plan.policy }
  return plan.state !== null && sameJson(plan.state, state) ? null : state
}

function runRecord(
  options: SyncOptions,
  startedAt: string,
  tally: Tally,
  plan: Plan | null,
  error: UnsiloError | null,
): RunRecord {
  return {
    id: options.runId,
    source: options.source,
    startedAt,
    endedAt: iso(options),
    outcome: outcome(tally, error),
    counts: tally.counts(),
    ...(plan?.receipt ? { receipt: plan.receipt } : {}),
    ...(plan ? { notes: plan.notes } : {}),
    ...(error ? { error: { code: error.code, message: error.message } } : {}),
    ...(options.traffic ? { traffic: options.traffic() } : {}),
  }
}

function outcome(tally: Tally, error: UnsiloError | null): RunRecord['outcome'] {
  if (error?.code === 'INTERRUPTED') return 'interrupted'
  if (error?.code === 'GUARD_TRIPPED') return 'guarded'
  if (error !== null) return 'failed'
  return tally.failed.length > 0 ? 'partial' : 'ok'
}

// --- small parts ------------------------------------------------------------------------------------------------

function applyOptions(options: RunOptions): ApplyOptions {
  const { source, redact, access, approvals, store, signal, now, onProgress } = options
  const onLoading = (done: number, total: number) => onProgress?.({ stage: 'loading', done, total })
  return { source, redact, access, approvals, store, signal, now, onLoading }
}

function planOptions(options: RunOptions): Parameters<typeof planSource>[0] {
  const { source, connector, config, access, redact, approvals, fetch, signal, now, store, full } = options
  return {
    source,
    connector,
    context: { config, access, fetch, signal, now },
    store,
    recipe: recipeOf(options),
    redact,
    approvals,
    full,
    allowDeletes: options.allowed.deletes,
    onListed: (listed) => options.onProgress?.({ stage: 'listing', listed }),
  }
}

function iso(options: SyncOptions): string {
  return new Date(options.now()).toISOString()
}

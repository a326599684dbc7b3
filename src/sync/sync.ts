/**
 * One source, once: plan, guard, apply. The rules of the loop (README, "What unsilo promises") are kept here and in
 * plan.ts and nowhere else: a connector says what is true, a driver stores what it is told.
 */
import pLimit from 'p-limit'
import { narrower, sameAccess } from '../core/access.ts'
import { asUnsiloError, UnsiloError } from '../core/errors.ts'
import { sameJson } from '../core/ids.ts'
import type {
  AccessPolicy,
  Batch,
  Body,
  Connector,
  Failure,
  Head,
  IndexedDocument,
  RunCounts,
  RunRecord,
  SourceState,
  Store,
} from '../core/types.ts'
import { type Allowance, guard } from './guard.ts'
import { type Decision, interrupted, type Plan, planSource } from './plan.ts'
import { fromBody, fromMarkdown, RECIPE } from './prepare.ts'

export interface SyncOptions {
  readonly source: string
  readonly connector: Connector
  readonly config: unknown
  readonly access: AccessPolicy
  readonly store: Store
  readonly fetch: typeof fetch
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

/** Bodies asked for at once, and documents in a transaction. Connectors turn a slice into few bulk requests. */
const SLICE = 100
/** A slice of at least this many, all failing for want of an answer, means that the source is down. */
const SOURCE_IS_DOWN = 5

export async function syncSource(options: SyncOptions): Promise<SyncReport> {
  const startedAt = iso(options)
  const tally = newTally()
  let plan: Plan | null = null
  let error: UnsiloError | null = null
  try {
    plan = await planSource(planOptions(options))
    tally.plan(plan)
    error = guard(plan, options.allowed)
    if (error === null && !options.dryRun) await applyPlan(options, plan, tally)
    error ??= plan.failure
  } catch (thrown) {
    error = options.signal.aborted ? interrupted(options.source) : asUnsiloError(thrown)
  }
  const run = runRecord(options, startedAt, tally, plan, error)
  if (!options.dryRun) error = await finish(options, plan, tally, run, error)
  return { run, plan, failed: tally.failed, error }
}

// --- applying ---------------------------------------------------------------------------------------------------

/** Removals, fresh heads and narrowed access first, so that a run cut short leaves nothing readable that should not be. */
async function applyPlan(options: SyncOptions, plan: Plan, tally: Tally): Promise<void> {
  const decisions = [...plan.decisions.values()]
  for (const slice of slices(decisions)) {
    const remove = slice.flatMap((decision) => (decision.do === 'remove' ? [decision.id] : []))
    const refresh = slice.flatMap((decision) => freshHead(decision))
    if (remove.length + refresh.length > 0) await options.store.apply({ ...emptyBatch(options), remove, refresh })
    tally.applied(slice)
  }
  await rebuild(options, decisions)
  await loadAll(options, decisions, tally)
}

function freshHead(decision: Decision): Head[] {
  if (decision.do === 'refresh') return [decision.head]
  if (decision.do === 'remove' || decision.previous === null) return []
  const access = narrower(decision.previous.access, decision.head.access)
  return sameAccess(access, decision.previous.access) ? [] : [{ ...decision.previous, access }]
}

async function rebuild(options: SyncOptions, decisions: readonly Decision[]): Promise<void> {
  const heads = decisions.flatMap((decision) => (decision.do === 'rebuild' ? [decision.head] : []))
  for (const slice of slices(heads)) {
    throwIfInterrupted(options)
    const stored = await options.store.stored(slice.map(({ id }) => id))
    const put = slice.flatMap((head) => {
      const document = stored.get(head.id)
      return document === undefined ? [] : [fromMarkdown(options.source, head, document.markdown, document.losses)]
    })
    await options.store.apply({ ...emptyBatch(options), put })
  }
}

type Load = Extract<Decision, { do: 'load' }>
type Loaded = { readonly load: Load } & ({ readonly body: Body } | { readonly error: UnsiloError })

/** The next slice's bodies travel while this one is converted and stored. */
async function loadAll(options: SyncOptions, decisions: readonly Decision[], tally: Tally): Promise<void> {
  const loads = decisions.filter((decision) => decision.do === 'load')
  const limit = pLimit(SLICE)
  const fetchSlice = (slice: readonly Load[]): Promise<readonly Loaded[]> =>
    Promise.all(slice.map((load) => limit(() => settle(load))))
  const queue = slices(loads)
  let coming = fetchSlice(queue[0] ?? [])
  for (const [at, slice] of queue.entries()) {
    const loaded = await coming
    throwIfInterrupted(options)
    throwIfStopped(loaded)
    coming = fetchSlice(queue[at + 1] ?? [])
    await storeSlice(options, loaded, tally)
    options.onProgress?.({ stage: 'loading', done: at * SLICE + slice.length, total: loads.length })
  }
}

async function settle(load: Load): Promise<Loaded> {
  try {
    return { load, body: await load.load() }
  } catch (thrown) {
    return { load, error: asUnsiloError(thrown) }
  }
}

/** Errors that are not one document's: rejected credentials, an exhausted limit, a source that answers nothing. */
function throwIfStopped(loaded: readonly Loaded[]): void {
  const errors = loaded.flatMap((item) => ('error' in item ? [item.error] : []))
  const stop = errors.find(({ code }) => ENDS_THE_RUN.has(code))
  if (stop !== undefined) throw stop
  const [first] = errors
  if (first === undefined || errors.length < loaded.length || loaded.length < SOURCE_IS_DOWN) return
  if (errors.every(({ recovery }) => recovery === 'retry')) throw first
}

const ENDS_THE_RUN: ReadonlySet<string> = new Set(['AUTH_REJECTED', 'RATE_LIMITED', 'INTERRUPTED', 'REPLAY_MISMATCH'])

async function storeSlice(options: SyncOptions, loaded: readonly Loaded[], tally: Tally): Promise<void> {
  const put: IndexedDocument[] = []
  const failed: Failure[] = []
  for (const item of loaded) {
    const result = prepared(options, item)
    if (result instanceof UnsiloError) failed.push(failure(options, item.load, result))
    else put.push(result)
  }
  await options.store.apply({ ...emptyBatch(options), put, failed })
  tally.stored(loaded, failed)
}

function prepared(options: SyncOptions, item: Loaded): IndexedDocument | UnsiloError {
  if ('error' in item) return item.error
  try {
    return fromBody(options.source, item.load.head, item.body)
  } catch (thrown) {
    return new UnsiloError('DOCUMENT_UNREADABLE', `could not be converted: ${asUnsiloError(thrown).message}`, {
      cause: thrown,
    })
  }
}

function failure(options: SyncOptions, load: Load, error: UnsiloError): Failure {
  return { id: load.head.id, code: error.code, reason: error.message, at: iso(options) }
}

// --- ending -----------------------------------------------------------------------------------------------------

/** The cursor and the run's record, together. */
async function finish(
  options: SyncOptions,
  plan: Plan | null,
  tally: Tally,
  run: RunRecord,
  error: UnsiloError | null,
): Promise<UnsiloError | null> {
  const endedEarly = plan === null || (error !== null && error !== plan.failure)
  const state = endedEarly ? null : nextState(plan, tally)
  try {
    await options.store.apply({ ...emptyBatch(options), ...(state === null ? {} : { state }), run })
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
  const closes = !plan.passOpen || (plan.receipt !== null && held === plan.cursors.length)
  const seen = closes ? null : [...plan.seen].sort()
  if (cursor === undefined) {
    return plan.state === null || plan.state.seen === null ? null : { cursor: plan.state.cursor, seen }
  }
  const state = { cursor, seen }
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
  }
}

function outcome(tally: Tally, error: UnsiloError | null): RunRecord['outcome'] {
  if (error?.code === 'INTERRUPTED') return 'interrupted'
  if (error?.code === 'GUARD_TRIPPED') return 'guarded'
  if (error !== null) return 'failed'
  return tally.failed.length > 0 ? 'partial' : 'ok'
}

// --- counting ---------------------------------------------------------------------------------------------------

interface Tally {
  readonly failed: Failure[]
  readonly failedSegments: number[]
  plan(plan: Plan): void
  applied(decisions: readonly Decision[]): void
  stored(loaded: readonly Loaded[], failed: readonly Failure[]): void
  counts(): RunCounts
}

function newTally(): Tally {
  const counts = { listed: 0, added: 0, changed: 0, refreshed: 0, removed: 0, unchanged: 0, skipped: 0 }
  const failed: Failure[] = []
  const failedSegments: number[] = []
  return {
    failed,
    failedSegments,
    plan(plan) {
      counts.listed = plan.listed
      counts.unchanged = plan.unchanged
      counts.skipped = plan.skipped.length
    },
    applied(decisions) {
      for (const decision of decisions) {
        if (decision.do === 'remove' && decision.previous !== null) counts.removed++
        if (decision.do === 'refresh' || decision.do === 'rebuild') counts.refreshed++
      }
    },
    stored(loaded, failures) {
      const failedIds = new Set(failures.map(({ id }) => id))
      failed.push(...failures)
      for (const { load } of loaded) {
        if (failedIds.has(load.head.id)) failedSegments.push(load.segment)
        else if (load.previous === null) counts.added++
        else counts.changed++
      }
    },
    counts: () => ({ ...counts, failed: failed.length }),
  }
}

// --- small parts ------------------------------------------------------------------------------------------------

function planOptions(options: SyncOptions): Parameters<typeof planSource>[0] {
  const { source, connector, config, access, fetch, signal, now, store, full } = options
  return {
    source,
    connector,
    context: { config, access, fetch, signal, now },
    store,
    recipe: RECIPE,
    full,
    allowDeletes: options.allowed.deletes,
    onListed: (listed) => options.onProgress?.({ stage: 'listing', listed }),
  }
}

function emptyBatch(options: SyncOptions): Batch {
  return { source: options.source, put: [], refresh: [], remove: [], failed: [] }
}

function slices<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / SLICE) }, (_, at) => items.slice(at * SLICE, (at + 1) * SLICE))
}

function throwIfInterrupted(options: SyncOptions): void {
  if (options.signal.aborted) throw interrupted(options.source)
}

function iso(options: SyncOptions): string {
  return new Date(options.now()).toISOString()
}

/** `unsilo sync`: every source asked for, side by side, each reported in one line. */
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import type { Config } from '../config/load.ts'
import { UnsiloError } from '../core/errors.ts'
import { emptyBatch, type Store } from '../core/store.ts'
import type { Embedder } from '../embed/embedder.ts'
import { createFetch } from '../http/fetch.ts'
import { metered } from '../http/meter.ts'
import { readOnly } from '../http/read-only.ts'
import { openMemory } from '../indexes/memory/memory.ts'
import { openIndex } from '../indexes/registry.ts'
import { NO_STATE } from '../sync/batches.ts'
import { type DocumentDiff, diffPlan } from '../sync/diff.ts'
import { type SyncOptions as LoopOptions, type SyncReport, syncSource } from '../sync/sync.ts'
import { embedStored, showWaiting } from './embedding.ts'
import type { Io } from './io.ts'
import { leftovers } from './leftovers.ts'
import { monitored } from './monitoring.ts'
import type { SyncOptions } from './options.ts'
import { note } from './output.ts'
import { showDiffs } from './plan-diffs.ts'
import { createProgress, type ProgressDisplay } from './progress.ts'
import { findScenarios, replayStep, type Scenario } from './scenario.ts'
import { indexName, openConfig, openEmbedder, openForWriting, openOutline } from './setup.ts'
import { exitCode, showReport } from './sync-report.ts'

type TimedOptions = SyncOptions & { readonly deadline: number | undefined }

/** Whoever waits for answers out of the index meanwhile goes first. */
export async function runSync(asked: SyncOptions, io: Io): Promise<number> {
  io.stepBack()
  const options = timed(asked, io)
  return await monitored(options, io, async ({ started, ran }) => {
    const display = await createProgress(io, options)
    try {
      const done =
        options.replay === undefined
          ? await syncAll(options, io, display, started)
          : { reports: await replayAll(options, io, display), unembedded: null }
      ran.push(...done.reports.map(({ run }) => run))
      return exitCode(done.reports, options) || (done.unembedded?.exit ?? 0)
    } finally {
      display.stop()
    }
  })
}

/** Waiting for another run is part of the time. */
function timed(options: SyncOptions, io: Io): TimedOptions {
  const { maxTimeMs, lockTimeoutMs } = options
  if (maxTimeMs === undefined) return { ...options, deadline: undefined }
  const waiting = lockTimeoutMs === undefined ? undefined : Math.min(lockTimeoutMs, maxTimeMs)
  return { ...options, lockTimeoutMs: waiting, deadline: io.now() + maxTimeMs }
}

interface Done {
  readonly reports: readonly SyncReport[]
  /** Why passages are left without a vector. */
  readonly unembedded: UnsiloError | null
}

async function syncAll(options: TimedOptions, io: Io, display: ProgressDisplay, started: () => void): Promise<Done> {
  const embedder = await openEmbedder(options, io)
  const config = await openConfig(options, io, options.sources)
  const store = await openStore(config, options, io)
  started()
  const network = createFetch({ signal: io.signal, fetch: io.fetch, onWait: (wait) => display.wait(wait) })
  const fetch = options.dryRun ? readOnly(network) : network
  try {
    const done = await Promise.all(
      config.sources.map(async ({ name, connector, config: own, access, redact }): Promise<Planned> => {
        const meter = metered(display.counting(name, fetch))
        const source = { source: name, connector, access, redact, approvals: config.approvals, store }
        const loop = { ...loopOptions(options, io, display, name), ...source, config: own }
        const report = await syncSource({ ...loop, fetch: meter.fetch, traffic: meter.traffic, runId: randomUUID() })
        if (!options.dryRun) showReport(name, report, options, io, display)
        return { report, diffs: options.diff && report.plan !== null ? diffPlan(loop, report.plan) : null }
      }),
    )
    const reports = options.dryRun ? await showPlans(done, options, io, display) : done.map(({ report }) => report)
    const unembedded = embedder === null ? null : await embed(store, embedder, options, io, display)
    // After an error there is enough to read, and the index may be what it is about.
    const isWhole = options.sources.length === 0 && reports.every(({ error }) => error === null)
    if (isWhole && !options.quiet) await noteLeftovers(store, config, io, display)
    return { reports, unembedded }
  } finally {
    await store.close()
  }
}

async function embed(
  store: Store,
  embedder: Embedder,
  options: TimedOptions,
  io: Io,
  display: ProgressDisplay,
): Promise<UnsiloError | null> {
  if (!options.dryRun) return await embedStored(store, embedder, options, io, display)
  await showWaiting(store, embedder, options, io)
  return null
}

async function noteLeftovers(store: Store, { sources }: Config, io: Io, display: ProgressDisplay): Promise<void> {
  const configured = sources.map(({ name }) => name)
  const words = leftovers(await store.sources(), configured)
  if (words === null) return
  display.stop()
  note(io, words, { level: 'warn' })
}

interface Planned {
  readonly report: SyncReport
  /** Null where none were asked for. */
  readonly diffs: AsyncIterable<DocumentDiff> | null
}

/** One after the other: nothing of another is drawn between their lines any more. What is shortest to read comes last. */
async function showPlans(
  planned: readonly Planned[],
  options: SyncOptions,
  io: Io,
  display: ProgressDisplay,
): Promise<readonly SyncReport[]> {
  display.stop()
  const reports: SyncReport[] = []
  for (const { report, diffs } of planned) {
    const { source } = report.run
    const failure = diffs === null ? null : await showDiffs(source, diffs, options.json, io)
    const ended = { ...report, error: report.error ?? failure }
    showReport(source, ended, options, io, display)
    reports.push(ended)
  }
  return reports
}

/** A dry run never makes a file: without an index it plans against an empty one. */
async function openStore({ index: location, sources }: Config, options: SyncOptions, io: Io): Promise<Store> {
  const work = ['sync', ...options.sources].join(' ')
  const names = sources.map(({ name }) => name)
  if (!options.dryRun) return await openForWriting(location, work, options, io, names)
  try {
    return await openIndex(location, { mode: 'read' })
  } catch (thrown) {
    if (!(thrown instanceof UnsiloError) || thrown.code !== 'NOT_FOUND') throw thrown
    if (!options.quiet) note(io, `There is no index at ${indexName(location)} yet: planning against an empty one.`)
    return openMemory()
  }
}

// --- recordings instead of sources ------------------------------------------------------------------------------

const REPLAY_RUN = 'replay-'

/** Each scenario's story from its beginning: what an earlier replay of it left in the index goes first. */
async function replayAll(options: TimedOptions, io: Io, display: ProgressDisplay): Promise<readonly SyncReport[]> {
  const scenarios = chosen(await findScenarios(resolve(io.cwd, options.replay ?? '.')), options)
  const { index } = await openOutline(options, io)
  const store = options.dryRun ? openMemory() : await openForWriting(index, 'sync --replay', options, io)
  try {
    const reports: SyncReport[] = []
    for (const scenario of scenarios) {
      if (!options.dryRun) await forgetReplay(store, scenario, options)
      reports.push(...(await replayStory(scenario, store, options, io, display)))
    }
    return reports
  } finally {
    await store.close()
  }
}

function chosen(found: readonly Scenario[], { replay, sources }: SyncOptions): readonly Scenario[] {
  const names = found.map(({ source }) => source.name)
  const unknown = sources.find((name) => !names.includes(name))
  if (unknown !== undefined) {
    throw new UnsiloError('USAGE', `${replay} has no recording of ${unknown}.`, { hint: `It has ${names.join(', ')}.` })
  }
  return sources.length === 0 ? found : found.filter(({ source }) => sources.includes(source.name))
}

async function replayStory(
  scenario: Scenario,
  store: Store,
  options: TimedOptions,
  io: Io,
  display: ProgressDisplay,
): Promise<readonly SyncReport[]> {
  const { name } = scenario.source
  const reports: SyncReport[] = []
  for (const step of scenario.steps) {
    const loop = loopOptions(options, io, display, name)
    const { report } = await replayStep(scenario, step, store, { ...loop, runId: `${REPLAY_RUN}${randomUUID()}` })
    if (options.dryRun) display.stop()
    showReport(`${name} ${step.name}`, report, options, io, display)
    reports.push(report)
    if (report.error !== null || options.dryRun) break
  }
  return reports
}

async function forgetReplay(store: Store, scenario: Scenario, options: SyncOptions): Promise<void> {
  const { name } = scenario.source
  const remove = await store.ids(name)
  const [last] = await store.runs(name, 1)
  if (last !== undefined && !last.id.startsWith(REPLAY_RUN)) {
    throw new UnsiloError('USAGE', `${name}: the index holds this source itself; a replay would replace it.`, {
      hint: `Nothing was changed. Replay into another index: unsilo sync --replay ${options.replay} --index trial.db`,
    })
  }
  if (remove.length === 0) return
  await store.apply({ ...emptyBatch(name), remove, state: NO_STATE })
}

// --- what the loop is told --------------------------------------------------------------------------------------

function loopOptions(
  options: TimedOptions,
  io: Io,
  display: ProgressDisplay,
  source: string,
): Pick<LoopOptions, 'signal' | 'now' | 'full' | 'dryRun' | 'allowed' | 'deadline' | 'onProgress'> {
  return {
    signal: io.signal,
    now: io.now,
    full: options.full,
    dryRun: options.dryRun,
    allowed: { deletes: options.allowDeletes ?? 0, wider: options.allowWider ?? 0 },
    ...(options.deadline === undefined ? {} : { deadline: options.deadline }),
    onProgress: (progress) => display.update(source, progress),
  }
}

/** `unsilo sync`: every source asked for, side by side, each reported in one line. */
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { errorCatalogue, UnsiloError } from '../core/errors.ts'
import type { RunRecord, Store } from '../core/types.ts'
import { createFetch } from '../http/fetch.ts'
import { metered } from '../http/meter.ts'
import { readOnly } from '../http/read-only.ts'
import { openMemory } from '../indexes/memory.ts'
import { openIndex } from '../indexes/registry.ts'
import { NO_STATE } from '../sync/batches.ts'
import type { Plan } from '../sync/plan.ts'
import { type SyncOptions as LoopOptions, type SyncReport, syncSource } from '../sync/sync.ts'
import type { Io } from './io.ts'
import { monitored } from './monitoring.ts'
import type { SyncOptions } from './options.ts'
import { type About, count, counted, duration, json, note, plain, plainLine, reportError, say } from './output.ts'
import { createProgress, type ProgressDisplay } from './progress.ts'
import { COUNTED, countWords, runSeconds } from './run-words.ts'
import { findScenarios, replayStep, type Scenario } from './scenario.ts'
import { openConfig, openForWriting, openOutline } from './setup.ts'

/** The exit code: 0, or the one code that all failing sources share, else 3. A tripped guard and Ctrl-C come first. */
export async function runSync(options: SyncOptions, io: Io): Promise<number> {
  return await monitored(options, io, async (ran) => {
    const display = await createProgress(io, options)
    try {
      const reports =
        options.replay === undefined ? await syncAll(options, io, display) : await replayAll(options, io, display)
      ran.push(...reports.map(({ run }) => run))
      return exitCode(reports)
    } finally {
      display.stop()
    }
  })
}

async function syncAll(options: SyncOptions, io: Io, display: ProgressDisplay): Promise<readonly SyncReport[]> {
  const config = await openConfig(options, io, options.sources)
  const store = await openStore(config.index, options, io)
  const network = createFetch({ signal: io.signal, fetch: io.fetch, onWait: (wait) => display.wait(wait) })
  const fetch = options.dryRun ? readOnly(network) : network
  try {
    return await Promise.all(
      config.sources.map(async ({ name, connector, config: own, access, redact }) => {
        const loop = {
          ...loopOptions(options, io, display, name),
          source: name,
          connector,
          config: own,
          access,
          redact,
        }
        const meter = metered(display.counting(name, fetch))
        const carried = { store, fetch: meter.fetch, traffic: meter.traffic, runId: randomUUID() }
        const report = await syncSource({ ...loop, ...carried, approvals: config.approvals })
        show(name, report, options, io, display)
        return report
      }),
    )
  } finally {
    await store.close()
  }
}

/** A dry run never makes a file: without an index it plans against an empty one. */
async function openStore(location: string, options: SyncOptions, io: Io): Promise<Store> {
  const work = ['sync', ...options.sources].join(' ')
  if (!options.dryRun) return await openForWriting(location, work, options, io)
  try {
    return await openIndex(location, { mode: 'read' })
  } catch (thrown) {
    if (!(thrown instanceof UnsiloError) || thrown.code !== 'NOT_FOUND') throw thrown
    if (!options.quiet) note(io, `There is no index at ${location} yet: planning against an empty one.`)
    return openMemory()
  }
}

// --- recordings instead of sources ------------------------------------------------------------------------------

const REPLAY_RUN = 'replay-'

/** Each scenario's story from its beginning: what an earlier replay of it left in the index goes first. */
async function replayAll(options: SyncOptions, io: Io, display: ProgressDisplay): Promise<readonly SyncReport[]> {
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
  options: SyncOptions,
  io: Io,
  display: ProgressDisplay,
): Promise<readonly SyncReport[]> {
  const { name } = scenario.source
  const reports: SyncReport[] = []
  for (const step of scenario.steps) {
    const loop = loopOptions(options, io, display, name)
    const { report } = await replayStep(scenario, step, store, { ...loop, runId: `${REPLAY_RUN}${randomUUID()}` })
    show(`${name} ${step.name}`, report, options, io, display)
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
  await store.apply({ source: name, put: [], refresh: [], remove, failed: [], state: NO_STATE })
}

// --- saying what happened ---------------------------------------------------------------------------------------

function loopOptions(
  options: SyncOptions,
  io: Io,
  display: ProgressDisplay,
  source: string,
): Pick<LoopOptions, 'signal' | 'now' | 'full' | 'dryRun' | 'allowed' | 'onProgress'> {
  return {
    signal: io.signal,
    now: io.now,
    full: options.full,
    dryRun: options.dryRun,
    allowed: { deletes: options.allowDeletes ?? 0, wider: options.allowWider ?? 0 },
    onProgress: (progress) => display.update(source, progress),
  }
}

function show(name: string, report: SyncReport, options: SyncOptions, io: Io, display: ProgressDisplay): void {
  const { run, plan, failed, error } = report
  if (options.dryRun && plan !== null) showPlan(plan, options, io)
  if (options.json) {
    for (const failure of failed) json(io, { type: 'failure', source: run.source, ...failure })
    json(io, { type: 'run', dryRun: options.dryRun, ...run })
  }
  const summary = options.dryRun && plan !== null ? planSummary(plan) : runSummary(run)
  display.finish(name, `${name}: ${summary}`, logged(run))
  for (const { id, code, reason } of failed) {
    const about = { level: 'warn', source: run.source, code, id } as const
    note(io, `${options.quiet && !io.jsonLog ? 'error: ' : '  '}${id} failed: ${plain(reason)}`, about)
  }
  if (error !== null) reportError(io, error, options, run.source)
}

function logged(run: RunRecord): About {
  const { id, source, outcome, counts } = run
  const seconds = runSeconds(run)
  return { level: outcome === 'ok' ? 'info' : 'warn', source, run: id, outcome, seconds, counts }
}

function runSummary(run: RunRecord): string {
  const [listed, ...others] = COUNTED
  const words = countWords(run.counts, others)
  const all = `${count(run.counts[listed])} listed${words === '' ? '' : `, ${words}`}`
  return `${all} in ${duration(runSeconds(run))}${OUTCOME[run.outcome]}`
}

const OUTCOME = {
  ok: '',
  partial: ' (some documents failed; their last good version stays)',
  failed: ' (failed)',
  guarded: ' (stopped by a guard)',
  interrupted: ' (interrupted)',
} as const

function showPlan(plan: Plan, options: SyncOptions, io: Io): void {
  for (const decision of plan.decisions.values()) {
    if (decision.do === 'leave') continue
    const change = decision.do === 'load' ? (decision.previous === null ? 'add' : 'change') : decision.do
    const id = decision.do === 'remove' ? decision.id : decision.head.id
    const title = decision.do === 'remove' ? decision.previous?.title : decision.head.title
    if (options.json) {
      json(io, { type: 'change', source: plan.source, id, change, ...(title === undefined ? {} : { title }) })
    } else say(io, `${change.padEnd(7)}  ${id}  ${plainLine(title ?? '')}`)
  }
}

function planSummary(plan: Plan): string {
  const changes = counted(plan.decisions.size, 'document')
  return `${count(plan.listed)} listed, ${changes} would change (${count(plan.removals)} removed, ${count(plan.widened.length)} readable by more people). Dry run: nothing was written.`
}

/** Codes that tell the operator more than any other source's failure does. */
const FIRST = ['INTERRUPTED', 'GUARD_TRIPPED', 'DISK', 'INDEX_DAMAGED'] as const

function exitCode(reports: readonly SyncReport[]): number {
  const codes = reports.flatMap(({ error }) => (error === null ? [] : [error.code]))
  const first = FIRST.find((code) => codes.includes(code))
  if (first !== undefined) return errorCatalogue[first].exit
  const exits = new Set(codes.map((code) => errorCatalogue[code].exit))
  const partial = reports.some(({ failed }) => failed.length > 0)
  if (exits.size === 0) return partial ? errorCatalogue.PARTIAL.exit : 0
  const [only] = exits
  return exits.size === 1 && codes.length === reports.length && only !== undefined ? only : errorCatalogue.PARTIAL.exit
}

/** What a sync says of each source, and the exit code of it all. */
import { errorCatalogue } from '../core/errors.ts'
import type { RunRecord } from '../core/ledger.ts'
import { plain } from '../core/plain.ts'
import type { Plan } from '../sync/plan.ts'
import type { SyncReport } from '../sync/sync.ts'
import { PLAN_HAS_CHANGES } from './exits.ts'
import type { Io } from './io.ts'
import type { SyncOptions } from './options.ts'
import { type About, count, duration, json, note, reportError, say } from './output.ts'
import { hasChanges, planCounts, showPlan } from './plan-report.ts'
import type { ProgressDisplay } from './progress.ts'
import { COUNTED, countWords, runSeconds } from './run-words.ts'

/** @param name of the source, and of the step of a replay */
export function showReport(
  name: string,
  report: SyncReport,
  options: SyncOptions,
  io: Io,
  display: ProgressDisplay,
): void {
  const { run, plan, failed, error } = report
  if (options.dryRun && plan !== null) showPlanned(name, report, plan, options, io)
  else display.finish(name, `${name}: ${runSummary(run)}`, logged(run))
  if (options.json) {
    for (const failure of failed) json(io, { type: 'failure', source: run.source, ...failure })
    json(io, { type: 'run', dryRun: options.dryRun, ...run })
  }
  for (const { id, code, reason } of failed) {
    const about = { level: 'warn', source: run.source, code, id } as const
    note(io, `${options.quiet && !io.jsonLog ? 'error: ' : '  '}${id} failed: ${plain(reason)}`, about)
  }
  if (error !== null) reportError(io, error, options, run.source)
}

/** The plan is what was asked for: its count line is data, too. */
function showPlanned(name: string, { error }: SyncReport, plan: Plan, options: SyncOptions, io: Io): void {
  showPlan(plan, options.json, io)
  if (options.json) return
  const stop = error?.code === 'GUARD_TRIPPED' ? ' A guard would stop it.' : ''
  say(io, `${name}: ${planCounts(plan)}.${stop} Only a plan: nothing was written.`)
}

function logged(run: RunRecord): About {
  const { id, source, outcome, counts } = run
  return { level: outcome === 'ok' ? 'info' : 'warn', source, run: id, outcome, seconds: runSeconds(run), counts }
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
  failed: ' (failed; what it had stays)',
  guarded: ' (stopped by a guard)',
  interrupted: ' (interrupted)',
} as const

/** Codes that tell the operator more than any other source's failure does. */
const FIRST = ['INTERRUPTED', 'GUARD_TRIPPED', 'DISK', 'INDEX_DAMAGED'] as const

/** 0, or the one code that all sources share, else 3. A tripped guard and Ctrl-C come first. */
export function exitCode(reports: readonly SyncReport[], options: SyncOptions): number {
  const codes = reports.flatMap(({ error }) => (error === null ? [] : [error.code]))
  const first = FIRST.find((code) => codes.includes(code))
  if (first !== undefined) return errorCatalogue[first].exit
  if (codes.length > 0) return sharedExit(codes, reports.length)
  if (reports.some(({ failed }) => failed.length > 0)) return errorCatalogue.PARTIAL.exit
  if (!options.exitCode) return 0
  return reports.some(({ plan }) => plan !== null && hasChanges(plan)) ? PLAN_HAS_CHANGES : 0
}

/** Time that ran out is told also where other sources were done by then. */
function sharedExit(codes: readonly (keyof typeof errorCatalogue)[], sources: number): number {
  if (codes.every((code) => code === 'OUT_OF_TIME')) return errorCatalogue.OUT_OF_TIME.exit
  const [only, ...others] = new Set(codes.map((code) => errorCatalogue[code].exit))
  const isShared = others.length === 0 && codes.length === sources
  return isShared && only !== undefined ? only : errorCatalogue.PARTIAL.exit
}

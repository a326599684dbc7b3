/** What a sync tells those who watch it: heartbeats while it runs, and figures for Prometheus when it ended, however. */
import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { diskError } from '../core/disk.ts'
import { asUnsiloError, errorCatalogue, UnsiloError } from '../core/errors.ts'
import type { RunRecord } from '../core/ledger.ts'
import { exitMeaning } from './exits.ts'
import { createHeartbeat, type Heartbeat } from './heartbeat.ts'
import type { Io } from './io.ts'
import { type SourceFigures, writeMetrics } from './metrics.ts'
import type { SyncOptions } from './options.ts'
import { reportError } from './output.ts'
import { openForReading, openHeartbeatUrl, openOutline } from './setup.ts'
import { isGood, sourceState } from './source-state.ts'

/** What the work tells of itself on its way. */
export interface Watch {
  /** It has the index, and begins. */
  started(): void
  /** Where to note its runs: those of a full disk are in no index. */
  readonly ran: RunRecord[]
}

/**
 * Does the work and returns its exit code, or throws what it threw. Where the figures could not be written, a code of 0
 * becomes 6: whoever reads them would be told of an older run.
 */
export async function monitored(
  options: SyncOptions,
  io: Io,
  work: (watch: Watch) => Promise<number>,
): Promise<number> {
  refuseTrials(options)
  const startedAt = io.now()
  const ran: RunRecord[] = []
  const heartbeat = await settled(openHeartbeat(options, io))
  const started = (): void => ('value' in heartbeat ? heartbeat.value?.started() : undefined)
  const ended = 'thrown' in heartbeat ? heartbeat : await settled(work({ started, ran }))
  const exit = 'thrown' in ended ? exitOf(ended.thrown, io) : ended.value
  const isWritten = await tellFigures(options, io, { exit, startedAt, ran })
  const code = isWritten || exit !== 0 ? exit : errorCatalogue.DISK.exit
  if ('value' in heartbeat) await heartbeat.value?.ended(code, exitMeaning(code))
  if ('thrown' in ended) throw ended.thrown
  return code
}

type Settled<T> = { readonly value: T } | { readonly thrown: unknown }

async function settled<T>(work: Promise<T>): Promise<Settled<T>> {
  return await work.then(
    (value) => ({ value }),
    (thrown: unknown) => ({ thrown }),
  )
}

/** An alarm that a trial had silenced would stay silent when the nightly run fails. */
function refuseTrials({ dryRun, replay, heartbeatUrl, metricsFile }: SyncOptions): void {
  if (!dryRun && replay === undefined) return
  if (heartbeatUrl === undefined && metricsFile === undefined) return
  throw new UnsiloError('USAGE', `${dryRun ? 'A dry run' : 'A replay'} brings no source up to date.`, {
    hint: 'Leave --heartbeat-url and --metrics-file to runs that do.',
  })
}

/** The configuration's is told of whole runs: of one of its sources a person may try again by day what the night could not. */
async function openHeartbeat(options: SyncOptions, io: Io): Promise<Heartbeat | null> {
  if (options.dryRun || options.replay !== undefined) return null
  const url = options.heartbeatUrl ?? (options.sources.length === 0 ? await openHeartbeatUrl(options, io) : null)
  return url === null ? null : createHeartbeat(url, randomUUID(), io)
}

function exitOf(thrown: unknown, io: Io): number {
  return io.signal.aborted ? errorCatalogue.INTERRUPTED.exit : diskError(thrown).exit
}

interface Ended {
  readonly exit: number
  readonly startedAt: number
  readonly ran: readonly RunRecord[]
}

/** False when they could not be written, which is said. */
async function tellFigures(options: SyncOptions, io: Io, { exit, startedAt, ran }: Ended): Promise<boolean> {
  if (options.metricsFile === undefined) return true
  try {
    const sources = await readFigures(options, io, ran)
    await writeMetrics(resolve(io.cwd, options.metricsFile), { exit, startedAt, endedAt: io.now(), sources })
    return true
  } catch (thrown) {
    reportError(io, asUnsiloError(thrown), options)
    return false
  }
}

/** Null where there is no index that can be read: what earlier runs wrote then stays. */
async function readFigures(
  options: SyncOptions,
  io: Io,
  ran: readonly RunRecord[],
): Promise<readonly SourceFigures[] | null> {
  const outline = await openOutline(options, io).catch(() => null)
  const store = outline === null ? null : await openForReading(outline.index).catch(() => null)
  if (outline === null || store === null) return null
  try {
    const configured = outline.sources.map(({ name }) => name)
    const names = [...new Set([...configured, ...(await store.sources())])].sort()
    return await Promise.all(names.map(async (name) => withRun(name, await sourceState(store, name), ran)))
  } catch {
    return null
  } finally {
    await store.close()
  }
}

function withRun(
  source: string,
  state: Awaited<ReturnType<typeof sourceState>>,
  ran: readonly RunRecord[],
): SourceFigures {
  const { documents, chunks, quarantined, ignored } = state
  const lastRun = ran.findLast((run) => run.source === source) ?? state.lastRun
  const lastGood = lastRun !== null && isGood(lastRun) ? lastRun : state.lastGood
  return { source, documents, chunks, quarantined, ignored, lastRun, lastSuccess: lastGood?.endedAt ?? null }
}

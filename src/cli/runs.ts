/** `unsilo runs`: what the index remembers of runs, newest first, or all of one. */

import type { Receipt } from '../core/connector.ts'
import { UnsiloError } from '../core/errors.ts'
import type { RunRecord, Traffic } from '../core/ledger.ts'
import { plainLine } from '../core/plain.ts'
import type { Store } from '../core/store.ts'
import type { Io } from './io.ts'
import type { RunsOptions, RunsShowOptions } from './options.ts'
import { bytes, count, counted, duration, json, note, say, styled, table } from './output.ts'
import { COUNTED, changesOf, runSeconds } from './run-words.ts'
import { knownSources, openForReading, openOutline } from './setup.ts'

export async function runRuns(options: RunsOptions, io: Io): Promise<number> {
  const outline = await openOutline(options, io)
  const store = await openForReading(outline.index)
  try {
    await knownSources(options.sources, store, outline)
    const runs = await recentRuns(store, options.sources, options.limit)
    if (options.json) for (const run of runs) json(io, { type: 'run', dryRun: false, ...run })
    else if (runs.length > 0) say(io, runsTable(runs, io))
    else if (!options.quiet) note(io, 'No run is remembered yet: `unsilo sync` makes the first.')
  } finally {
    await store.close()
  }
  return 0
}

export async function runRunsShow(options: RunsShowOptions, io: Io): Promise<number> {
  const { index } = await openOutline(options, io)
  const store = await openForReading(index)
  try {
    const run = await findRun(store, options.id)
    if (options.json) json(io, { type: 'run', dryRun: false, ...run })
    else say(io, runFacts(run, io))
  } finally {
    await store.close()
  }
  return 0
}

/** More than any index remembers of a source. */
const ALL = 1_000_000

async function recentRuns(store: Store, sources: readonly string[], limit: number): Promise<readonly RunRecord[]> {
  const names = sources.length === 0 ? await store.sources() : [...new Set(sources)]
  const runs = (await Promise.all(names.map((name) => store.runs(name, limit)))).flat()
  return runs.sort((one, other) => (one.endedAt < other.endedAt ? 1 : -1)).slice(0, limit)
}

async function findRun(store: Store, prefix: string): Promise<RunRecord> {
  const runs = await recentRuns(store, [], ALL)
  const found = runs.filter(({ id }) => id.startsWith(prefix))
  const exact = found.find(({ id }) => id === prefix)
  const [first, ...others] = exact === undefined ? found : [exact]
  if (first !== undefined && others.length === 0) return first
  const asked = JSON.stringify(prefix)
  if (first === undefined) {
    throw new UnsiloError('NOT_FOUND', `No run has an id that begins with ${asked}.`, {
      hint: '`unsilo runs` prints the ids.',
    })
  }
  throw new UnsiloError('USAGE', `${counted(found.length, 'run')} have ids that begin with ${asked}.`, {
    hint: `Give more of it: ${found
      .slice(0, 5)
      .map(({ id }) => id)
      .join(', ')}`,
  })
}

// --- for people -------------------------------------------------------------------------------------------------

const ID_LENGTH = 8

function runsTable(runs: readonly RunRecord[], io: Io): string {
  const head = ['RUN', 'SOURCE', 'ENDED (UTC)', 'OUTCOME', 'TOOK', 'REQUESTS', 'WHAT CHANGED']
  const rows = runs.map((run) => [
    run.id.replace(/^replay-/, '').slice(0, ID_LENGTH),
    plainLine(run.source),
    run.endedAt.slice(0, 16).replace('T', ' '),
    run.outcome,
    duration(runSeconds(run)),
    run.traffic === undefined ? '-' : count(run.traffic.requests),
    changesOf(run) || 'nothing',
  ])
  return table([head, ...rows], (cell, row, column) => {
    const outcome = column === OUTCOME_COLUMN ? runs[row - 1]?.outcome : undefined
    return outcome === undefined ? cell : styled(io, COLORS[outcome], cell)
  })
}

const OUTCOME_COLUMN = 3
const COLORS = { ok: 'green', partial: 'yellow', failed: 'red', guarded: 'red', interrupted: 'yellow' } as const

function runFacts(run: RunRecord, io: Io): string {
  const { id, source, outcome, startedAt, endedAt, error, receipt, traffic, failures = {}, notes = {} } = run
  const ago = duration(Math.max(0, (io.now() - Date.parse(endedAt)) / 1000))
  const facts: readonly (readonly [string, string])[] = [
    ['run', id],
    ['source', plainLine(source)],
    ['outcome', styled(io, COLORS[outcome], outcome)],
    ...(error === undefined ? [] : ([['error', `${error.code}: ${plainLine(error.message)}`]] as const)),
    ['started', startedAt],
    ['ended', `${endedAt}, ${ago} ago, after ${duration(runSeconds(run))}`],
    ...(run.from === undefined ? [] : ([['read', FROM[run.from]]] as const)),
    ['listing', receipt === undefined ? 'not known to be complete: absence meant nothing' : receiptWords(receipt)],
    ['documents', COUNTED.map((name) => `${count(run.counts[name])} ${name}`).join(', ')],
    ['requests', traffic === undefined ? 'not counted' : trafficWords(traffic)],
    ...Object.entries(failures).map(([code, number]) => ['failures', `${code} ${count(number)}`] as const),
    ...Object.entries(notes).map(([name, text]) => ['note', `${plainLine(name)}: ${plainLine(text)}`] as const),
  ]
  return facts.map(([name, text]) => `${styled(io, 'dim', name.padEnd(9))}  ${text}`).join('\n')
}

const FROM = { start: 'everything, from the beginning', cursor: 'on from where the run before had ended' } as const

function receiptWords({ pages, seen, duplicates, counted: own, ended }: Receipt): string {
  return [
    `complete: ${counted(seen, 'document')} on ${counted(pages, 'page')}`,
    ...(duplicates === 0 ? [] : [`${count(duplicates)} told twice`]),
    ...(own === undefined ? [] : [`the source counts ${count(own)}`]),
    ended === 'no-next-link' ? 'the last page named no next one' : 'the stream ended',
  ].join(', ')
}

function trafficWords({ requests, retries, waitedMs, bytes: received }: Traffic): string {
  return [
    count(requests),
    ...(retries === 0 ? [] : [`${count(retries)} of them repeated`]),
    ...(waitedMs === 0 ? [] : [`${duration(waitedMs / 1000)} waited`]),
    `${bytes(received)} received`,
  ].join(', ')
}

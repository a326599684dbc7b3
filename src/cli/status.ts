/** `unsilo status`: what the index holds and how the last runs went, one line a source. */
import type { Notes } from '../core/connector.ts'
import type { RunRecord } from '../core/ledger.ts'
import { plainLine } from '../core/plain.ts'
import type { Store } from '../core/store.ts'
import type { Io } from './io.ts'
import type { StatusLine } from './json-lines-of-runs.ts'
import type { CommonOptions } from './options.ts'
import { count, counted, duration, json, note, say, styled, table } from './output.ts'
import { indexName, openForReading, openIfThere, openOutline } from './setup.ts'
import { sourceState } from './source-state.ts'

export async function runStatus(options: CommonOptions, io: Io): Promise<number> {
  const outline = await openOutline(options, io)
  const configured = outline.sources.map(({ name }) => name)
  const store = configured.length > 0 ? await openIfThere(outline.index) : await openForReading(outline.index)
  if (store === null) {
    report(configured.sort().map(neverRun), options, io)
    if (!options.quiet) note(io, `There is no index at ${indexName(outline.index)} yet: \`unsilo sync\` makes it.`)
    return 0
  }
  try {
    const names = [...new Set([...configured, ...(await store.sources())])].sort()
    const lines = await Promise.all(names.map((name) => sourceStatus(name, configured.includes(name), store, io)))
    report(lines, options, io)
  } finally {
    await store.close()
  }
  return 0
}

async function sourceStatus(source: string, configured: boolean, store: Store, io: Io): Promise<StatusLine> {
  const { lastGood, ...state } = await sourceState(store, source)
  const ageSeconds = lastGood === null ? null : seconds(lastGood.endedAt, io)
  return { type: 'status', source, configured, ...state, ageSeconds }
}

function neverRun(source: string): StatusLine {
  const nothing = { documents: 0, chunks: 0, quarantined: 0, ignored: 0, lastRun: null, ageSeconds: null, notes: {} }
  return { type: 'status', source, configured: true, ...nothing }
}

function report(lines: readonly StatusLine[], options: CommonOptions, io: Io): void {
  if (options.json) for (const line of lines) json(io, line)
  else if (lines.length === 0 && options.quiet) return
  else if (lines.length === 0) note(io, 'The index knows no source yet: `unsilo sync` fills it.')
  else showTable(lines, io)
}

function showTable(lines: readonly StatusLine[], io: Io): void {
  const heading = ['SOURCE', 'LAST RUN', 'FRESH', 'DOCUMENTS', 'PASSAGES']
  const [first = '', ...rows] = table([heading, ...lines.map((line) => row(line, io))]).split('\n')
  say(io, styled(io, 'dim', first))
  for (const [at, line] of lines.entries()) {
    say(io, rows[at] ?? '')
    for (const remark of remarks(line, io)) say(io, `  ${remark}`)
  }
}

function row({ source, lastRun, ageSeconds, documents, chunks }: StatusLine, io: Io): (string | number)[] {
  const last = lastRun === null ? 'never' : `${lastRun.outcome}, ${duration(seconds(lastRun.endedAt, io))} ago`
  const fresh = ageSeconds === null ? '-' : `${duration(ageSeconds)} ago`
  return [plainLine(source), last, fresh, documents, chunks]
}

function remarks({ source, configured, quarantined, ignored, lastRun, notes }: StatusLine, io: Io): string[] {
  return [
    ...(configured
      ? []
      : [`not in the configuration, but still found; \`unsilo forget ${plainLine(source)}\` removes what it holds`]),
    ...(lastRun?.error === undefined ? [] : [`${lastRun.error.code}: ${plainLine(lastRun.error.message)}`]),
    ...(lastRun === null ? [] : lastCounts(lastRun)),
    ...(quarantined === 0 ? [] : [`${counted(quarantined, 'document')} could not be read; tried again by each run`]),
    ...(ignored === 0 ? [] : [`${counted(ignored, 'document')} could not be read; left alone, as was said`]),
    ...noteLines(notes, io),
  ]
}

function lastCounts({ counts }: RunRecord): string[] {
  const { added, changed, refreshed, removed } = counts
  const facts = Object.entries({ added, changed, refreshed, removed }).filter(([, number]) => number > 0)
  return facts.length === 0 ? [] : [`last run: ${facts.map(([name, number]) => `${count(number)} ${name}`).join(', ')}`]
}

const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g

/** Times are told as ages: how old the permissions are is what a person asks. */
function noteLines(notes: Notes, io: Io): string[] {
  const aged = (text: string): string => text.replaceAll(TIME, (time) => `${duration(seconds(time, io))} ago`)
  return Object.entries(notes).map(([name, text]) => `${plainLine(name)}: ${aged(plainLine(text))}`)
}

function seconds(since: string, io: Io): number {
  return Math.max(0, Math.round((io.now() - Date.parse(since)) / 1000))
}

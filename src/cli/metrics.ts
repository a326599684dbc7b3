/**
 * Figures of the sources for Prometheus, as a file that the node exporter's textfile collector reads. A run that failed
 * writes it too: what it can't know is kept as the file before said it.
 */
import { randomUUID } from 'node:crypto'
import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { systemCode } from '../core/disk.ts'
import { UnsiloError } from '../core/errors.ts'
import type { RunRecord } from '../core/ledger.ts'
import { version } from './version.ts'

export interface SourceFigures {
  readonly source: string
  /** Null when it has never run. */
  readonly lastRun: RunRecord | null
  /** ISO 8601 of the last run that read the source to its end; null when none is known. */
  readonly lastSuccess: string | null
  readonly documents: number
  readonly chunks: number
  readonly quarantined: number
  readonly ignored: number
}

export interface Figures {
  readonly exit: number
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly endedAt: number
  /** Null when the index could not be read. */
  readonly sources: readonly SourceFigures[] | null
}

/** Whoever reads the file meanwhile sees the old or the new one. Throws DISK, and leaves the old one. */
export async function writeMetrics(path: string, figures: Figures): Promise<void> {
  const previous = readSamples(await readFile(path, 'utf8').catch(() => ''))
  // The collector reads names that end with .prom.
  const temporary = `${path}.${randomUUID()}.tmp`
  try {
    await writeFile(temporary, metricsText(figures, previous), { flag: 'wx' })
    await rename(temporary, path)
  } catch (thrown) {
    await rm(temporary, { force: true })
    const code = systemCode(thrown)
    if (code === null) throw thrown
    throw new UnsiloError('DISK', `The figures can't be written to ${path}: ${code}.`, {
      hint: 'The sync itself is not touched by this. Check the folder of --metrics-file.',
      cause: thrown,
    })
  }
}

interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Metrics in the order of the file: name, and what it says. */
const HELP: readonly (readonly [name: string, help: string])[] = [
  ['unsilo_build_info', 'The version that wrote this file.'],
  ['unsilo_last_exit_code', 'How the last sync ended: the exit code.'],
  ['unsilo_last_start_timestamp_seconds', 'When the last sync started.'],
  ['unsilo_last_end_timestamp_seconds', 'When the last sync ended.'],
  ['unsilo_last_success_timestamp_seconds', 'When the source was last read to its end.'],
  ['unsilo_last_run_timestamp_seconds', 'When the last run of the source ended, however.'],
  ['unsilo_last_run_duration_seconds', 'How long the last run of the source took.'],
  ['unsilo_last_run_outcome', 'How the last run of the source ended: 1 for what holds.'],
  ['unsilo_last_run_documents', 'Documents of the last run by what became of them.'],
  ['unsilo_last_run_requests', 'Requests of the last run, retries included.'],
  ['unsilo_last_run_retries', 'Requests of the last run that repeated another.'],
  ['unsilo_last_run_waited_seconds', 'What all requests of the last run waited because the source asked for it.'],
  ['unsilo_last_run_received_bytes', 'Bodies received in the last run, decoded.'],
  ['unsilo_documents', 'Documents in the index.'],
  ['unsilo_chunks', 'Passages in the index.'],
  ['unsilo_quarantined_documents', 'Documents that failed and are tried again.'],
  ['unsilo_ignored_documents', 'Documents that failed and are left alone until they change.'],
]

/** In the text exposition format: https://prometheus.io/docs/instrumenting/exposition_formats/ */
export function metricsText(figures: Figures, previous: readonly Sample[]): string {
  const samples = [...programSamples(figures), ...sourceSamples(figures, previous)]
  const families = HELP.flatMap(([name, help]) => {
    const own = samples.filter((sample) => sample.name === name)
    return own.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...own.map(sampleLine)]
  })
  return `${families.join('\n')}\n`
}

function programSamples({ exit, startedAt, endedAt }: Figures): readonly Sample[] {
  return [
    { name: 'unsilo_build_info', labels: { version: version() }, value: 1 },
    { name: 'unsilo_last_exit_code', labels: {}, value: exit },
    { name: 'unsilo_last_start_timestamp_seconds', labels: {}, value: startedAt / 1000 },
    { name: 'unsilo_last_end_timestamp_seconds', labels: {}, value: endedAt / 1000 },
  ]
}

function sourceSamples({ sources }: Figures, previous: readonly Sample[]): readonly Sample[] {
  if (sources === null) return previous.filter(({ labels }) => labels['source'] !== undefined)
  return sources.flatMap((figures) => [...runSamples(figures), ...stateSamples(figures, previous)])
}

function stateSamples(figures: SourceFigures, previous: readonly Sample[]): readonly Sample[] {
  const { source, lastSuccess, documents, chunks, quarantined, ignored } = figures
  const labels = { source }
  const name = 'unsilo_last_success_timestamp_seconds'
  const known = [
    ...(lastSuccess === null ? [] : [seconds(lastSuccess)]),
    ...previous.flatMap((sample) => (sample.name === name && sample.labels['source'] === source ? [sample.value] : [])),
  ]
  return [
    ...(known.length === 0 ? [] : [{ name, labels, value: Math.max(...known) }]),
    { name: 'unsilo_documents', labels, value: documents },
    { name: 'unsilo_chunks', labels, value: chunks },
    { name: 'unsilo_quarantined_documents', labels, value: quarantined },
    { name: 'unsilo_ignored_documents', labels, value: ignored },
  ]
}

const OUTCOMES: readonly RunRecord['outcome'][] = ['ok', 'partial', 'failed', 'guarded', 'interrupted']

function runSamples({ source, lastRun }: SourceFigures): readonly Sample[] {
  if (lastRun === null) return []
  const { startedAt, endedAt, outcome, counts, traffic } = lastRun
  const named = (name: string, value: number, more: Sample['labels'] = {}): Sample => ({
    name: `unsilo_last_run_${name}`,
    labels: { source, ...more },
    value,
  })
  return [
    named('timestamp_seconds', seconds(endedAt)),
    named('duration_seconds', (Date.parse(endedAt) - Date.parse(startedAt)) / 1000),
    ...OUTCOMES.map((each) => named('outcome', each === outcome ? 1 : 0, { outcome: each })),
    ...Object.entries(counts).map(([change, number]) => named('documents', number, { change })),
    ...(traffic === undefined
      ? []
      : [
          named('requests', traffic.requests),
          named('retries', traffic.retries),
          named('waited_seconds', traffic.waitedMs / 1000),
          named('received_bytes', traffic.bytes),
        ]),
  ]
}

function seconds(iso: string): number {
  return Date.parse(iso) / 1000
}

function sampleLine({ name, labels, value }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}`
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

/** What an earlier file of ours says. A line that is not ours says nothing. */
export function readSamples(text: string): readonly Sample[] {
  return text.split('\n').flatMap((line) => {
    const [, name, pairs = '', value] = /^(unsilo_[a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    if (name === undefined || !Number.isFinite(Number(value))) return []
    return [{ name, labels: readLabels(pairs), value: Number(value) }]
  })
}

function readLabels(pairs: string): Sample['labels'] {
  const read = [...pairs.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)]
  return Object.fromEntries(read.map(([, label = '', text = '']) => [label, unescaped(text)]))
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(.)/g, (_, sign: string) => (sign === 'n' ? '\n' : sign))
}

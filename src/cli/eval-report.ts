/** What `unsilo eval` found out, as a table and as data. */
import type { Row } from '../query/evaluation/evaluate.ts'
import type { Io } from './io.ts'
import type { EvaluationLine } from './json-lines-of-tests.ts'
import type { EvalOptions, Floor } from './options.ts'
import { count, counted, json, note, say, table } from './output.ts'

export interface Report {
  /** The first is of all questions. */
  readonly rows: readonly Row[]
  /** Of a corpus; null where the index was asked. */
  readonly documents: number | null
  /** Milliseconds a question; null where a run was read. */
  readonly latency: { readonly p50: number; readonly p95: number } | null
  /** Whose vectors were asked beside words; null: words alone, or a run was read. */
  readonly embedder: string | null
  /** Relevant documents that are not in the index, or not for who asks. */
  readonly missing: number
}

interface Judged extends Floor {
  readonly value: number
  readonly isMet: boolean
}

/** What a mean may lose by adding up. */
const ROUNDING = 1e-9

/** 1 when a floor is missed. */
export function reportEvaluation(report: Report, options: EvalOptions, io: Io): number {
  const floors = options.floors.map((floor) => judge(floor, report))
  if (options.json) sayLines(report, floors, io)
  else sayTable(report, floors, io)
  if (report.missing > 0 && !options.quiet) {
    note(io, `${counted(report.missing, 'relevant document')} not in the index, or not readable by who asks.`)
  }
  if (!options.json && !options.quiet) note(io, summary(report, floors))
  return floors.every(({ isMet }) => isMet) ? 0 : 1
}

function judge(floor: Floor, { rows }: Report): Judged {
  const value = rows[0]?.measures.find(({ name }) => name === floor.measure)?.value ?? 0
  return { ...floor, value, isMet: value >= floor.least - ROUNDING }
}

function sayLines({ rows, latency, documents, embedder }: Report, floors: readonly Judged[], io: Io): void {
  for (const row of rows) {
    json(io, { ...evaluationLine(row), ...(row.by === 'all' && { ...(latency && { latency, embedder }), documents }) })
  }
  for (const { measure, least, value, isMet } of floors) json(io, { type: 'floor', measure, least, value, ok: isMet })
}

function evaluationLine({ by, value, questions, measures }: Row): EvaluationLine {
  const compared = measures.flatMap(({ name, comparison }) => (comparison === undefined ? [] : [[name, comparison]]))
  return {
    type: 'evaluation',
    by,
    value,
    questions,
    measures: Object.fromEntries(measures.map(({ name, value }) => [name, value])),
    ...(compared.length > 0 && { baseline: Object.fromEntries(compared) }),
  }
}

function sayTable({ rows }: Report, floors: readonly Judged[], io: Io): void {
  const heads = ['', 'questions', ...(rows[0]?.measures.map(({ name }) => name) ?? [])]
  const cells = rows.map(({ by, value, questions, measures }) => [
    by === 'all' ? 'all' : `${by} ${value}`,
    count(questions),
    ...measures.map((measure) => measure.value.toFixed(4)),
  ])
  say(io, table([heads, ...cells]))
  const compared = rows.flatMap(comparisons)
  if (compared.length > 0) say(io, `\nagainst the baseline\n${table(compared)}`)
  for (const { measure, least, value, isMet } of floors) {
    if (!isMet) say(io, `missed: ${measure} is ${value.toFixed(4)}, at least ${least} is asked for`)
  }
}

function comparisons({ by, value, measures }: Row): readonly (readonly string[])[] {
  return measures.flatMap(({ name, comparison }) => {
    if (comparison === undefined) return []
    const { difference, p, better, worse, same } = comparison
    const sign = difference < 0 ? '' : '+'
    const questions = `${better} better, ${worse} worse, ${same} the same`
    return [
      [
        by === 'all' ? 'all' : `${by} ${value}`,
        name,
        `${sign}${difference.toFixed(4)}`,
        `p ${p.toFixed(4)}`,
        questions,
      ],
    ]
  })
}

function summary({ rows, latency, documents, embedder }: Report, floors: readonly Judged[]): string {
  const [all] = rows
  const missed = floors.filter(({ isMet }) => !isMet).length
  return [
    `${counted(all?.questions ?? 0, 'question')}${documents === null ? '' : ` of ${counted(documents, 'document')}`}`,
    ...(all?.measures.slice(0, 1).map(({ name, value }) => `${name} ${value.toFixed(4)}`) ?? []),
    ...(embedder === null ? [] : ['by words and vectors']),
    ...(latency === null ? [] : [`p50 ${latency.p50.toFixed(1)} ms, p95 ${latency.p95.toFixed(1)} ms a question`]),
    ...(floors.length === 0 ? [] : [missed === 0 ? 'all floors met' : `${counted(missed, 'floor')} missed`]),
  ].join(' · ')
}

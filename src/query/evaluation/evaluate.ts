/** Asks an index the questions of an evaluation, and sums up what it answered: all of them and group by group. */

import type { Principal } from '../../core/access.ts'
import type { Index } from '../../core/store.ts'
import type { Arm } from '../arms.ts'
import { RANKING } from '../score.ts'
import { search } from '../search.ts'
import { type Judgements, type Measure, meanOf, type Run, type Scored, valuesOf } from './measures.ts'
import type { Question } from './questions.ts'
import { type Comparison, compare } from './significance.ts'

export interface AskOptions {
  readonly as: readonly Principal[]
  readonly sources?: readonly string[]
  /** Documents a question, at most 100. */
  readonly depth: number
  /** How the judgements call a document of the index. */
  readonly nameOf: (id: string) => string
  /** Retrievers beside the one by words; none where it is absent. */
  readonly armsOf?: (text: string) => Promise<readonly Arm[]>
  /** Milliseconds, of a clock that only goes on. */
  readonly clock: () => number
  /** Before each question. */
  readonly onQuestion?: () => void
}

export interface Asked {
  readonly run: Run
  /** Milliseconds, one a question. */
  readonly times: readonly number[]
}

/** Of questions: all of them, or those that have something in common. */
export interface Group {
  readonly by: 'all' | 'language' | 'source' | 'kind'
  readonly value: string
  readonly queries: ReadonlySet<string>
}

export interface Row {
  readonly by: Group['by']
  readonly value: string
  readonly questions: number
  readonly measures: readonly Measured[]
}

export interface Measured {
  readonly name: string
  readonly value: number
  /** Against the baseline, where there is one. */
  readonly comparison?: Comparison
}

/** One document answers once. A rank's score is higher than the next one's, so that any reader of the run keeps the order. */
export async function askAll(index: Index, questions: readonly Question[], options: AskOptions): Promise<Asked> {
  const { as, sources, depth, nameOf, armsOf, clock, onQuestion } = options
  const run = new Map<string, Scored[]>()
  const times: number[] = []
  for (const { id, text } of questions) {
    onQuestion?.()
    const start = clock()
    const arms = armsOf === undefined ? [] : await armsOf(text)
    const hits = await search(index, { text, as, limit: depth, ...(sources && { sources }) }, RANKING, arms)
    times.push(clock() - start)
    run.set(
      id,
      hits.map((hit, at) => ({ id: nameOf(hit.id), score: hits.length - at })),
    )
  }
  return { run, times }
}

/** `baseline` is another run of the same questions. Groups without questions are left out. */
export function rowsOf(
  groups: readonly Group[],
  measures: readonly Measure[],
  judgements: Judgements,
  run: Run,
  baseline: Run | null,
): readonly Row[] {
  const values = measures.map((measure) => ({
    name: measure.text,
    ours: valuesOf(measure, judgements, run),
    theirs: baseline && valuesOf(measure, judgements, baseline),
  }))
  return groups
    .filter(({ queries }) => queries.size > 0)
    .map(({ by, value, queries }) => ({
      by,
      value,
      questions: queries.size,
      measures: values.map(({ name, ours, theirs }) => {
        const own = picked(ours, queries)
        const comparison = theirs === null ? {} : { comparison: compare(picked(theirs, queries), own) }
        return { name, value: meanOf(own), ...comparison }
      }),
    }))
}

/** Questions by what their key says; a question may have several. */
export function groupedBy(
  by: Group['by'],
  queries: Iterable<string>,
  keysOf: (query: string) => Iterable<string>,
): readonly Group[] {
  const groups = new Map<string, Set<string>>()
  for (const query of queries) {
    for (const key of keysOf(query)) groups.set(key, (groups.get(key) ?? new Set()).add(query))
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([value, found]) => ({ by, value, queries: found }))
}

/** The nearest rank: of few values, the share's own one. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0
}

function picked(values: ReadonlyMap<string, number>, queries: ReadonlySet<string>): readonly number[] {
  return [...queries].map((query) => values.get(query) ?? 0)
}

/**
 * How good a ranking is, as trec_eval counts it (https://github.com/usnistgov/trec_eval): the score of a run decides the
 * order, as a 32-bit float, and of equal ones the greater id comes first; what nobody judged is not relevant; gains
 * of nDCG are linear. A question without results counts as 0, which trec_eval does when it is called with -c.
 */
import { UnsiloError } from '../../core/errors.ts'

/** By question, then document: above 0 is relevant. */
export type Judgements = ReadonlyMap<string, ReadonlyMap<string, number>>

/** By question: documents with their scores. */
export type Run = ReadonlyMap<string, readonly Scored[]>

export interface Scored {
  readonly id: string
  readonly score: number
}

/** `ndcg@10`, `map`: no depth is the whole ranking. */
export interface Measure {
  readonly text: string
  readonly of: (gains: readonly number[], judged: readonly number[]) => number
}

const NAMES = ['ndcg', 'mrr', 'recall', 'map', 'hit'] as const

export const USUAL_MEASURES = ['ndcg@10', 'mrr@10', 'map', 'recall@10', 'recall@100', 'hit@1', 'hit@3']

const FORMULAS: Readonly<Record<(typeof NAMES)[number], Measure['of']>> = {
  ndcg: (gains, judged) => ratio(discounted(gains), discounted(judged)),
  mrr: (gains) => reciprocal(gains.findIndex(isRelevant) + 1),
  recall: (gains, judged) => ratio(gains.filter(isRelevant).length, judged.filter(isRelevant).length),
  map: (gains, judged) => ratio(precisions(gains), judged.filter(isRelevant).length),
  hit: (gains) => (gains.some(isRelevant) ? 1 : 0),
}

/** `ndcg`, `mrr`, `recall`, `map` or `hit`, with `@` and a depth or without. */
export function measureOf(text: string): Measure {
  const [, name, depth] = /^([a-z]+)(?:@([1-9]\d{0,5}))?$/.exec(text.trim().toLowerCase()) ?? []
  const known = NAMES.find((known) => known === name)
  if (known === undefined) throw unknownMeasure(text)
  const most = depth === undefined ? Number.POSITIVE_INFINITY : Number(depth)
  const formula = FORMULAS[known]
  return {
    text: depth === undefined ? known : `${known}@${most}`,
    of: (gains, judged) => formula(gains.slice(0, most), known === 'ndcg' ? bestOf(judged, most) : judged),
  }
}

/** A measure's value for each judged question, in the order of the judgements. */
export function valuesOf(measure: Measure, judgements: Judgements, run: Run): ReadonlyMap<string, number> {
  const values = new Map<string, number>()
  for (const [query, judged] of judgements) {
    const gains = inOrder(run.get(query) ?? []).map(({ id }) => judged.get(id) ?? 0)
    values.set(query, measure.of(gains, [...judged.values()]))
  }
  return values
}

export function meanOf(values: Iterable<number>): number {
  const all = [...values]
  return all.length === 0 ? 0 : all.reduce((sum, value) => sum + value, 0) / all.length
}

/** Best first, as trec_eval takes them. */
export function inOrder(scored: readonly Scored[]): readonly Scored[] {
  return scored.toSorted((a, b) => Math.fround(b.score) - Math.fround(a.score) || byBytes(b.id, a.id))
}

/** As UTF-8, whose order is not that of JavaScript's strings. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b))
}

function discounted(gains: readonly number[]): number {
  return gains.reduce((sum, gain, at) => (gain > 0 ? sum + gain / Math.log2(at + 2) : sum), 0)
}

function bestOf(judged: readonly number[], most: number): readonly number[] {
  return judged.toSorted((a, b) => b - a).slice(0, most)
}

function precisions(gains: readonly number[]): number {
  let found = 0
  let sum = 0
  for (const [at, gain] of gains.entries()) if (isRelevant(gain)) sum += ++found / (at + 1)
  return sum
}

function reciprocal(rank: number): number {
  return rank === 0 ? 0 : 1 / rank
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole
}

function isRelevant(gain: number): boolean {
  return gain > 0
}

function unknownMeasure(text: string): UnsiloError {
  return new UnsiloError('USAGE', `There is no measure called ${JSON.stringify(text)}.`, {
    hint: `Known: ${NAMES.join(', ')}, each with @ and a depth or without, as in ndcg@10.`,
  })
}

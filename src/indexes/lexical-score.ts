/**
 * What drivers rank chunks by, before the query reads their texts: of each word, how often a chunk holds it and whether its
 * title or headings do, by the weight that was asked with. Nothing but the chunk has a part in that: how rare a word is in
 * the whole index, or how long its chunks are, would let hidden documents choose among those that may be read.
 */
import { FIELD_WEIGHTS } from '../core/store.ts'

/** Of one group in one chunk. */
export interface Occurrences {
  /** In any field; where every group must match, in how many fields: that is read in less time. */
  readonly count: number
  readonly inTitle: boolean
  readonly inHeadings: boolean
}

/** As BM25 has it: the second occurrence says less than the first (https://en.wikipedia.org/wiki/Okapi_BM25). */
const K1 = 1.2
/** In whole steps, so that the last bits of a floating-point sum do not decide between equals. */
const STEPS = 1e9

export function groupScore({ count, inTitle, inHeadings }: Occurrences, weight: number): number {
  const title = inTitle ? FIELD_WEIGHTS.title - FIELD_WEIGHTS.body : 0
  const headings = inHeadings ? FIELD_WEIGHTS.headings - FIELD_WEIGHTS.body : 0
  const all = count * FIELD_WEIGHTS.body + title + headings
  return (weight * all * (K1 + 1)) / (all + K1)
}

export function inSteps(score: number): number {
  return Math.round(score * STEPS) / STEPS
}

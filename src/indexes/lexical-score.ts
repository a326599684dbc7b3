/**
 * What drivers rank chunks by, before the query looks at where the words stand: of each word, how often a chunk holds it and
 * whether its title or headings do, by the weight that was asked with. Nothing but the chunk has a part in that: how rare a
 * word is in the whole index, or how long its chunks are, would let hidden documents choose among those that may be read.
 */
import { FIELD_WEIGHTS, type LexicalQuery } from '../core/store.ts'
import { numbersOf, packedToken, tokenIn } from '../core/words.ts'

/** As BM25 has it: the second occurrence says less than the first (https://en.wikipedia.org/wiki/Okapi_BM25). */
const K1 = 1.2
/** In whole steps, so that the last bits of a floating-point sum do not decide between equals. */
const STEPS = 1e9
/** By the lowest bits of a token but one: most tokens are none that were asked for, and need no look into a map. */
const SIEVE = 1 << 12
const NONE: readonly number[] = []
/** Which fields hold a group, a bit each. */
const [TITLE, HEADINGS, BODY] = [1, 2, 4] as const

/** What a chunk is worth at most, of what it is worth where each group that it holds stands there once. */
export const MOST_BY_COUNT = K1 + 1

/** A group that stands in a chunk once. */
export function scoreOfOne(weight: number, inTitle: boolean): number {
  return groupScore(inTitle ? FIELD_WEIGHTS.title : FIELD_WEIGHTS.body, weight)
}

/** Where every group must match, a group counts once a field: Postgres reads that in less time. */
export function wordsScorer({ groups, weights, match }: LexicalQuery): (words: Uint8Array) => number {
  const asked = new Map<number, number[]>()
  const sieve = new Uint8Array(SIEVE)
  for (const [group, tokens] of groups.entries()) {
    for (const token of new Set(tokens.map(packedToken))) {
      asked.set(token, [...(asked.get(token) ?? []), group])
      sieve[sieveOf(token)] = 1
    }
  }

  const [counts, fields] = [new Int32Array(groups.length), new Uint8Array(groups.length)]

  function count(words: Uint8Array): void {
    counts.fill(0)
    fields.fill(0)
    const { all, title, headings, body } = numbersOf(words)
    for (let at = title; at < all.length; at++) {
      const number = all[at] ?? 0
      if (sieve[sieveOf(number)] === 0) continue
      const field = at < headings ? TITLE : at < body ? HEADINGS : BODY
      for (const group of asked.get(tokenIn(number)) ?? NONE) {
        counts[group] = (counts[group] ?? 0) + 1
        fields[group] = (fields[group] ?? 0) | field
      }
    }
  }

  return (words) => {
    count(words)
    let score = 0
    for (let group = 0; group < counts.length; group++) {
      const held = fields[group] ?? 0
      const counted = match === 'all' ? howMany(held) : (counts[group] ?? 0)
      score += groupScore(counted * FIELD_WEIGHTS.body + lifted(held), weights?.[group] ?? 1)
    }
    return Math.round(score * STEPS) / STEPS
  }
}

function groupScore(count: number, weight: number): number {
  return (weight * count * (K1 + 1)) / (count + K1)
}

function lifted(fields: number): number {
  const title = (fields & TITLE) === 0 ? 0 : FIELD_WEIGHTS.title - FIELD_WEIGHTS.body
  const headings = (fields & HEADINGS) === 0 ? 0 : FIELD_WEIGHTS.headings - FIELD_WEIGHTS.body
  return title + headings
}

function howMany(fields: number): number {
  return (fields & TITLE) + ((fields & HEADINGS) >> 1) + ((fields & BODY) >> 2)
}

function sieveOf(token: number): number {
  return (token >>> 1) & (SIEVE - 1)
}

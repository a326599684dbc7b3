/**
 * What drivers rank chunks by, before the query looks at where the words stand: of each word, how often a chunk holds it and
 * whether its title or headings do, by the weight that was asked with. Nothing but the chunk has a part in that: how rare a
 * word is in the whole index, or how long its chunks are, would let hidden documents choose among those that may be read.
 */
import { FIELD_WEIGHTS } from '../core/store.ts'
import { packedToken, scanWords } from '../core/words.ts'

/** As BM25 has it: the second occurrence says less than the first (https://en.wikipedia.org/wiki/Okapi_BM25). */
const K1 = 1.2
const B = 0.75
/** In tokens, a usual chunk. That of what is stored would tell of what is hidden. */
const USUAL_LENGTH = 200
/** In whole steps, so that the last bits of a floating-point sum do not decide between equals. */
const STEPS = 1e9
/** By the lowest bits of a token but one: most tokens are none that were asked for, and need no look into a map. */
const SIEVE = 1 << 12

/** What a chunk's words are worth at most, of what they are worth where each of those that are held stands there once. */
export const MOST_BY_COUNT = K1 + 1

/** A group that stands once in a chunk of usual length. */
export function scoreOfOne(weight: number, inTitle: boolean): number {
  return groupScore(inTitle ? FIELD_WEIGHTS.title : FIELD_WEIGHTS.body, weight, K1)
}

/** @param weights one a group; 1 unless told */
export function wordsScorer(
  groups: readonly (readonly string[])[],
  weights: readonly number[] | undefined,
): (words: Uint8Array) => number {
  const asked = new Map<number, number[]>()
  const sieve = new Uint8Array(SIEVE)
  for (const [group, tokens] of groups.entries()) {
    for (const token of new Set(tokens.map(packedToken))) {
      asked.set(token, [...(asked.get(token) ?? []), group])
      sieve[sieveOf(token)] = 1
    }
  }

  return (words) => {
    const { extent, token } = scanWords(words)
    const [counts, bests] = [new Array<number>(groups.length).fill(0), new Array<number>(groups.length).fill(0)]
    for (let at = 0; at < extent.body[1]; at++) {
      const packed = token(at)
      const found = sieve[sieveOf(packed)] === 0 ? undefined : asked.get(packed)
      if (found === undefined) continue
      for (const group of found) {
        counts[group] = (counts[group] ?? 0) + FIELD_WEIGHTS.body
        if (at < extent.headings[1]) bests[group] = (bests[group] ?? 0) | (at < extent.title[1] ? 2 : 1)
      }
    }
    const norm = K1 * (1 - B + (B * extent.body[1]) / USUAL_LENGTH)
    let score = 0
    for (const [group, count] of counts.entries()) {
      score += groupScore(count + lifted(bests[group] ?? 0), weights?.[group] ?? 1, norm)
    }
    return Math.round(score * STEPS) / STEPS
  }
}

function groupScore(count: number, weight: number, norm: number): number {
  return (weight * count * (K1 + 1)) / (count + norm)
}

/** @param fields a bit each for the headings and the title that hold it, however often */
function lifted(fields: number): number {
  const title = (fields & 2) === 0 ? 0 : FIELD_WEIGHTS.title - FIELD_WEIGHTS.body
  const headings = (fields & 1) === 0 ? 0 : FIELD_WEIGHTS.headings - FIELD_WEIGHTS.body
  return title + headings
}

function sieveOf(token: number): number {
  return (token >>> 1) & (SIEVE - 1)
}

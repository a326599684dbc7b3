/** Where the words of a query stand in a chunk: an index tells that they do, and hands over the words of what it found. */
import { packedToken, type Scan, scanWords } from '../core/words.ts'
import type { Term } from './terms.ts'

/** A field's words that were asked for, in order. */
export interface Field {
  /** In words. */
  readonly length: number
  readonly found: readonly Place[]
}

export interface Place {
  /** The how manieth word of the field. */
  readonly at: number
  /** Positions in the query's terms: one word may be several. */
  readonly terms: readonly number[]
}

export interface Places {
  readonly title: Field
  readonly headings: Field
  readonly body: Field
}

/** By the lowest bits of a token but one: most tokens are none that were asked for, and need no look into a map. */
const SIEVE = 1 << 12

/** For one answer. */
export function placesFinder(terms: readonly Term[]): (words: Uint8Array) => Places {
  const asked = new Map<number, number[]>()
  const sieve = new Uint8Array(SIEVE)
  for (const [at, { tokens }] of terms.entries()) {
    for (const token of tokens.map(packedToken)) {
      asked.set(token, [...(asked.get(token) ?? []), at])
      sieve[sieveOf(token)] = 1
    }
  }

  function fieldOf({ token, beginsWord }: Scan, [start, end]: readonly [number, number]): Field {
    const found: Place[] = []
    let length = 0
    for (let at = start; at < end; at++) {
      if (beginsWord(at)) length++
      const packed = token(at)
      const terms = sieve[sieveOf(packed)] === 0 ? undefined : asked.get(packed)
      if (terms !== undefined) addPlace(found, length - 1, terms)
    }
    return { length, found }
  }

  return (words) => {
    const scan = scanWords(words)
    const { title, headings, body } = scan.extent
    return { title: fieldOf(scan, title), headings: fieldOf(scan, headings), body: fieldOf(scan, body) }
  }
}

function sieveOf(token: number): number {
  return (token >>> 1) & (SIEVE - 1)
}

/** Several tokens of a word may be asked for. */
function addPlace(found: Place[], at: number, terms: readonly number[]): void {
  const last = found.at(-1)
  if (last?.at !== at) found.push({ at, terms })
  else found[found.length - 1] = { at, terms: [...new Set([...last.terms, ...terms])] }
}

/** Where the words of a query stand in a chunk: an index tells that they do, and hands over the words of what it found. */
import { packedToken, type Scan, scanWords, tokenIn } from '../core/words.ts'
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
  /** Those of them that it is a synonym of. */
  readonly alike?: readonly number[]
}

export interface Places {
  readonly title: Field
  readonly headings: Field
  readonly body: Field
}

/** A synonym behind its first token. */
interface Phrase {
  readonly term: number
  readonly rest: readonly number[]
}

/** By the lowest bits of a token but one: most tokens are none that were asked for, and need no look into a map. */
const SIEVE = 1 << 12

/** For one answer. */
export function placesFinder(terms: readonly Term[]): (words: Uint8Array) => Places {
  const asked = new Map<number, number[]>()
  const meant = new Map<number, Phrase[]>()
  const sieve = new Uint8Array(SIEVE)
  for (const [at, { tokens, synonyms }] of terms.entries()) {
    for (const token of tokens.map(packedToken)) {
      asked.set(token, [...(asked.get(token) ?? []), at])
      sieve[sieveOf(token)] = 1
    }
    for (const { words } of synonyms) {
      const [first = 0, ...rest] = words.map(packedToken)
      meant.set(first, [...(meant.get(first) ?? []), { term: at, rest }])
      sieve[sieveOf(first)] = 1
    }
  }

  function fieldOf(scan: Scan, [start, end]: readonly [number, number]): Field {
    const { numbers, beginsWord } = scan
    const found: Place[] = []
    let length = 0
    for (let at = start; at < end; at++) {
      if (beginsWord(at)) length++
      const number = numbers[at] ?? 0
      if (sieve[sieveOf(number)] === 0) continue
      const packed = tokenIn(number)
      const terms = asked.get(packed)
      if (terms !== undefined) addPlace(found, length - 1, terms)
      for (const { term, rest } of meant.get(packed) ?? []) {
        if (stands(rest, scan, at, end)) addAlike(found, length - 1, term)
      }
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
  else found[found.length - 1] = { ...last, terms: [...new Set([...last.terms, ...terms])] }
}

function addAlike(found: Place[], at: number, term: number): void {
  const last = found.at(-1)
  if (last?.at === at && last.terms.includes(term)) return
  addPlace(found, at, [term])
  const place = found[found.length - 1]
  if (place !== undefined) found[found.length - 1] = { ...place, alike: [...(place.alike ?? []), term] }
}

/** Whether these are each in the same word as the one before or in the next: `sign-on` is one word of two tokens. */
export function stands(rest: readonly number[], { token, beginsWord }: Scan, from: number, end: number): boolean {
  let at = from
  for (const wanted of rest) {
    let begun = 0
    do {
      at++
      if (at < end && beginsWord(at)) begun++
    } while (at < end && begun < 2 && token(at) !== wanted)
    if (at >= end || begun > 1) return false
  }
  return true
}

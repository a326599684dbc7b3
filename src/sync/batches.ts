/** What is stored together: a slice of the documents, in one transaction. */

import type { SourceState } from '../core/ledger.ts'

/** Documents in a transaction. */
const SLICE = 200

export function* slices<T>(items: Iterable<T>, size: number = SLICE): Generator<readonly T[]> {
  let slice: T[] = []
  for (const item of items) {
    slice.push(item)
    if (slice.length < size) continue
    yield slice
    slice = []
  }
  if (slice.length > 0) yield slice
}

/** Characters of text in a transaction, if it is of more than one document: what is made of them is many times as large. */
const HEAVY = 2_000_000

/** The same items in the same order, few enough together not to be heavy. */
export function* lightParts<T>(items: Iterable<T>, weightOf: (item: T) => number): Generator<readonly T[]> {
  let part: T[] = []
  let weight = 0
  for (const item of items) {
    const own = weightOf(item)
    if (part.length > 0 && weight + own > HEAVY) {
      yield part
      part = []
      weight = 0
    }
    part.push(item)
    weight += own
  }
  if (part.length > 0) yield part
}

/** As before the first run. */
export const NO_STATE: SourceState = { cursor: null, seen: null, policy: null }

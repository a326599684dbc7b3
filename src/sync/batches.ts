/** What is stored together: a slice of the documents, in one transaction. */
import type { Batch, SourceState } from '../core/types.ts'

/** Documents in a transaction. */
const SLICE = 200

export function* slices<T>(items: Iterable<T>): Generator<readonly T[]> {
  let slice: T[] = []
  for (const item of items) {
    slice.push(item)
    if (slice.length < SLICE) continue
    yield slice
    slice = []
  }
  if (slice.length > 0) yield slice
}

export function emptyBatch(source: string): Batch {
  return { source, put: [], refresh: [], remove: [], failed: [] }
}

/** As before the first run. */
export const NO_STATE: SourceState = { cursor: null, seen: null, policy: null }

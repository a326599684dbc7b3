/** What is stored together: a slice of the documents, in one transaction. */
import type { Batch, SourceState } from '../core/types.ts'

/** Documents in a transaction. */
const SLICE = 200

export function slices<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / SLICE) }, (_, at) => items.slice(at * SLICE, (at + 1) * SLICE))
}

export function emptyBatch(source: string): Batch {
  return { source, put: [], refresh: [], remove: [], failed: [] }
}

/** As before the first run. */
export const NO_STATE: SourceState = { cursor: null, seen: null, policy: null }

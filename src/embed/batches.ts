/** Passages in groups that an embedder takes at once. */
import type { Passage } from '../core/vectors.ts'
import type { BatchSize } from './embedder.ts'

/** In their order. One that is larger than allowed stands alone. */
export function batchesOf(passages: readonly Passage[], { texts, tokens }: BatchSize): Passage[][] {
  const batches: Passage[][] = []
  let room = 0
  for (const passage of passages) {
    const current = batches.at(-1)
    room -= passage.tokens
    if (current !== undefined && current.length < texts && room >= 0) current.push(passage)
    else {
      batches.push([passage])
      room = tokens - passage.tokens
    }
  }
  return batches
}

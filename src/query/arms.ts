/** Retrievers beside the one by words. */
import type { Candidate, Reader } from '../core/store.ts'
import type { Vectors } from '../core/vectors.ts'
import type { Embedder } from '../embed/embedder.ts'

/** Best first, of what the asker may read. */
export type Arm = (query: Reader) => Promise<readonly Candidate[]>

/** Chunks that it brings to the fusion. */
const POOL = 100

/** What is nearest to the text's vector. Throws here, and not later, what the embedder throws. */
export async function nearestArm(
  vectors: Vectors,
  embedder: Embedder,
  text: string,
  signal: AbortSignal,
): Promise<Arm> {
  const [vector] = await embedder.embed([text], 'query', signal)
  return async (query) =>
    vector === undefined ? [] : await vectors.nearest({ ...query, embedder: embedder.identity, vector, limit: POOL })
}

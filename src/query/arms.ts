/** Retrievers beside the one by words. */
import type { Candidate, Reader } from '../core/store.ts'
import type { Vectors } from '../core/vectors.ts'
import type { Embedder } from '../embed/embedder.ts'

/** Best first, of what the asker may read. */
export type Arm = (query: Reader) => Promise<readonly Candidate[]>

/** A question as an embedder understood it: plain data, so that it can be asked elsewhere than it was embedded. */
export interface Near {
  /** Whose vectors it is compared with. */
  readonly embedder: string
  readonly vector: Float32Array
}

/** Chunks that it brings to the fusion. */
const POOL = 100

/** Throws what the embedder throws. */
export async function embedded(embedder: Embedder, text: string, signal: AbortSignal): Promise<Near | null> {
  const [vector] = await embedder.embed([text], 'query', signal)
  return vector === undefined ? null : { embedder: embedder.identity, vector }
}

/** What is nearest to the text's vector; nothing where there is none. */
export function nearestArm(vectors: Pick<Vectors, 'nearest'>, near: Near | null): Arm {
  return async (query) => (near === null ? [] : await vectors.nearest({ ...query, ...near, limit: POOL }))
}

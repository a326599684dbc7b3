/** The vectors of chunks, and the port that stores and compares them. */
import type { Candidate, Reader } from './store.ts'

/** A chunk as an embedder is given it. */
export interface Passage {
  /** The prefixed id of its document. */
  readonly document: string
  readonly ordinal: number
  /** Title, heading path and text. */
  readonly text: string
  /** Of `text`. */
  readonly hash: string
  /** About how many tokens a model takes it for. */
  readonly tokens: number
}

/** A passage's vector. */
export interface Embedded extends Pick<Passage, 'document' | 'ordinal' | 'hash'> {
  readonly vector: Float32Array
}

/** A vector as an index holds it: in fewer bits than it was given, and stored again as it is where it is embedded again. */
export interface StoredVector extends Embedded {
  readonly embedder: string
}

export interface VectorQuery extends Reader {
  /** Whose vectors are compared: those of others are as good as not there. */
  readonly embedder: string
  readonly vector: Float32Array
  readonly limit: number
}

/**
 * The vectors of chunks, one a chunk, beside their texts. A vector goes with its chunk in the batch that takes the chunk
 * away; where a batch puts a document anew, chunks that say the same keep theirs. So no reader ever meets a vector of
 * another text, and a text that was cut anew is not embedded anew.
 */
export interface Vectors {
  /**
   * Passages without a vector of this embedder, by document id, then ordinal, behind `after`. Those of documents that
   * nobody may read are not among them: they are nobody's business, an embedder's neither.
   */
  unembedded(
    embedder: string,
    limit: number,
    after?: Pick<Passage, 'document' | 'ordinal'>,
  ): Promise<readonly Passage[]>
  /** How many those are, and about how many tokens. */
  unembeddedCounts(embedder: string): Promise<{ readonly texts: number; readonly tokens: number }>
  /** All or none; a vector replaces its chunk's, of whichever embedder. One of a text that is gone is left out. */
  embed(embedder: string, vectors: readonly Embedded[]): Promise<void>
  /** Every vector of these documents, whoever may read them, by document id, then ordinal. Never a query surface. */
  embedded(documents: readonly string[]): Promise<readonly StoredVector[]>
  /**
   * Best first by cosine; ties by document id, then ordinal. Exact in a small index; in a large one all but a few of the
   * best are sure to be found.
   */
  nearest(query: VectorQuery): Promise<readonly Candidate[]>
}

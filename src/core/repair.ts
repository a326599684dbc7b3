/** What is found and done where a stored index is not as it was written. */
import type { Chunk, IndexedDocument, StoredDocument } from './document.ts'

/** Something in a stored index that is not as it was written. */
export interface Damage {
  /** The document that it is in, where it is in one. */
  readonly document?: string
  /** For people. */
  readonly what: string
}

/** Makes a stored document's search form anew: from its chunks, or from its text alone where they are lost. Asks no source. */
export type Remake = (document: StoredDocument, chunks: readonly Chunk[] | null) => IndexedDocument

export interface RepairReport {
  /** What was found, most serious first; empty: everything was as it was written. */
  readonly damage: readonly Damage[]
  /** Documents that were kept, whose search form was made anew. */
  readonly documents: number
  /** Ids of documents that could not be trusted and were taken out, in id order: in quarantine until they are loaded again. */
  readonly removed: readonly string[]
  /** Sources that the next run reads from the beginning, since something of them is lost. */
  readonly reread: readonly string[]
  /** Where the damaged file is kept, for its owner only; it holds texts, so somebody has to delete it. Null: not kept. */
  readonly kept: string | null
}

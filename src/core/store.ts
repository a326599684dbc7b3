/** The port of the index: what is written to it at once, and what is asked of it. */

import type { Principal } from './access.ts'
import type { Chunk, Head, Includer, IndexedDocument, Kind, StoredDocument, StoredHead } from './document.ts'
import type { Failure, Ledger, RunRecord, Skip, SourceState } from './ledger.ts'
import type { Shelves } from './shelves.ts'
import type { Synonyms } from './synonyms.ts'
import type { Vectors } from './vectors.ts'

/** All of it or none of it; applying it twice equals applying it once. Ids are prefixed with the source's name. */
export interface Batch {
  readonly source: string
  /** New or changed documents, whole, with all their chunks. */
  readonly put: readonly IndexedDocument[]
  /** Documents whose body is the same: replace the head, keep text and chunks. Unknown ids are ignored. */
  readonly refresh: readonly Head[]
  readonly remove: readonly string[]
  /** Documents that failed. A put, refresh or remove of the same id in a later batch clears it. */
  readonly failed: readonly Failure[]
  /** A put or a remove of an id clears its skip; then these are stored. */
  readonly skipped?: {
    /** Replaces all that is known of the source: after a complete pass. */
    readonly all: boolean
    readonly list: readonly Skip[]
  }
  /** Absent: leave the stored state where it is. */
  readonly state?: SourceState
  /** Recorded in the same transaction. The same run id replaces; older ones than the newest `KEPT_RUNS` go. */
  readonly run?: RunRecord
}

export function emptyBatch(source: string): Batch {
  return { source, put: [], refresh: [], remove: [], failed: [] }
}

/** Who asks, and of which documents: those that meet all that is told. Absent is all, an empty list none. */
export interface Reader {
  readonly as: readonly Principal[]
  readonly sources?: readonly string[]
  readonly kinds?: readonly Kind[]
  /** BCP 47, whatever the case: `en` is `en-GB` too. A document without a locale is in the language of its text. */
  readonly locales?: readonly string[]
  /** One of them is enough. */
  readonly labels?: readonly string[]
  /** ISO 8601: changed then or later. */
  readonly updatedSince?: string
}

export interface LexicalQuery extends Reader {
  /** One group a query word; the members of a group are alternatives (the word's stems in several languages). */
  readonly groups: readonly (readonly string[])[]
  /** How much each group counts, in their order; 1 unless told. Who asks may know it: it is made of what they may read. */
  readonly weights?: readonly number[]
  /** Every group must match, or any. */
  readonly match: 'all' | 'any'
  /** How many chunks of one document may be found, the best of them; absent is all. */
  readonly perDocument?: number
  /** Documents whose text is found in themselves only, not where others include it. */
  readonly onlyInPlace?: readonly string[]
  readonly limit: number
}

export interface HeldQuery extends Reader {
  readonly tokens: readonly string[]
  readonly most: number
}

/** A part of many ids. */
export interface IdPage {
  /** The last that is known already, which need not be there any more. Absent: from the beginning. */
  readonly after?: string
  readonly limit: number
}

/** A place in a document, and how many chunks before it and behind it are wanted. */
export interface NeighbourQuery extends Pick<Reader, 'as'> {
  /** Its prefixed id. */
  readonly document: string
  readonly ordinal: number
  readonly most: number
}

/** Where a chunk is. */
export interface ChunkPlace {
  /** Its document's prefixed id. */
  readonly document: string
  readonly ordinal: number
}

/** A chunk that may answer: what ranking asks of it. What is shown of it is read with `passages`. */
export interface Candidate extends ChunkPlace {
  /** Milliseconds since 1970; null where the source says no time. */
  readonly updated: number | null
  /** See `Chunk`. */
  readonly origin?: string
  /** See `Terms`. Null where the chunk was stored before there were any: then its text has them still. */
  readonly words: Uint8Array | null
  /** Higher is better, the same of every driver; of `nearest`, the cosine. */
  readonly score: number
}

/** A chunk as it is shown. */
export interface FoundPassage {
  readonly document: StoredHead & Pick<StoredDocument, 'source' | 'language'>
  readonly chunk: Chunk
}

export interface IndexStats {
  readonly documents: number
  readonly chunks: number
}

/**
 * Where documents live. A reader sees each document whole or not at all; the cursor is never ahead of the data.
 * Every query takes principals and sees only what they may read; `'public'` documents are seen by all.
 */
export interface Index {
  /** In which sense it is asked, where its owner says so; of no driver. */
  readonly synonyms?: Synonyms
  state(source: string): Promise<SourceState | null>
  /** Prefixed ids in, known ones out. */
  heads(source: string, ids: readonly string[]): Promise<ReadonlyMap<string, StoredHead>>
  /** Every stored document's prefixed id of one source, in id order; of a page, those behind `after`, at most so many. */
  ids(source: string, page?: IdPage): Promise<readonly string[]>
  /** The documents of one source that have a template, in id order. Costs next to nothing where there are none. */
  includers(source: string): Promise<readonly Includer[]>
  apply(batch: Batch): Promise<void>
  /** Best first; ties by document id, then ordinal. */
  lexical(query: LexicalQuery): Promise<readonly Candidate[]>
  /** What stands at these places, in their order, without those of which nothing is there that is for the reader. */
  passages(places: readonly ChunkPlace[], reader: Reader): Promise<readonly FoundPassage[]>
  /** How many chunks hold each term (in any field), hidden ones included: used to prune, never shown. */
  frequencies(terms: readonly string[]): Promise<{ readonly chunks: number; readonly of: ReadonlyMap<string, number> }>
  /**
   * Tokens of nothing but letters that begin so, in order, at most so many. Hidden ones are among them: only to be asked
   * about with `held`, never shown.
   */
  tokens(prefix: string, limit: number): Promise<readonly string[]>
  /**
   * Tokens of nothing but letters that so many letters added, dropped, changed or swapped may make of this one, in any
   * order: all of those, and some others. Hidden ones are among them, as of `tokens`.
   */
  alike(token: string, changes: 1 | 2): Promise<readonly string[]>
  /** The languages of documents that `as` may read, sorted. */
  languages(reader: Reader): Promise<readonly string[]>
  /** How many chunks that `as` may read hold each token, counted up to `most`. */
  held(query: HeldQuery): Promise<ReadonlyMap<string, number>>
  /** How many chunks the reader may read, counted up to `most`. */
  readable(reader: Reader, most: number): Promise<number>
  /** The document if `as` may read it, else null. */
  document(id: string, as: readonly Principal[]): Promise<StoredDocument | null>
  /** The chunk there and those around it, in order; none where `as` may not read the document. */
  neighbours(query: NeighbourQuery): Promise<readonly Chunk[]>
  /** Every document that `as` may read, in id order. */
  documents(as: readonly Principal[], sources?: readonly string[]): AsyncIterable<StoredDocument>
  /** For the loop's own rebuilds and plans: by id, whoever may read it. Never a query surface. */
  stored(ids: readonly string[]): Promise<ReadonlyMap<string, StoredDocument>>
  /** A document's chunks in order, for the loop and for tests of the stored form. */
  chunks(id: string): Promise<readonly Chunk[]>
  /**
   * Throws LOCKED where another index has taken this one's place since it was opened, so that answers may be of either. Absent: each
   * call says so by itself.
   */
  checkCurrent?(): Promise<void>
  close(): Promise<void>
}

export type Store = Index & Ledger & Shelves & Vectors

/** What an occurrence counts by its field, the same for all drivers. */
export const FIELD_WEIGHTS = { title: 4, headings: 2, body: 1 } as const

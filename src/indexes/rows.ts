/** Rows of any driver that has tables, as our values, each only if it matches its checksum: then this program wrote it, and it is parsed, not doubted. */
import type {
  Chunk,
  Edges,
  Excerpt,
  Head,
  Includer,
  Losses,
  Recipe,
  StoredDocument,
  StoredHead,
  Template,
} from '../core/document.ts'
import type { Json } from '../core/json.ts'
import type { Failure, RunRecord, SourceState } from '../core/ledger.ts'
import type { Candidate } from '../core/store.ts'
import { damaged, damagedDocument } from './damage.ts'
import {
  type ChunkColumns,
  chunkSum,
  type HeadColumns,
  headSum,
  type StateColumns,
  stateSum,
  type TextColumns,
  textSum,
  wordsSum,
} from './sums.ts'

/** What an index is called in messages. */
interface Named {
  readonly path: string
}

export interface HeadRow extends HeadColumns {
  readonly sum: string
}

/** `edges` are null where there is no template; JSON null while nothing was put into it. */
export interface DocumentRow extends HeadRow, TextColumns {
  readonly text_sum: string
}

export interface ChunkRow extends ChunkColumns {
  /** Of the document. */
  readonly id: string
  readonly chunk_sum: string
}

/** What ranking asks of a chunk. */
export interface CandidateRow {
  /** Of the document. */
  readonly id: string
  readonly ordinal: number
  readonly updated: number | null
  readonly origin: string | null
  readonly words: Buffer | null
  readonly sum: number | null
}

export type Unscored = Omit<Candidate, 'score'>

export interface StateRow extends StateColumns {
  readonly sum: string
}

export interface FailureRow {
  readonly id: string
  readonly code: string
  readonly reason: string
  readonly at: string
  readonly version: string | null
  readonly ignored: number
  readonly attempts: number | null
}

export const HEAD_COLUMNS = 'd.id, d.source, d.head, d.recipe, d.listed, d.language, d.edges, d.chunks, d.sum'
export const DOCUMENT_COLUMNS = `${HEAD_COLUMNS}, t.losses, t.markdown, t.template, t.excerpts, t.sum AS text_sum`
export const CHUNK_COLUMNS = `x.id AS chunk_id, c.ordinal, x.start, x."end", x.tokens, x.headings, x.text, x.origin,
  x.sum AS chunk_sum`

export function toHead(db: Named, row: HeadRow): StoredHead {
  if (headSum(row) !== row.sum) throw damagedDocument(db.path, row.id, 'head')
  return {
    head: JSON.parse(row.head) as Head,
    recipe: JSON.parse(row.recipe) as Recipe,
    ...(row.listed !== null && { listed: row.listed }),
  }
}

export function toDocument(db: Named, row: DocumentRow): StoredDocument {
  const head = toHead(db, row)
  if (textSum(row.id, row) !== row.text_sum) throw damagedDocument(db.path, row.id, 'text')
  const edges = toEdges(row)
  return {
    ...head,
    source: row.source,
    language: row.language,
    losses: JSON.parse(row.losses) as Losses,
    markdown: row.markdown,
    ...(row.template !== null && { template: JSON.parse(row.template) as Template }),
    ...(row.excerpts !== null && { excerpts: JSON.parse(row.excerpts) as Excerpt[] }),
    ...(edges !== null && { edges }),
  }
}

export function toIncluder(db: Named, row: HeadRow): Includer {
  return { head: toHead(db, row).head, edges: toEdges(row) }
}

export function toChunk(db: Named, row: ChunkRow): Chunk {
  if (chunkSum(row.id, row) !== row.chunk_sum) throw damagedDocument(db.path, row.id, 'passage')
  const { chunk_id: id, ordinal, start, end, tokens, text, origin } = row
  const headings = JSON.parse(row.headings) as string[]
  return { id, ordinal, headings, text, start, end, tokens, ...(origin !== null && { origin }) }
}

export function toCandidate(db: Named, row: CandidateRow): Unscored {
  const { id, ordinal, updated, origin, words, sum } = row
  if (words !== null && wordsSum(id, { ordinal, origin, words }) !== sum) throw damagedDocument(db.path, id, 'passage')
  return { document: id, ordinal, updated, words, ...(origin !== null && { origin }) }
}

/** What runs left behind has no checksum: it decides about no answer. */
export function toRun(db: Named, { record }: { readonly record: string }): RunRecord {
  try {
    return JSON.parse(record) as RunRecord
  } catch (cause) {
    throw damaged(db.path, 'is damaged: the record of a run cannot be read.', cause)
  }
}

export function toFailure({ id, code, reason, at, version, ignored, attempts }: FailureRow): Failure {
  return {
    ...{ id, code, reason, at },
    ...(version !== null && { version }),
    ...(ignored !== 0 && { ignored: true as const }),
    ...(attempts !== null && { attempts }),
  }
}

/** Null until a pass has stored one. */
export function toState(db: Named, row: StateRow): SourceState | null {
  const { name, cursor, seen, policy } = row
  if (stateSum(row) !== row.sum)
    throw damaged(db.path, `is damaged: it has lost how far the source '${name}' was read.`)
  if (cursor === null) return null
  return { cursor: JSON.parse(cursor) as Json, seen: seen === null ? null : (JSON.parse(seen) as string[]), policy }
}

function toEdges({ edges }: HeadRow): Edges | null {
  return edges === null ? null : (JSON.parse(edges) as Edges | null)
}

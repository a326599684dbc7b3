/** Rows as our values. What stands in the tables was written by this program, so it is parsed, not doubted. */
import type { Chunk, Head, Json, Losses, Recipe, RunRecord, StoredDocument, StoredHead } from '../core/types.ts'

export interface HeadRow {
  readonly source: string
  readonly head: string
  readonly recipe: string
}

export interface DocumentRow extends HeadRow {
  readonly language: string
  readonly losses: string
  readonly markdown: string
}

export interface ChunkRow {
  readonly id: string
  readonly ordinal: number
  readonly start: number
  readonly end: number
  readonly tokens: number
  readonly headings: string
  readonly text: string
}

export interface StateRow {
  readonly cursor: string | null
  readonly seen: string | null
}

export const DOCUMENT_COLUMNS = 'd.source, d.head, d.recipe, d.language, t.losses, t.markdown'
export const CHUNK_COLUMNS = 'x.id, c.ordinal, x.start, x."end", x.tokens, x.headings, x.text'

export function toHead(row: HeadRow): StoredHead {
  return { head: JSON.parse(row.head) as Head, recipe: JSON.parse(row.recipe) as Recipe }
}

export function toDocument(row: DocumentRow): StoredDocument {
  return {
    ...toHead(row),
    source: row.source,
    language: row.language,
    losses: JSON.parse(row.losses) as Losses,
    markdown: row.markdown,
  }
}

export function toChunk(row: ChunkRow): Chunk {
  const { id, ordinal, start, end, tokens, text } = row
  return { id, ordinal, headings: JSON.parse(row.headings) as string[], text, start, end, tokens }
}

export function toRun(row: { readonly record: string }): RunRecord {
  return JSON.parse(row.record) as RunRecord
}

export function toJson(text: string): Json {
  return JSON.parse(text) as Json
}

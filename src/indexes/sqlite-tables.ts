/** Rows as our values. What stands in the tables was written by this program, so it is parsed, not doubted. */
import type {
  Chunk,
  Edges,
  Excerpt,
  Failure,
  Head,
  Includer,
  Json,
  Losses,
  Recipe,
  RunRecord,
  SourceState,
  StoredDocument,
  StoredHead,
  Template,
} from '../core/types.ts'

export interface HeadRow {
  readonly source: string
  readonly head: string
  readonly recipe: string
  readonly listed: string | null
}

export interface DocumentRow extends HeadRow {
  readonly language: string
  readonly losses: string
  readonly markdown: string
  /** Null where there is no template; JSON null while nothing was put into it. */
  readonly edges: string | null
  readonly template: string | null
  readonly excerpts: string | null
}

export interface IncluderRow {
  readonly head: string
  readonly edges: string
}

export interface ChunkRow {
  readonly id: string
  readonly ordinal: number
  readonly start: number
  readonly end: number
  readonly tokens: number
  readonly headings: string
  readonly text: string
  readonly origin: string | null
}

export interface StateRow {
  readonly cursor: string | null
  readonly seen: string | null
  readonly policy: string | null
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

export const DOCUMENT_COLUMNS =
  'd.source, d.head, d.recipe, d.listed, d.language, d.edges, t.losses, t.markdown, t.template, t.excerpts'
export const CHUNK_COLUMNS = 'x.id, c.ordinal, x.start, x."end", x.tokens, x.headings, x.text, x.origin'

export function toHead(row: HeadRow): StoredHead {
  return {
    head: JSON.parse(row.head) as Head,
    recipe: JSON.parse(row.recipe) as Recipe,
    ...(row.listed !== null && { listed: row.listed }),
  }
}

export function toDocument(row: DocumentRow): StoredDocument {
  const edges = row.edges === null ? null : (JSON.parse(row.edges) as Edges | null)
  return {
    ...toHead(row),
    source: row.source,
    language: row.language,
    losses: JSON.parse(row.losses) as Losses,
    markdown: row.markdown,
    ...(row.template !== null && { template: JSON.parse(row.template) as Template }),
    ...(row.excerpts !== null && { excerpts: JSON.parse(row.excerpts) as Excerpt[] }),
    ...(edges !== null && { edges }),
  }
}

export function toIncluder(row: IncluderRow): Includer {
  return { head: JSON.parse(row.head) as Head, edges: JSON.parse(row.edges) as Edges | null }
}

export function toChunk(row: ChunkRow): Chunk {
  const { id, ordinal, start, end, tokens, text, origin } = row
  const headings = JSON.parse(row.headings) as string[]
  return { id, ordinal, headings, text, start, end, tokens, ...(origin !== null && { origin }) }
}

export function toRun(row: { readonly record: string }): RunRecord {
  return JSON.parse(row.record) as RunRecord
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
export function toState({ cursor, seen, policy }: StateRow): SourceState | null {
  if (cursor === null) return null
  return { cursor: JSON.parse(cursor) as Json, seen: seen === null ? null : (JSON.parse(seen) as string[]), policy }
}

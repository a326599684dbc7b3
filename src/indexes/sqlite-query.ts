/** The lexical retriever: FTS5's BM25 over what the asker may read. */
import { isFor } from '../core/reader.ts'
import { FIELD_WEIGHTS, type LexicalHit, type LexicalQuery, type Reader } from '../core/types.ts'
import type { Connection } from './sqlite-connection.ts'
import { damaged } from './sqlite-errors.ts'
import { type Filter, readableBy, slots } from './sqlite-readers.ts'
import { CHUNK_COLUMNS, type ChunkRow, HEAD_COLUMNS, type HeadRow, toChunk, toHead } from './sqlite-tables.ts'
import { encodeToken, matchExpression } from './sqlite-tokens.ts'

export interface Ranked {
  readonly key: number
  /** The score in units of 1 / STEPS. */
  readonly steps: number
}

const STEPS = 1e12

/** The filter stands before ranking and limit; what it lets through is checked once more by its head. */
export function searchLexical(db: Connection, query: LexicalQuery): LexicalHit[] {
  const match = matchExpression(query.groups, query.match)
  if (match === null || query.limit < 1) return []
  return db.reading(() =>
    rank(db, match, query)
      .map((ranked) => readHit(db, ranked, query))
      .filter((hit) => hit !== null),
  )
}

export function countChunks(db: Connection): number {
  return db.get<{ chunks: number }>('SELECT count(*) AS chunks FROM chunk')?.chunks ?? 0
}

/** Chunks that hold the term in any field. */
export function countTerm(db: Connection, term: string): number {
  return db.get<{ doc: number }>('SELECT doc FROM fts_term WHERE term = ?', encodeToken(term))?.doc ?? 0
}

/** In whole steps, so that the last bits of a floating-point sum do not decide between equals. */
function rank(db: Connection, match: string, query: LexicalQuery): Ranked[] {
  const filter = readableBy(query)
  const place = inPlace(query.onlyInPlace ?? [])
  const { title, headings, body } = FIELD_WEIGHTS
  const sql = `
    SELECT c.key, CAST(bm25(fts, ${title}.0, ${headings}.0, ${body}.0) * -${STEPS} + 0.5 AS INTEGER) AS steps
    FROM fts CROSS JOIN chunk c ON c.key = fts.rowid CROSS JOIN document d ON d.key = c.document
    WHERE fts MATCH ? AND ${filter.sql} AND ${place.sql}
    ORDER BY steps DESC, d.id, c.ordinal LIMIT ?`
  return db.all<Ranked>(sql, match, ...filter.values, ...place.values, Math.trunc(query.limit))
}

/** A condition on `chunk c`. Where the text is stored too, so it is only looked at if there is something to leave out. */
function inPlace(ids: readonly string[]): Filter {
  if (ids.length === 0) return { sql: 'true', values: [] }
  const included = `SELECT 1 FROM chunk_text x WHERE x.chunk = c.key AND x.origin IN (${slots(ids)})`
  return { sql: `NOT EXISTS (${included})`, values: ids }
}

/** Null where the head says that it is not for this reader, whatever the tables that are asked say. */
export function readHit(db: Connection, { key, steps }: Ranked, reader: Reader): LexicalHit | null {
  const sql = `SELECT ${CHUNK_COLUMNS}, ${HEAD_COLUMNS}
    FROM chunk c JOIN chunk_text x ON x.chunk = c.key JOIN document d ON d.key = c.document WHERE c.key = ?`
  const row = db.get<ChunkRow & HeadRow>(sql, key)
  if (row === undefined) throw damaged(db.path, `is damaged: it has lost passage ${key}.`)
  const { head, recipe } = toHead(db, row)
  const document = { head, recipe, source: row.source, language: row.language }
  return isFor(document, reader) ? { document, chunk: toChunk(db, row), score: steps / STEPS } : null
}

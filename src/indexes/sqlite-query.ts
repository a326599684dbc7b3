/** The lexical retriever: FTS5's BM25 over what the asker may read. */
import { FIELD_WEIGHTS, type LexicalHit, type LexicalQuery } from '../core/store.ts'
import { fewEach } from './memory-query.ts'
import type { Connection } from './sqlite-connection.ts'
import type { ReadHit } from './sqlite-hits.ts'
import { type Filter, readableBy, slots } from './sqlite-readers.ts'
import { encodeToken, matchExpression } from './sqlite-tokens.ts'

interface Ranked {
  readonly key: number
  /** The score in units of 1 / STEPS. */
  readonly steps: number
}

interface Found extends Ranked {
  readonly document: number
}

/** How much work a query is, since SQLite can't be interrupted. */
export interface Caps {
  /** Chunks that match and are looked at: of more, those stored last. */
  readonly matches: number
  /** Of those, chunks that are for the reader and are ranked: of more, those stored last. */
  readonly ranked: number
}

const CAPS: Caps = { matches: 200_000, ranked: 25_000 }
/** Of one document there may be many. */
const FOUND_AT_ONCE = 2000

const STEPS = 1e12

/** The filter stands before ranking and limit; what it lets through is checked once more by its head. */
export function searchLexical(
  db: Connection,
  hits: () => ReadHit,
  query: LexicalQuery,
  caps: Caps = CAPS,
): LexicalHit[] {
  const match = matchExpression(query.groups, query.match)
  if (match === null || query.limit < 1) return []
  return db.reading(() => {
    const read = hits()
    return rank(db, match, query, caps).flatMap(({ key, steps }) => {
      const hit = read(key, query)
      return hit === null ? [] : [{ ...hit, score: steps / STEPS }]
    })
  })
}

export function countChunks(db: Connection): number {
  return db.get<{ chunks: number }>('SELECT count(*) AS chunks FROM chunk')?.chunks ?? 0
}

/** Chunks that hold the term in any field. */
export function countTerm(db: Connection, term: string): number {
  return db.get<{ doc: number }>('SELECT doc FROM fts_term WHERE term = ?', encodeToken(term))?.doc ?? 0
}

/** In whole steps, so that the last bits of a floating-point sum do not decide between equals. */
function rank(db: Connection, match: string, query: LexicalQuery, caps: Caps): readonly Ranked[] {
  const limit = Math.trunc(query.limit)
  if (query.perDocument === undefined) return find(db, match, query, caps, limit)
  for (let asked = Math.max(FOUND_AT_ONCE, limit); ; asked = caps.ranked) {
    const found = find(db, match, query, caps, asked)
    const few = fewEach(found, ({ document }) => document, query.perDocument)
    if (few.length >= limit || found.length < asked || asked >= caps.ranked) return few.slice(0, limit)
  }
}

function find(db: Connection, match: string, query: LexicalQuery, caps: Caps, limit: number): Found[] {
  const filter = readableBy(query)
  const place = inPlace(query.onlyInPlace ?? [])
  const { title, headings, body } = FIELD_WEIGHTS
  const sql = `
    SELECT c.key, c.document, CAST(bm25(fts, ${title}.0, ${headings}.0, ${body}.0) * -${STEPS} + 0.5 AS INTEGER) AS steps
    FROM fts CROSS JOIN chunk c ON c.key = fts.rowid CROSS JOIN document d ON d.key = c.document
    WHERE fts MATCH ? AND fts.rowid > ? AND ${filter.sql} AND ${place.sql}
    ORDER BY steps DESC, d.id, c.ordinal LIMIT ?`
  return db.all<Found>(sql, match, lastUnranked(db, match, filter, caps), ...filter.values, ...place.values, limit)
}

/** The key of the last chunk that is not looked at any more; 0 where all that match are. */
export function lastPassed(db: Connection, match: string, most = CAPS.matches): number {
  const sql = 'SELECT rowid AS key FROM fts WHERE fts MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ?'
  return db.get<{ key: number }>(sql, match, most)?.key ?? 0
}

function lastUnranked(db: Connection, match: string, filter: Filter, caps: Caps): number {
  if (lastPassed(db, match, caps.ranked) === 0) return 0
  const passed = lastPassed(db, match, caps.matches)
  const sql = `SELECT c.key FROM fts CROSS JOIN chunk c ON c.key = fts.rowid CROSS JOIN document d ON d.key = c.document
    WHERE fts MATCH ? AND fts.rowid > ? AND ${filter.sql} ORDER BY fts.rowid DESC LIMIT 1 OFFSET ?`
  return db.get<{ key: number }>(sql, match, passed, ...filter.values, caps.ranked)?.key ?? passed
}

/** A condition on `chunk c`. Where the text is stored too, so it is only looked at if there is something to leave out. */
function inPlace(ids: readonly string[]): Filter {
  if (ids.length === 0) return { sql: 'true', values: [] }
  const included = `SELECT 1 FROM chunk_text x WHERE x.chunk = c.key AND x.origin IN (${slots(ids)})`
  return { sql: `NOT EXISTS (${included})`, values: ids }
}

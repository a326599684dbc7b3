/**
 * The retriever by vectors. A small index is compared in full; a large one by the graph (HNSW) that is built once its vectors
 * are loaded. What either finds is compared once more by the arithmetic of all drivers, so they rank alike.
 */
import type { Candidate } from '../../core/store.ts'
import type { VectorQuery } from '../../core/vectors.ts'
import type { CandidateRow } from '../rows.ts'
import { byUtf8 } from '../utf8.ts'
import { cosineWith } from '../vectors.ts'
import { toCandidate } from './candidates.ts'
import type { Connection, Session } from './connection.ts'
import { hasGraph } from './graph.ts'
import { parameters, readableBy } from './readers.ts'
import { type Embedder, embedderOf } from './vectors.ts'

/** Found beside those that are wanted: Postgres orders by numbers of 16 bits, and equals as it likes. */
const SPARE = 50
const MOST_LOOKED_AT = 1000

type Row = CandidateRow & { readonly numbers: string }

export async function nearest(db: Connection, query: VectorQuery, extension: string): Promise<Candidate[]> {
  const limit = Math.trunc(query.limit)
  if (limit < 1) return []
  return await db.reading(async (session) => {
    const embedder = await embedderOf(session, query.embedder)
    if (embedder === null || embedder.dimensions !== query.vector.length) return []
    const wanted = limit + SPARE
    if (await hasGraph(session, embedder.key)) {
      await lookFarther(session, wanted)
      const rows = await ordered(session, query, wanted, embedder, extension, '')
      if (rows.length === wanted) return best(session, rows, query)
    }
    // The graph is followed only so far; what it leaves out may be all that the asker may read.
    return best(session, await ordered(session, query, wanted, embedder, extension, IN_FULL), query)
  })
}

/** No graph is of such sums. */
const IN_FULL = ' + 0'

/** @param how '' lets Postgres choose */
async function ordered(
  session: Session,
  query: VectorQuery,
  wanted: number,
  { key, dimensions }: Embedder,
  extension: string,
  how: string,
): Promise<readonly Row[]> {
  const asked = parameters(`[${query.vector.join(',')}]`, wanted)
  const type = `"${extension}".halfvec(${dimensions})`
  const sql = `SELECT f.*, w.words, w.sum FROM (
      SELECT d.id, c.key, c.ordinal, c.origin, d.updated, v.numbers::text AS numbers
      FROM @.vector v JOIN @.chunk c ON c.key = v.chunk JOIN @.document d ON d.key = c.document
      WHERE v.embedder = ${key} AND ${readableBy(query, asked)}
      ORDER BY (v.numbers::${type} OPERATOR("${extension}".<=>) $1::${type})${how} LIMIT $2) f
    LEFT JOIN @.chunk_words w ON w.chunk = f.key`
  return await session.all<Row>(sql, ...asked.values)
}

function best(session: Session, rows: readonly Row[], { vector, limit }: VectorQuery): Candidate[] {
  const cosine = cosineWith(vector)
  const ranked = rows.map((row) => ({ row, score: cosine(Int8Array.from(JSON.parse(row.numbers) as number[])) }))
  ranked.sort((a, b) => b.score - a.score || byUtf8(a.row.id, b.row.id) || a.row.ordinal - b.row.ordinal)
  return ranked.slice(0, Math.trunc(limit)).map(({ row, score }) => toCandidate(session, row, score))
}

/** What may not be read takes no place: the graph is followed until enough is found that may (pgvector 0.8 or newer). */
async function lookFarther(session: Session, wanted: number): Promise<void> {
  await session.run(`SET LOCAL hnsw.ef_search = ${Math.min(MOST_LOOKED_AT, 2 * wanted)}`)
  const sql = "SELECT current_setting('hnsw.iterative_scan', true) AS value"
  const known = await session.get<{ value: string | null }>(sql)
  if (known?.value !== null) await session.run('SET LOCAL hnsw.iterative_scan = strict_order')
}

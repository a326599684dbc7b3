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
import { parameters, readableBy } from './readers.ts'
import { embedderOf } from './vectors.ts'

/** Vectors of a model up to which all are compared. */
const COMPARED_IN_FULL = 20_000
/** pgvector's most for `halfvec`. */
const MOST_DIMENSIONS = 4000
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
    const isIndexed = await hasGraph(session, embedder.key)
    if (isIndexed) await lookFarther(session, limit + SPARE)
    const asked = parameters(`[${query.vector.join(',')}]`, limit + SPARE)
    const type = `"${extension}".halfvec(${embedder.dimensions})`
    const sql = `SELECT f.*, w.words, w.sum FROM (
        SELECT d.id, c.key, c.ordinal, c.origin, d.updated, v.numbers::text AS numbers
        FROM @.vector v JOIN @.chunk c ON c.key = v.chunk JOIN @.document d ON d.key = c.document
        WHERE v.embedder = ${embedder.key} AND ${readableBy(query, asked)}
        ORDER BY v.numbers::${type} OPERATOR("${extension}".<=>) $1::${type} LIMIT $2) f
      LEFT JOIN @.chunk_words w ON w.chunk = f.key`
    return best(session, await session.all<Row>(sql, ...asked.values), query)
  })
}

/** Of each model whose vectors are too many to compare them all. Takes as long as it takes: about a second for each 1,500. */
export async function buildGraphs(db: Connection, extension: string): Promise<void> {
  const sql = `SELECT e.key, e.dimensions FROM @.embedder e
    WHERE e.dimensions <= ${MOST_DIMENSIONS} AND (SELECT count(*) FROM @.vector v WHERE v.embedder = e.key) > $1`
  for (const { key, dimensions } of await db.all<{ key: number; dimensions: number }>(sql, COMPARED_IN_FULL)) {
    if (await hasGraph(db, key)) continue
    await db.writing((session) =>
      session.run(`SET LOCAL statement_timeout = 0; SET LOCAL client_min_messages = 'warning';
        CREATE INDEX IF NOT EXISTS ${graphOf(key)} ON @.vector
          USING hnsw ((numbers::"${extension}".halfvec(${dimensions})) "${extension}".halfvec_cosine_ops)
          WHERE embedder = ${key};`),
    )
  }
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

async function hasGraph(session: Session, embedder: number): Promise<boolean> {
  const sql = `SELECT to_regclass('@.${graphOf(embedder)}') IS NOT NULL AS made`
  return (await session.get<{ made: boolean }>(sql))?.made === true
}

function graphOf(embedder: number): string {
  return `vector_graph_${embedder}`
}

/**
 * The graph (HNSW) of a model's vectors, built once there are too many to compare them all, and kept up to date by Postgres.
 * Others write while it is built (https://www.postgresql.org/docs/current/sql-createindex.html, CONCURRENTLY). One that a
 * killed process left half-built is not valid, and is built anew.
 */
import type { Connection, Session } from './connection.ts'
import type { Embedder } from './vectors.ts'

/** Vectors of a model up to which all are compared. */
const COMPARED_IN_FULL = 20_000
/** pgvector's most for `halfvec`. */
const MOST_DIMENSIONS = 4000

/** Of each model that needs one. Takes as long as it takes: about a second for each 1,500 vectors. */
export async function buildGraphs(db: Connection, extension: string): Promise<void> {
  const sql = `SELECT e.key, e.dimensions FROM @.embedder e WHERE e.dimensions <= ${MOST_DIMENSIONS} AND $1 < (
    SELECT count(*) FROM (SELECT FROM @.vector WHERE embedder = e.key LIMIT ${COMPARED_IN_FULL + 1}) v)`
  for (const embedder of await db.all<Embedder>(sql, COMPARED_IN_FULL)) {
    if (await hasGraph(db, embedder.key)) continue
    await db.unhurried((session) => build(session, embedder, extension))
  }
}

export async function hasGraph(session: Session, embedder: number): Promise<boolean> {
  return (await graphIn(session, embedder))?.built === true
}

/** Nothing where another process is at it. */
async function build(session: Session, { key, dimensions }: Embedder, extension: string): Promise<void> {
  const known = await graphIn(session, key)
  if (known !== undefined && (known.built || known.isAtWork)) return
  if (known !== undefined) await session.run(`DROP INDEX CONCURRENTLY IF EXISTS @.${graphOf(key)}`)
  await session.run(`CREATE INDEX CONCURRENTLY IF NOT EXISTS ${graphOf(key)} ON @.vector
    USING hnsw ((numbers::"${extension}".halfvec(${dimensions})) "${extension}".halfvec_cosine_ops)
    WHERE embedder = ${key}`)
  // Until it knows how many there are, Postgres would sooner compare them all.
  await session.run('ANALYZE @.vector, @.chunk, @.document')
}

interface Graph {
  readonly built: boolean
  readonly isAtWork: boolean
}

async function graphIn(session: Session, embedder: number): Promise<Graph | undefined> {
  const sql = `SELECT i.indisvalid AS built, EXISTS (
      SELECT FROM pg_stat_progress_create_index p WHERE p.relid = i.indrelid) AS "isAtWork"
    FROM pg_index i WHERE i.indexrelid = to_regclass('@.${graphOf(embedder)}')`
  return await session.get<Graph>(sql)
}

function graphOf(embedder: number): string {
  return `vector_graph_${embedder}`
}

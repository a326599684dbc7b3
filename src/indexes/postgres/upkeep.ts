/**
 * What autovacuum does for questions, done by whoever writes much, since it comes only after a minute or more. Until Postgres has looked
 * at what its tables hold it takes them for nearly empty, and chooses ways to an answer that take seconds. What was added to the index of
 * words lies on a list of up to 4 MB, which each word that is looked up reads through (https://www.postgresql.org/docs/current/gin-implementation.html#GIN-FAST-UPDATE).
 * And the graphs of vectors, which nobody else builds.
 */
import type { Batch } from '../../core/store.ts'
import type { Connection } from './connection.ts'
import { buildGraphs } from './graph.ts'

/** Never throws. */
export interface Upkeep {
  /** After it is stored. */
  stored(batch: Batch): Promise<void>
  /** At the end of writing. */
  settle(): Promise<void>
}

/** As autovacuum has it (https://www.postgresql.org/docs/current/routine-vacuuming.html#AUTOVACUUM). */
const [LEAST, SHARE] = [50, 0.1]
/** While much is written, less often: each look takes a while. */
const GROWTH = 0.5
const LEAST_GROWTH = 1000

/** @param extension the schema that pgvector is in; null: there are no vectors here */
export function upkeepOf(db: Connection, extension: string | null): Upkeep {
  let [changed, isListed] = [0, false]
  let known: number | null = null

  /** Chunks when it looked last. */
  async function lookedAt(): Promise<number> {
    const sql = "SELECT greatest(reltuples, 0)::float8 AS chunks FROM pg_class WHERE oid = '@.chunk'::regclass"
    known ??= (await db.get<{ chunks: number }>(sql))?.chunks ?? 0
    return known
  }

  async function look(): Promise<void> {
    changed = 0
    known = null
    await db.unhurried((session) =>
      session.run('ANALYZE (SKIP_LOCKED) @.document, @.chunk, @.chunk_text, @.chunk_words, @.token'),
    )
  }

  /** Into the index itself. */
  async function emptyList(): Promise<void> {
    isListed = false
    await db.unhurried((session) =>
      session.run(`SELECT gin_clean_pending_list(oid) FROM pg_class
        WHERE oid = to_regclass('@.chunk_by_terms') AND pg_has_role(relowner, 'USAGE')`),
    )
  }

  async function afterBatch({ put, remove }: Batch): Promise<void> {
    changed += remove.length
    for (const { chunks } of put) changed += chunks.length
    isListed ||= put.length > 0
    if (changed <= LEAST_GROWTH || changed <= GROWTH * (await lookedAt())) return
    await emptyList()
    await look()
  }

  async function atEnd(): Promise<void> {
    if (isListed) await emptyList()
    if (changed > LEAST && changed > SHARE * (await lookedAt())) await look()
  }

  return {
    stored: (batch) => orLater(afterBatch(batch)),
    settle: async () => {
      await orLater(atEnd())
      if (extension !== null) await orLater(buildGraphs(db, extension))
    },
  }
}

/** What can't be done, autovacuum does, or who writes next: what was to be stored is stored, and who stored it must not take it for lost. */
async function orLater(work: Promise<void>): Promise<void> {
  await work.catch(() => undefined)
}

/**
 * What Postgres knows of how much its tables hold, which it chooses the way to an answer by. It looks by itself (autovacuum), but not for
 * a minute or more, and takes a table for nearly empty until then. So whoever writes much has it look.
 */
import type { Batch } from '../../core/store.ts'
import type { Connection } from './connection.ts'

export interface Statistics {
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

export function statisticsOf(db: Connection): Statistics {
  let changed = 0
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

  return {
    async stored({ put, remove }) {
      changed += remove.length
      for (const { chunks } of put) changed += chunks.length
      if (changed > LEAST_GROWTH && changed > GROWTH * (await lookedAt())) await look()
    },
    async settle() {
      if (changed > LEAST && changed > SHARE * (await lookedAt())) await look()
    },
  }
}

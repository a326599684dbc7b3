/** Whether there are vectors: they need pgvector, and a table of its type that is made once it is there. */
import { UnsiloError } from '../../core/errors.ts'
import type { Connection } from './connection.ts'

interface Extension {
  readonly schema: string
  readonly version: string
}

/** The first with `halfvec`: https://github.com/pgvector/pgvector/blob/master/CHANGELOG.md */
const OLDEST = [0, 7] as const

/** The schema that pgvector is in; null where it is not installed. `isMade`: null also where the table is not there. */
export async function vectorsSchema(db: Connection, { isMade }: { readonly isMade: boolean }): Promise<string | null> {
  const sql = `SELECT n.nspname::text AS schema, e.extversion AS version
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'vector'`
  const extension = await db.get<Extension>(sql)
  if (extension === undefined || isTooOld(extension.version)) return null
  return !isMade || (await hasTable(db)) ? extension.schema : null
}

/** Installs pgvector where the server has it and this user may, and makes the table. */
export async function makeVectors(db: Connection): Promise<string | null> {
  const schema = (await vectorsSchema(db, { isMade: false })) ?? (await installed(db))
  if (schema === null || (await hasTable(db))) return schema
  await db.writing((session) =>
    session.run(`
      SET LOCAL client_min_messages = 'warning';
      CREATE TABLE IF NOT EXISTS @.vector (
        chunk bigint PRIMARY KEY REFERENCES @.chunk (key) ON DELETE CASCADE,
        embedder integer NOT NULL REFERENCES @.embedder (key),
        hash text NOT NULL,
        numbers "${schema}".halfvec NOT NULL
      );
      CREATE INDEX IF NOT EXISTS vector_by_embedder ON @.vector (embedder);`),
  )
  return schema
}

async function installed(db: Connection): Promise<string | null> {
  const offered = await db.get(
    "SELECT FROM pg_available_extensions WHERE name = 'vector' AND installed_version IS NULL",
  )
  if (offered === undefined) return null
  try {
    await db.run('CREATE EXTENSION IF NOT EXISTS vector')
  } catch (thrown) {
    // Whoever may not is told when vectors are to be stored: words find without them.
    if (!(thrown instanceof UnsiloError) || thrown.code !== 'DISK') throw thrown
  }
  return await vectorsSchema(db, { isMade: false })
}

async function hasTable(db: Connection): Promise<boolean> {
  const sql = 'SELECT to_regclass($1) IS NOT NULL AS made'
  return (await db.get<{ made: boolean }>(sql, `"${db.schema}".vector`))?.made === true
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])
}

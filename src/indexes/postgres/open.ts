/** Opens a schema: checks the server and that the schema is an index this program knows, makes it or brings it up to date. */
import { UnsiloError } from '../../core/errors.ts'
import { type Connection, connect, type Session } from './connection.ts'
import { lockLeases } from './lease.ts'
import type { Location } from './location.ts'
import { migrations } from './schema/migrations.ts'
import { makeVectors, vectorsSchema } from './vector-schema.ts'
import { versionOf } from './version.ts'

export interface Opened {
  readonly db: Connection
  /** The schema that pgvector is in; null: there are no vectors here. */
  readonly vectors: string | null
  /** Which tables the schema has: others have another number. */
  readonly tables: number
}

const OLDEST_SERVER = 150_000

/** Throws NOT_FOUND where there is no index yet. Creates nothing. */
export async function openForReading(location: Location): Promise<Opened> {
  return await opened(location, async (db) => {
    const version = await versionOf(db, db.schema)
    if (version === 0) throw missing(db.path)
    if (version < migrations.length) throw older(db.path, version)
    return await vectorsSchema(db, { isMade: true })
  })
}

/** Makes the schema where there is none; one that others write to is left as it is. */
export async function openForWriting(location: Location): Promise<Opened> {
  return await opened(location, async (db) => {
    if ((await versionOf(db, db.schema)) < migrations.length) await migrate(db)
    return await makeVectors(db)
  })
}

function missing(path: string): UnsiloError {
  return new UnsiloError('NOT_FOUND', `There is no index at ${path}.`, { hint: 'Run `unsilo sync` to make it.' })
}

async function opened(location: Location, prepare: (db: Connection) => Promise<string | null>): Promise<Opened> {
  const db = await connect(location)
  try {
    await checkServer(db)
    const vectors = await prepare(db)
    return { db, vectors, tables: await tablesOf(db) }
  } catch (thrown) {
    await db.close()
    throw thrown
  }
}

/** Throws LOCKED where a copy has put others into their place. */
export async function checkTables(db: Connection, tables: number): Promise<void> {
  if ((await tablesOf(db)) === tables) return
  throw new UnsiloError('LOCKED', `The index ${db.path} was replaced by another one while it was open.`, {
    hint: 'Ask again: the new one is read then.',
  })
}

/** Which ones the schema has now. */
export async function tablesOf(db: Connection): Promise<number> {
  const sql = "SELECT coalesce(to_regclass('@.document')::oid::bigint, 0) AS tables"
  return (await db.get<{ tables: number }>(sql))?.tables ?? 0
}

async function checkServer(db: Connection): Promise<void> {
  const sql = `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
    current_setting('server_encoding') AS encoding`
  const server = await db.get<{ number: number; version: string; encoding: string }>(sql)
  if ((server?.number ?? 0) < OLDEST_SERVER) {
    throw new UnsiloError('CONFIG_INVALID', `${db.path} is PostgreSQL ${server?.version}, which is too old.`, {
      hint: 'An index needs PostgreSQL 15 or newer.',
    })
  }
  if (server?.encoding === 'UTF8') return
  throw new UnsiloError('CONFIG_INVALID', `${db.path} holds texts as ${server?.encoding}.`, {
    hint: 'An index needs a database of encoding UTF8: createdb --encoding UTF8 --template template0.',
  })
}

async function migrate(db: Connection): Promise<void> {
  await db.writing(async (session) => {
    await session.run('SELECT pg_advisory_xact_lock(hashtext($1))', `unsilo:migrate:${db.schema}`)
    const version = await versionOf(session, db.schema)
    if (version === migrations.length) return
    await session.run("SET LOCAL statement_timeout = 0; SET LOCAL client_min_messages = 'warning'")
    if (version === 0) await begin(session, db.schema)
    else await checkAlone(session, db.schema)
    for (const migration of migrations.slice(version)) await session.run(migration)
    await session.run(`UPDATE @.schema_version SET version = ${migrations.length}`)
  })
}

/** Who may not make schemas may have been given one. */
async function begin(session: Session, schema: string): Promise<void> {
  const given = await session.get('SELECT FROM pg_namespace WHERE nspname = $1', schema)
  if (given === undefined) await session.run(`CREATE SCHEMA "${schema}"`)
  await session.run('CREATE TABLE @.schema_version (version integer NOT NULL); INSERT INTO @.schema_version VALUES (0)')
}

/** Who waits for a lease meanwhile finds the schema that there is then. */
async function checkAlone(session: Session, schema: string): Promise<void> {
  await lockLeases(session, schema)
  const live = await session.get<{ holder: string }>('SELECT holder FROM @.lease WHERE expires > clock_timestamp()')
  if (live === undefined) return
  throw new UnsiloError('LOCKED', `The index ${session.path} is being written to by ${live.holder}.`, {
    hint: 'Its schema is brought up to date once nobody writes. Nothing was changed.',
  })
}

function older(path: string, version: number): UnsiloError {
  const schemas = `its schema is ${version}, this one reads ${migrations.length}`
  return new UnsiloError('INDEX_OLDER', `${path} was written by an older unsilo: ${schemas}.`, {
    hint: 'Nothing of it is lost. `unsilo sync` brings it up to date.',
  })
}

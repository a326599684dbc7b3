/** The content of one schema in the place of another's: its tables move, with their indexes and sequences, and get the rights of the old ones. */
import { UnsiloError } from '../../core/errors.ts'
import { MARK } from '../filling.ts'
import type { Connection, Session } from './connection.ts'
import { holdLease, type Lease } from './lease.ts'
import { forgetLedger } from './ledger.ts'
import { checkOwn } from './own-tables.ts'

export const CONTENT_TABLES = [
  ...['source', 'document', 'document_text', 'chunk', 'chunk_text', 'chunk_words', 'token', 'size'],
  ...['embedder', 'vector', 'failure', 'skip', 'run'],
]
/** Only where there is pgvector. */
const OPTIONAL = 'vector'
/** What stays in the schema that it is in: who may write there, and what was published from it. */
export const KEPT_TABLES = ['schema_version', 'lease', 'note']
/**
 * How long who reads is waited for, for all tables together, while all others wait behind. Less than it takes Postgres to look for a
 * deadlock: so it is never the reader that is broken off.
 */
const TURN_MS = 500
/** For what was made nobody waits: long enough for Postgres to break off autovacuum, which comes to what was just written. */
const OWN_TURN_MS = 5000
/** The server ends it where nothing comes for so long: this process may be stopped while all wait. */
const LONGEST_PAUSE_MS = 3000
/** `lock_timeout`, `statement_timeout` */
const TOO_LONG = ['55P03', '57014']
/** `undefined_table`, `invalid_schema_name`: dropped after it was seen */
const NO_TABLE = ['42P01', '3F000']

/** False where somebody reads just now, and nothing was changed. Throws LOCKED where the lease is over. */
export async function swapIn(db: Connection, lease: Lease, beside: string): Promise<boolean> {
  try {
    await db.writing((session) => swap(session, lease, db.schema, beside))
    return true
  } catch (thrown) {
    if (isOneOf(TOO_LONG, thrown)) return false
    throw isOneOf(NO_TABLE, thrown) ? gone(db.path, thrown) : thrown
  }
}

/** Throws USAGE where the old tables can't be dropped, or something would be lost with them. */
export async function checkReplaceable(session: Session, schema: string): Promise<void> {
  await checkOwn(session, { schema, tables: CONTENT_TABLES, isAlone: false })
}

/**
 * Nothing but the mark is written to the new tables: a reader whose transaction began before, and that comes to them after, would not
 * see it. Who waits for an old table looks its name up anew then.
 */
async function swap(session: Session, lease: Lease, schema: string, beside: string): Promise<void> {
  await holdLease(session, lease, null)
  await session.run(`SET LOCAL idle_in_transaction_session_timeout = ${LONGEST_PAUSE_MS};
    SET LOCAL lock_timeout = 0; SET LOCAL client_min_messages = 'warning'`)
  const [old, made] = [await thereOf(session, schema, CONTENT_TABLES), await thereOf(session, beside, CONTENT_TABLES)]
  const left = await thereOf(session, beside, KEPT_TABLES)
  checkWhole(session, old, made)
  await lockAll(session, beside, [...made, ...left], OWN_TURN_MS)
  await lockAll(session, schema, old, TURN_MS)
  await checkReplaceable(session, schema)
  const rights = [...(await revoking(session, beside, made)), ...(await granting(session, schema, made))]
  await session.run(`DROP TABLE ${old.map((table) => `@.${table}`).join(', ')}`)
  for (const table of made) await session.run(`ALTER TABLE "${beside}".${table} SET SCHEMA "${schema}"`)
  for (const statement of rights) await session.run(statement)
  await forgetLedger(session, MARK)
  // The schema itself stays: this user may have been given it, and not be able to make another.
  await session.run(`DROP TABLE IF EXISTS ${KEPT_TABLES.map((table) => `"${beside}".${table}`).join(', ')};
    DROP SEQUENCE IF EXISTS "${beside}".lease_token`)
}

async function thereOf(session: Session, schema: string, tables: readonly string[]): Promise<readonly string[]> {
  const sql = 'SELECT tablename::text AS name FROM pg_tables WHERE schemaname = $1 AND tablename = ANY ($2) ORDER BY 1'
  return (await session.all<{ name: string }>(sql, schema, tables)).map(({ name }) => name)
}

async function lockAll(session: Session, schema: string, tables: readonly string[], patience: number): Promise<void> {
  const all = tables.map((table) => `"${schema}".${table}`).join(', ')
  await session.run(`SET LOCAL statement_timeout = ${patience}`)
  await session.run(`LOCK TABLE ${all} IN ACCESS EXCLUSIVE MODE`)
  await session.run('SET LOCAL statement_timeout = 0')
}

/** Somebody may have dropped what was made, and nothing would take the place of what is dropped here. */
function checkWhole({ path }: Session, old: readonly string[], made: readonly string[]): void {
  const lost = old.filter((table) => table !== OPTIONAL && !made.includes(table))
  if (lost.length === 0) return
  throw gone(path)
}

function gone(path: string, cause?: unknown): UnsiloError {
  return new UnsiloError('INDEX_UNAVAILABLE', `What was to replace ${path} is gone.`, {
    hint: 'Nothing was changed. Somebody dropped it while it waited: run the same again.',
    ...(cause !== undefined && { cause }),
  })
}

// --- who may what ------------------------------------------------------------------------------------------------

const GRANTEE = "CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END"

/** What others were given of tables as they were made. */
async function revoking(session: Session, schema: string, tables: readonly string[]): Promise<readonly string[]> {
  return await ofRights(session, `format('REVOKE ALL ON @.%I FROM %s', c.relname, ${GRANTEE})`, schema, tables)
}

/** Whose tables are, and what others may do with them. */
async function granting(session: Session, schema: string, tables: readonly string[]): Promise<readonly string[]> {
  const owned = `SELECT format('ALTER TABLE @.%I OWNER TO %I', tablename, tableowner) AS statement FROM pg_tables
    WHERE schemaname = $1 AND tablename = ANY ($2) AND tableowner <> current_user`
  const granted = `format('GRANT %s ON @.%I TO %s%s', a.privilege_type, c.relname, ${GRANTEE},
    CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)`
  const owners = await session.all<{ statement: string }>(owned, schema, tables)
  return [...owners.map(({ statement }) => statement), ...(await ofRights(session, granted, schema, tables))]
}

/** A statement of each right that somebody but the owner has to a table. */
async function ofRights(
  session: Session,
  statement: string,
  schema: string,
  tables: readonly string[],
): Promise<readonly string[]> {
  const sql = `SELECT DISTINCT ${statement} AS statement FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL aclexplode(c.relacl) a
    WHERE n.nspname = $1 AND c.relname = ANY ($2) AND c.relkind = 'r' AND a.grantee <> c.relowner`
  return (await session.all<{ statement: string }>(sql, schema, tables)).map((row) => row.statement)
}

/** @param codes of https://www.postgresql.org/docs/current/errcodes-appendix.html */
function isOneOf(codes: readonly string[], thrown: unknown): boolean {
  const cause = thrown instanceof UnsiloError ? thrown.cause : null
  return cause instanceof Error && 'code' in cause && codes.includes(String(cause.code))
}

/**
 * Who may write: a row for each source that a writer was opened for, or one for all. It says who, until when by the server's
 * clock, and a number that grows with each holder. Every transaction that writes puts the end off, or fails: whoever slept
 * through it writes nothing more, whether or not somebody else came. While it writes nobody can take the row.
 */
import { UnsiloError } from '../../core/errors.ts'
import {
  ALL,
  blockersOf,
  type LeaseOptions,
  leaseOver,
  type Moment,
  moment,
  notOpenedFor,
  PUBLISHING,
  scopesOf,
  waitForLease,
} from '../remote-lease.ts'
import type { Connection, Session } from './connection.ts'
import { versionOf } from './version.ts'

export interface Lease {
  readonly token: number
  /** Names of sources, or `ALL` alone. */
  readonly scopes: readonly string[]
  readonly milliseconds: number
  /** When it was asked for. */
  readonly since: Moment
}

/** How long a batch that is being stored is waited for. */
const PATIENCE_MS = 3000

/** Throws LOCKED, naming the holder, and INTERRUPTED. */
export async function takeLease(db: Connection, options: LeaseOptions): Promise<Lease> {
  return await waitForLease(db.path, options, () => tryTake(db, options))
}

/**
 * In a transaction that writes: holds the row until it ends, and the server ends it where nothing comes for half as long as
 * the lease, so that who is stopped in the middle keeps nobody out. Throws LOCKED where the lease is over.
 */
export async function holdLease(session: Session, lease: Lease, source: string | null): Promise<void> {
  const scopes = scopesFor(lease, source)
  if (scopes.length === 0) throw notOpenedFor(session.path, source)
  await session.run(`SET LOCAL idle_in_transaction_session_timeout = ${Math.ceil(lease.milliseconds / 2)}`)
  if ((await renew(session, lease, scopes)) < scopes.length)
    throw leaseOver(session.path, 'Nothing of this batch was stored')
}

/** Puts the end off; what is over stays so. */
export async function renew(
  session: Session,
  { token, milliseconds }: Lease,
  scopes: readonly string[],
): Promise<number> {
  const sql = `UPDATE @.lease SET expires = clock_timestamp() + $1 * interval '1 millisecond'
    WHERE token = $2 AND scope = ANY ($3) AND expires > clock_timestamp()`
  return await session.run(sql, milliseconds, token, scopes)
}

export async function releaseLease(db: Connection, { token }: Lease): Promise<void> {
  await db.run('DELETE FROM @.lease WHERE token = $1', token)
}

/** Of whoever writes to sources. */
export async function readHolder(db: Connection): Promise<string | null> {
  const sql = 'SELECT DISTINCT holder FROM @.lease WHERE expires > clock_timestamp() AND scope <> $1 ORDER BY holder'
  const holders = (await db.all<{ holder: string }>(sql, PUBLISHING)).map(({ holder }) => holder)
  return holders.length === 0 ? null : holders.join(', ')
}

/** Until the transaction ends nobody else takes a lease, and nobody brings the schema up to date. */
export async function lockLeases(session: Session, schema: string): Promise<void> {
  await session.run('SELECT pg_advisory_xact_lock(hashtext($1))', `unsilo:lease:${schema}`)
}

/** The lease, or who is in the way. Throws INDEX_NEWER where the schema was brought up to date while it was waited for. */
async function tryTake(db: Connection, { sources, holder, milliseconds }: LeaseOptions): Promise<Lease | string> {
  const [scopes, blockers] = [scopesOf(sources), blockersOf(sources)]
  const since = moment()
  try {
    return await db.writing(async (session) => {
      await session.run(`SET LOCAL lock_timeout = ${PATIENCE_MS}`)
      await lockLeases(session, db.schema)
      await versionOf(session, db.schema)
      const rows = await session.all<{ holder: string; is_live: boolean }>(
        `SELECT holder, expires > clock_timestamp() AS is_live FROM @.lease
          WHERE ($1 AND scope <> $2) OR scope = ANY ($3) ORDER BY scope FOR UPDATE`,
        ...[blockers.all, PUBLISHING, blockers.scopes],
      )
      const live = rows.find(({ is_live }) => is_live)
      if (live !== undefined) return live.holder
      return await take(session, scopes, holder, milliseconds, since)
    })
  } catch (thrown) {
    if (thrown instanceof UnsiloError && thrown.code === 'LOCKED') return 'a process that is storing a batch'
    throw thrown
  }
}

async function take(
  session: Session,
  scopes: readonly string[],
  holder: string,
  milliseconds: number,
  since: Moment,
): Promise<Lease> {
  const next = await session.get<{ token: number }>("SELECT nextval('@.lease_token') AS token")
  const token = next?.token ?? 0
  await session.run(
    `INSERT INTO @.lease (scope, token, holder, expires)
      SELECT scope, $2, $3, clock_timestamp() + $4 * interval '1 millisecond' FROM unnest($1::text[]) AS scope
      ON CONFLICT (scope) DO UPDATE SET token = excluded.token, holder = excluded.holder, expires = excluded.expires`,
    ...[scopes, token, holder, milliseconds],
  )
  return { token, scopes, milliseconds, since }
}

/** Null: whatever it is for. */
function scopesFor({ scopes }: Lease, source: string | null): readonly string[] {
  return source === null || scopes.includes(ALL) ? scopes : scopes.filter((scope) => scope === source)
}

/** What publishing remembers, in a table of the index's schema: written by one process at a time, by a lease of its own. */
import { UnsiloError } from '../../core/errors.ts'
import type { Json } from '../../core/json.ts'
import type { Notes } from '../../core/notes.ts'
import { type NotesKeeper, type NotesOptions, parseNote, readNotes, writtenNotes } from '../kept-notes.ts'
import {
  beating,
  LEASE_MS,
  type LeaseClock,
  leaseClock,
  leaseOptions,
  leaseOver,
  moment,
  PUBLISHING,
} from '../remote-lease.ts'
import type { Connection, Session } from './connection.ts'
import { holdLease, type Lease, releaseLease, renew, takeLease } from './lease.ts'
import { parseLocation } from './location.ts'
import { openForReading } from './open.ts'

const PAGE = 500

/** Throws what opening the index does, LOCKED where another process publishes, and DISK where this user may not read them. */
export async function openPostgresNotes(location: string, options: NotesOptions, leaseMs = LEASE_MS): Promise<Notes> {
  const { db } = await openForReading(parseLocation(location))
  try {
    await checkRight(db)
    if (options.mode === 'write') return await written(db, options, leaseMs)
    const notes = await db.reading(readAll)
    await db.close()
    return readNotes(db.path, notes)
  } catch (thrown) {
    await db.close()
    throw thrown
  }
}

async function written(db: Connection, options: NotesOptions, milliseconds: number): Promise<Notes> {
  const lease = await takeLease(db, leaseOptions(options, milliseconds, [PUBLISHING]))
  try {
    return writtenNotes(db.path, await db.reading(readAll), keeperOf(db, lease, leaseClock(milliseconds, lease.since)))
  } catch (thrown) {
    await releaseLease(db, lease).catch(() => undefined)
    throw thrown
  }
}

function keeperOf(db: Connection, lease: Lease, clock: LeaseClock): NotesKeeper {
  const heart = beating(async () => {
    const since = moment()
    if ((await renew(db, lease, lease.scopes)) === 0) clock.end()
    else clock.putOff(since)
  }, lease.milliseconds)

  async function writing(work: (session: Session) => Promise<unknown>): Promise<void> {
    const since = moment()
    await db.writing(async (session) => {
      await holdLease(session, lease, null)
      await work(session)
    })
    clock.putOff(since)
  }

  return {
    put: (key, text) => writing((session) => putAll(session, [[key, text]])),
    remove: (key) => writing((session) => session.run('DELETE FROM @.note WHERE key = $1', key)),
    replace: (texts) =>
      writing(async (session) => {
        await session.run('DELETE FROM @.note')
        await putAll(session, [...texts])
      }),
    check: () => {
      if (clock.isOver()) throw leaseOver(db.path, 'Nothing more was noted')
    },
    close: async () => {
      clearInterval(heart)
      try {
        await releaseLease(db, lease)
      } finally {
        await db.close()
      }
    },
  }
}

async function readAll(session: Session): Promise<ReadonlyMap<string, Json>> {
  const notes = new Map<string, Json>()
  for (let after = ''; ; ) {
    const sql = `SELECT key, value FROM @.note WHERE key > $1 ORDER BY key LIMIT ${PAGE}`
    const rows = await session.all<{ key: string; value: string }>(sql, after)
    for (const { key, value } of rows) notes.set(key, parseNote(session.path, key, value))
    const last = rows.at(-1)
    if (last === undefined) return notes
    after = last.key
  }
}

async function putAll(session: Session, notes: readonly (readonly [key: string, text: string])[]): Promise<void> {
  for (let at = 0; at < notes.length; at += PAGE) {
    const page = notes.slice(at, at + PAGE)
    await session.run(
      `INSERT INTO @.note (key, value) SELECT * FROM unnest($1::text[], $2::text[])
        ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
      page.map(([key]) => key),
      page.map(([, text]) => text),
    )
  }
}

/** Without them nobody knows which articles are ours, so that they can't be read is never that there are none. */
async function checkRight(db: Connection): Promise<void> {
  const right = await db.get<{ given: boolean }>(`SELECT has_table_privilege('@.note', 'SELECT') AS given`)
  if (right?.given === true) return
  throw new UnsiloError('DISK', `What was published from ${db.path} may not be read by this user.`, {
    hint: 'Nothing was changed. Use the role that publishes, as the README of this driver says: one that only reads the index has no right to it. `unsilo copy --no-notes` copies without.',
  })
}

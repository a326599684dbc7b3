/**
 * What publishing remembers, in the index beside the generations, so that nobody goes back with it: a document each, written by one
 * process at a time, by a lease of its own.
 */
import { sha256 } from '../../core/ids.ts'
import type { Json } from '../../core/json.ts'
import type { Notes } from '../../core/notes.ts'
import { type NotesKeeper, type NotesOptions, parseNote, readNotes, writtenNotes } from '../kept-notes.ts'
import { beating, LEASE_MS, leaseOptions, PUBLISHING } from '../remote-lease.ts'
import { show, type Write, writeAll } from './bulk.ts'
import type { Connection } from './connection.ts'
import { controlOf, type Lease, lost, takeLease } from './lease.ts'
import { parseLocation } from './location.ts'
import { openForReading } from './open.ts'
import { CONTROL_FIELDS } from './schema.ts'
import { searchAll } from './search.ts'

interface StoredNote {
  readonly note: string
  readonly key: string
  readonly value: string
}

/** Of an answer: each may be as long as a text. */
const PAGE = 200

/** Throws what opening the index does, and LOCKED where another process publishes. */
export async function openOpenSearchNotes(location: string, options: NotesOptions, leaseMs = LEASE_MS): Promise<Notes> {
  const { db } = await openForReading(parseLocation(location))
  try {
    if (options.mode === 'write') return await written(db, options, leaseMs)
    const notes = await readAll(db)
    await db.close()
    return readNotes(db.path, notes)
  } catch (thrown) {
    await db.close()
    throw thrown
  }
}

/** Fields that one of an earlier build does not have yet; one that is not there is left so. */
export async function renewControl(db: Connection): Promise<void> {
  const fields = await fieldsOf(db)
  if (fields === null || Object.keys(CONTROL_FIELDS).every((name) => name in fields)) return
  await db.ask({ method: 'PUT', path: `/${controlOf(db)}/_mapping`, body: { properties: CONTROL_FIELDS } })
}

async function written(db: Connection, options: NotesOptions, milliseconds: number): Promise<Notes> {
  const find = async () => ({ index: controlOf(db) })
  const { lease } = await takeLease(db, find, leaseOptions(options, milliseconds, [PUBLISHING]))
  try {
    await renewControl(db)
    return writtenNotes(db.path, await readAll(db), keeperOf(db, lease, milliseconds))
  } catch (thrown) {
    await lease.release().catch(() => undefined)
    throw thrown
  }
}

function keeperOf(db: Connection, lease: Lease, milliseconds: number): NotesKeeper {
  const heart = beating(() => lease.renew(), milliseconds)

  async function writing(writes: readonly Write[]): Promise<void> {
    await lease.renew()
    await writeAll(db, { alias: lease.alias, version: lease.next(), check: lease.check }, writes)
  }

  return {
    put: (key, text) => writing([putting(key, text)]),
    remove: (key) => writing([{ type: 'remove', id: noteKey(key) }]),
    replace: async (texts) => {
      const kept = new Set([...texts.keys()].map(noteKey))
      const gone = (await storedIn(db)).filter(({ note }) => !kept.has(note))
      // Stopped in between, there are fewer of those before, and none of them beside what is put: that may be another workspace.
      await writing(gone.map(({ note: id }) => ({ type: 'remove', id })))
      await writing([...texts].map(([key, text]) => putting(key, text)))
    },
    check: lease.check,
    close: async () => {
      clearInterval(heart)
      try {
        await lease.release()
      } finally {
        await db.close()
      }
    },
  }
}

function putting(key: string, value: string): Write {
  const note = noteKey(key)
  return { type: 'put', id: note, body: { note, key, value } satisfies StoredNote }
}

function noteKey(key: string): string {
  return sha256(JSON.stringify(['note', key]))
}

async function readAll(db: Connection): Promise<ReadonlyMap<string, Json>> {
  const stored = await storedIn(db)
  return new Map(stored.map(({ key, value }) => [key, parseNote(db.path, key, value)]))
}

/**
 * What was written right before is shown first; who may only read sees that within a second. Of the leading copy: where segments are
 * copied (`replication.type: SEGMENT`), another one lags behind it, and what it lacks would be published again.
 */
async function storedIn(db: Connection): Promise<readonly StoredNote[]> {
  const fields = await fieldsOf(db)
  if (fields === null) throw lost(db)
  if (!('note' in fields)) return []
  await show(db, controlOf(db), [403])
  const asked = { query: { exists: { field: 'note' } }, _source: true }
  const how = { by: 'note', page: PAGE, parameters: '&preference=_primary' }
  const notes: StoredNote[] = []
  const found = searchAll<StoredNote>(db, controlOf(db), asked, how)
  for await (const { _source } of found) notes.push(_source)
  return notes
}

/** Null where the index is lost: asked for its lease, OpenSearch makes an empty one in its place. */
async function fieldsOf(db: Connection): Promise<object | null> {
  const path = `/${controlOf(db)}/_mapping`
  const { status, body } = await db.ask<Record<string, { mappings: { properties?: object } }>>({
    method: 'GET',
    path,
    accept: [404],
  })
  const fields = status === 404 ? {} : (Object.values(body)[0]?.mappings.properties ?? {})
  return 'leases' in fields ? fields : null
}

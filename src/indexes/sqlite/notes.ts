/** Notes in a SQLite file beside the index: each is whole or absent, whenever the process is killed. */
import { existsSync } from 'node:fs'
import type { Json } from '../../core/json.ts'
import type { Notes } from '../../core/notes.ts'
import { type NotesOptions, parseNote, readNotes, writtenNotes } from '../kept-notes.ts'
import { type Connection, connect } from './connection.ts'
import { notAnIndex, translating } from './errors.ts'
import { lockFile, takeLock } from './lock.ts'
import { createPrivately, type OpenFile, PATIENCE_MS, takingBack } from './open.ts'
import { fileAt } from './sqlite.ts'

/** `unsn` in ASCII, in the file's header. */
const APPLICATION_ID = 0x75_6e_73_6e
const VERSION = 1

/** @param index its file; of what is not there yet, too. Throws LOCKED, and INDEX_DAMAGED for what is no file of notes. */
export async function openSqliteNotes(index: string, options: NotesOptions): Promise<Notes> {
  const path = `${fileAt(index)}.intercom.db`
  const { default: Database } = await import('better-sqlite3')
  const open: OpenFile = (name, settings) => new Database(name, settings)
  if (options.mode === 'read') return readNotes(path, existsSync(path) ? readAt(path, open) : new Map())
  const { holder, lockTimeoutMs: timeoutMs = 0, signal } = options
  translating(path, () => createPrivately(lockFile(path)))
  const lock = await takeLock(path, { holder, timeoutMs, signal }, open)
  try {
    translating(path, () => createPrivately(path))
    return writtenAt(path, open, lock.release)
  } catch (thrown) {
    lock.release()
    throw thrown
  }
}

function readAt(path: string, open: OpenFile): ReadonlyMap<string, Json> {
  return takingBack(path, open, () => {
    const db = opened(path, open, { readonly: true, fileMustExist: true })
    try {
      return isNew(db) ? new Map() : readAll(db)
    } finally {
      db.close()
    }
  })
}

function writtenAt(path: string, open: OpenFile, release: () => void): Notes {
  const db = opened(path, open, {})
  try {
    prepare(db)
    return writtenNotes(path, readAll(db), {
      put: async (key, text) => put(db, key, text),
      remove: async (key) => void db.run('DELETE FROM note WHERE key = ?', key),
      replace: async (texts) =>
        db.writing(() => {
          db.run('DELETE FROM note')
          for (const [key, text] of texts) put(db, key, text)
        }),
      // The operating system keeps the lock for as long as this process lives.
      check: () => {},
      close: async () => {
        db.close()
        release()
      },
    })
  } catch (thrown) {
    db.close()
    throw thrown
  }
}

function opened(path: string, open: OpenFile, settings: Parameters<OpenFile>[1]): Connection {
  return connect(
    path,
    translating(path, () => open(path, { ...settings, timeout: PATIENCE_MS })),
  )
}

/** Throws INDEX_DAMAGED. */
function isNew(db: Connection): boolean {
  const { application = 0, version = 0 } =
    db.get<{ application: number; version: number }>(
      'SELECT application_id AS application, user_version AS version FROM pragma_application_id, pragma_user_version',
    ) ?? {}
  if (application === 0 && version === 0) return true
  if (application === APPLICATION_ID && version === VERSION) return false
  throw notAnIndex(db.path, 'holds no notes of publishing that this version can read.')
}

function prepare(db: Connection): void {
  const isMade = !isNew(db)
  db.execute('PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
  if (isMade) return
  db.writing(() =>
    db.execute(`CREATE TABLE note (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;
      PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${VERSION}`),
  )
}

function readAll(db: Connection): ReadonlyMap<string, Json> {
  const rows = db.all<{ key: string; value: string }>('SELECT key, value FROM note ORDER BY key')
  return new Map(rows.map(({ key, value }) => [key, parseNote(db.path, key, value)]))
}

function put(db: Connection, key: string, text: string): void {
  const sql = 'INSERT INTO note (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value'
  db.run(sql, key, text)
}

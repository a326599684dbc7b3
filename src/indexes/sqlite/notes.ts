/** Notes in one SQLite file: each is whole or absent, whenever the process is killed. One process writes at a time. */
import { existsSync } from 'node:fs'
import type { Json } from '../../core/json.ts'
import type { Notes } from '../../core/notes.ts'
import { connect } from './connection.ts'
import { notAnIndex, translating } from './errors.ts'
import { lockFile, takeLock } from './lock.ts'
import { createPrivately, type OpenFile } from './open.ts'

export interface NotesOptions {
  /** `read` creates no file, and refuses to write. */
  readonly mode: 'read' | 'write'
  /** Who holds the lock, as another writer is told. */
  readonly holder: string
}

/** `unsn` in ASCII, in the file's header. */
const APPLICATION_ID = 0x75_6e_73_6e
const VERSION = 1

/** Throws LOCKED where another process writes, and INDEX_DAMAGED for what is no file of notes. */
export async function openNotes(path: string, { mode, holder }: NotesOptions): Promise<Notes> {
  const { default: Database } = await import('better-sqlite3')
  const open: OpenFile = (name, settings) => new Database(name, settings)
  if (mode === 'read') return existsSync(path) ? notesAt(path, open, true, () => {}) : nothing()
  translating(path, () => createPrivately(lockFile(path)))
  const lock = await takeLock(path, { holder, timeoutMs: 0, signal: undefined }, open)
  try {
    translating(path, () => createPrivately(path))
    return notesAt(path, open, false, lock.release)
  } catch (thrown) {
    lock.release()
    throw thrown
  }
}

function notesAt(path: string, open: OpenFile, readonly: boolean, release: () => void): Notes {
  const db = connect(
    path,
    translating(path, () => open(path, { readonly, timeout: 5000 })),
  )
  const { application = 0, version = 0 } =
    db.get<{ application: number; version: number }>(
      'SELECT application_id AS application, user_version AS version FROM pragma_application_id, pragma_user_version',
    ) ?? {}
  const isNew = application === 0 && version === 0
  if (!isNew && (application !== APPLICATION_ID || version !== VERSION)) {
    db.close()
    throw notAnIndex(path, 'holds no notes of publishing that this version can read.')
  }
  if (isNew && readonly) return nothing()
  if (!readonly) db.execute('PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON')
  if (isNew) {
    db.writing(() =>
      db.execute(`CREATE TABLE note (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;
        PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${VERSION}`),
    )
  }
  return {
    all: () =>
      new Map(
        db
          .all<{ key: string; value: string }>('SELECT key, value FROM note ORDER BY key')
          .map(({ key, value }) => [key, JSON.parse(value) as Json]),
      ),
    put: (key, note) =>
      void db.run(
        'INSERT INTO note (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
        key,
        JSON.stringify(note),
      ),
    remove: (key) => void db.run('DELETE FROM note WHERE key = ?', key),
    close: () => {
      db.close()
      release()
    },
  }
}

function nothing(): Notes {
  const refuse = (): never => {
    throw new Error('notes that were opened to be read are not written')
  }
  return { all: () => new Map(), put: refuse, remove: refuse, close: () => {} }
}

/**
 * One writer at a time. The lock is a write transaction that stays open on a small SQLite file beside the index: the
 * operating system frees it when the process dies, however it dies. The holder's name is a row in that same file,
 * which others can read while the transaction is open. The file stays: removing it would let two writers hold two.
 */
import type Database from 'better-sqlite3'
import { UnsiloError } from '../core/errors.ts'
import { translating } from './sqlite-errors.ts'

export interface Lock {
  release(): void
}

/** Another process may slip in between two transactions of ours; it gives up at once, so a few tries are plenty. */
const TRIES = 10

/** Throws LOCKED at once, naming the holder, when another writer has it. */
export function takeLock(path: string, holder: string, open: (path: string) => Database.Database): Lock {
  return translating(path, () => {
    const db = open(path)
    try {
      acquire(db, path, holder)
    } catch (thrown) {
      db.close()
      throw thrown
    }
    return { release: () => void db.close() }
  })
}

function acquire(db: Database.Database, path: string, holder: string): void {
  db.pragma('journal_mode = MEMORY')
  for (let tries = 0; tries < TRIES; tries++) {
    if (!begin(db)) break
    if (readHolder(db) === holder) return
    db.exec('CREATE TABLE IF NOT EXISTS holder (one INTEGER PRIMARY KEY CHECK (one = 1), name TEXT NOT NULL) STRICT')
    db.prepare('INSERT OR REPLACE INTO holder VALUES (1, ?)').run(holder)
    db.exec('COMMIT')
  }
  throw locked(path, readHolder(db))
}

function begin(db: Database.Database): boolean {
  try {
    db.exec('BEGIN IMMEDIATE')
    return true
  } catch (thrown) {
    if (isBusy(thrown)) return false
    throw thrown
  }
}

function readHolder(db: Database.Database): string | undefined {
  try {
    return db.prepare<[], { name: string }>('SELECT name FROM holder').get()?.name
  } catch {
    // No table yet, or its writer is just committing: the name is a courtesy.
    return undefined
  }
}

function isBusy(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('SQLITE_BUSY')
}

function locked(path: string, holder: string | undefined): UnsiloError {
  const index = path.replace(/\.lock$/, '')
  return new UnsiloError('LOCKED', `Another run is writing to ${index}${holder ? `: ${holder}` : ''}.`, {
    hint: 'Wait until it has finished, then try again. The lock frees itself when that process ends.',
  })
}

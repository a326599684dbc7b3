/** The index as one SQLite file with FTS5. README.md in this folder describes the schema. */
import { resolve } from 'node:path'
import { UnsiloError } from '../core/errors.ts'
import type { Store } from '../core/types.ts'
import type { Connection } from './sqlite-connection.ts'
import { countsOf } from './sqlite-counts.ts'
import { translating } from './sqlite-errors.ts'
import { takeLock } from './sqlite-lock.ts'
import { createPrivately, type OpenFile, openForReading, openForWriting, settle } from './sqlite-open.ts'
import { searchLexical } from './sqlite-query.ts'
import * as read from './sqlite-read.ts'
import { applyBatch, purgeRemovedText } from './sqlite-write.ts'

export interface SqliteOptions {
  /** `write` (the default) takes the one-writer lock; `read` creates no file and works beside a writer. */
  readonly mode?: 'read' | 'write'
  /** Who holds the lock, as another writer is told. */
  readonly holder?: string
}

/**
 * Throws NOT_FOUND (reading, no index yet), LOCKED (another writer), DISK, INDEX_DAMAGED (no index of ours) or
 * INDEX_NEWER. Each leaves the file as it is.
 */
export async function openSqlite(path: string, options: SqliteOptions = {}): Promise<Store> {
  const { default: Database } = await import('better-sqlite3')
  const open: OpenFile = (name, settings) => new Database(name, settings)
  const file = resolve(path)
  if (options.mode === 'read') return readingStore(openForReading(file, open))
  return writingStore(file, options.holder ?? `process ${process.pid}`, open)
}

function writingStore(path: string, holder: string, open: OpenFile): Store {
  const lockPath = `${path}.lock`
  translating(path, () => createPrivately(lockPath))
  const lock = takeLock(lockPath, holder, (name) => open(name, { timeout: 0 }))
  try {
    const db = openForWriting(path, open)
    return {
      ...readingStore(db),
      apply: async (batch) => applyBatch(db, batch),
      close: async () => closeWriter(db, lock.release),
    }
  } catch (thrown) {
    lock.release()
    throw thrown
  }
}

function closeWriter(db: Connection, release: () => void): void {
  if (!db.isOpen()) return
  try {
    purgeRemovedText(db)
    settle(db)
  } finally {
    db.close()
    release()
  }
}

function readingStore(db: Connection): Store {
  const counts = countsOf(db)
  return {
    state: async (source) => read.readState(db, source),
    heads: async (source, ids) => read.readHeads(db, source, ids),
    ids: async (source) => read.readIds(db, source),
    includers: async (source) => read.readIncluders(db, source),
    apply: async () => {
      throw new UnsiloError('UNEXPECTED', `The index ${db.path} was opened for reading only.`)
    },
    lexical: async (query) => searchLexical(db, query),
    frequencies: async (terms) => counts(terms),
    document: async (id, as) => read.readDocument(db, id, as),
    documents: (as, sources) => read.readDocuments(db, as, sources),
    stored: async (ids) => read.readStored(db, ids),
    chunks: async (id) => read.readChunks(db, id),
    sources: async () => read.readSources(db),
    stats: async (source) => read.readStats(db, source),
    runs: async (source, limit) => read.readRuns(db, source, limit),
    quarantine: async (source) => read.readQuarantine(db, source),
    close: async () => db.close(),
  }
}

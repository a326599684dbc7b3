/** The index as one SQLite file with FTS5. README.md in this folder describes the schema. */
import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { UnsiloError } from '../../core/errors.ts'
import type { Damage, Remake, RepairReport } from '../../core/repair.ts'
import type { Store } from '../../core/store.ts'
import type { Upgrade } from '../upgrade.ts'
import { fillCodes } from './codes.ts'
import type { Connection } from './connection.ts'
import { countsOf } from './counts.ts'
import { translating } from './errors.ts'
import { countsFor } from './held.ts'
import { candidatesOf, readPassages } from './hits.ts'
import * as ledger from './ledger.ts'
import { lockFile, readHolder, takeLock } from './lock.ts'
import { listingOf } from './narrow.ts'
import { nearestOf } from './nearest.ts'
import { createPrivately, missing, type OpenFile, openForReading, openForWriting, settle } from './open.ts'
import { lexicalOf } from './query.ts'
import * as read from './read.ts'
import { repairFile } from './repair.ts'
import { seal } from './seal.ts'
import { countShelf, readBeside, readShelf } from './shelves.ts'
import { alikeIn } from './spellings.ts'
import { countUnembedded, embed, readEmbedded, readUnembedded } from './vectors.ts'
import { verify } from './verify.ts'
import { listLanguages, listTokens } from './vocabulary.ts'
import { applyBatch, forgetSource, purgeRemovedText } from './write.ts'

export interface SqliteOptions {
  /** `write` (the default) takes the one-writer lock; `read` makes no index and works beside a writer. */
  readonly mode?: 'read' | 'write'
  /** Who holds the lock, as another writer is told. */
  readonly holder?: string
  /** How long to wait for another writer; absent: not at all. */
  readonly lockTimeoutMs?: number
  /** Ends that wait. */
  readonly signal?: AbortSignal
  /** Told before an older index is brought up to date. */
  readonly onUpgrade?: (upgrade: Upgrade) => void
}

export interface RepairOptions extends Omit<SqliteOptions, 'mode'> {
  readonly remake: Remake
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/**
 * Throws NOT_FOUND (reading, no index yet), LOCKED (another writer), DISK, INDEX_DAMAGED (no index of ours), INDEX_OLDER
 * (reading) or INDEX_NEWER. Each leaves the file as it is.
 */
export async function openSqlite(path: string, options: SqliteOptions = {}): Promise<Store> {
  const open = await opener()
  const file = fileAt(path)
  if (options.mode === 'read') return readingStore(openForReading(file, open), async () => readHolder(file, open))
  return writingStore(file, options, open)
}

/** What is not as it was written, most serious first. Throws what opening for reading does. Writes no more than that. */
export async function verifySqlite(path: string): Promise<readonly Damage[]> {
  const db = openForReading(fileAt(path), await opener())
  try {
    return verify(db)
  } finally {
    db.close()
  }
}

/** Takes the one-writer lock; see `repairFile` for what it throws beside. */
export async function repairSqlite(path: string, options: RepairOptions): Promise<RepairReport> {
  const open = await opener()
  const file = fileAt(path)
  if (!existsSync(file)) throw missing(file)
  return await locking(file, options, open, async (release) => {
    const { remake, now, signal } = options
    const report = await repairFile(file, { remake, now, signal }, open)
    release()
    return report
  })
}

/** Where a link leads: the lock, and what else is beside an index, are those of the index itself. */
export function fileAt(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return resolve(path)
  }
}

/** The right to write an index at this path, which need not be there yet, until it is released. */
export async function lockSqlite(
  path: string,
  options: SqliteOptions,
): Promise<{ readonly release: () => void; readonly open: OpenFile }> {
  const open = await opener()
  return await locking(path, options, open, async (release) => ({ release, open }))
}

async function writingStore(path: string, options: SqliteOptions, open: OpenFile): Promise<Store> {
  return await locking(path, options, open, async (release, holder) => {
    const db = openForWriting(path, open, options.onUpgrade)
    return {
      ...readingStore(db, async () => (db.isOpen() ? holder : null)),
      apply: async (batch) => applyBatch(db, batch),
      embed: async (embedder, vectors) => embed(db, embedder, vectors),
      ignore: async (source, ids, ignored) => ledger.ignoreFailures(db, source, ids, ignored),
      forget: async (source) => forgetSource(db, source),
      close: async () => closeWriter(db, release),
    }
  })
}

/** `work` has the lock, and keeps it until it calls `release`, or fails. */
async function locking<T>(
  path: string,
  options: SqliteOptions,
  open: OpenFile,
  work: (release: () => void, holder: string) => Promise<T>,
): Promise<T> {
  const { holder = `process ${process.pid}`, lockTimeoutMs = 0, signal } = options
  translating(path, () => createPrivately(lockFile(path)))
  const lock = await takeLock(path, { holder, timeoutMs: lockTimeoutMs, signal }, open)
  try {
    return await work(lock.release, holder)
  } catch (thrown) {
    lock.release()
    throw thrown
  }
}

async function opener(): Promise<OpenFile> {
  const { default: Database } = await import('better-sqlite3')
  return (name, settings) => new Database(name, settings)
}

function closeWriter(db: Connection, release: () => void): void {
  if (!db.isOpen()) return
  try {
    purgeRemovedText(db)
    fillCodes(db)
    seal(db)
    settle(db)
  } finally {
    db.close()
    release()
  }
}

function readingStore(db: Connection, holder: Store['holder']): Store {
  const counts = countsOf(db)
  const candidates = candidatesOf(db)
  const listing = listingOf(db)
  const counted = countsFor(db, listing)
  const lexical = lexicalOf(db, listing)
  const alike = alikeIn(db)
  const nearest = nearestOf(db, candidates)
  const refuse = async (): Promise<never> => {
    throw new UnsiloError('UNEXPECTED', `The index ${db.path} was opened for reading only.`)
  }
  return {
    state: async (source) => ledger.readState(db, source),
    heads: async (source, ids) => read.readHeads(db, source, ids),
    ids: async (source, page) => read.readIds(db, source, page),
    includers: async (source) => read.readIncluders(db, source),
    apply: refuse,
    lexical: async (query) => lexical(query),
    passages: async (places, reader) => readPassages(db, places, reader),
    nearest: async (query) => nearest(query),
    unembedded: async (...asked) => readUnembedded(db, ...asked),
    unembeddedCounts: async (embedder) => countUnembedded(db, embedder),
    embedded: async (ids) => readEmbedded(db, ids),
    embed: refuse,
    frequencies: async (terms) => counts(terms),
    tokens: async (prefix, limit) => listTokens(db, prefix, limit),
    alike: async (token, changes) => alike(token, changes),
    languages: async (reader) => listLanguages(db, reader),
    held: async (query) => counted.held(query),
    readable: async (reader, most) => counted.readable(reader, most),
    document: async (id, as) => read.readDocument(db, id, as),
    neighbours: async (query) => read.readNeighbours(db, query),
    counts: async (shelf) => countShelf(db, shelf),
    shelf: async (query) => readShelf(db, query),
    beside: async (id, as) => readBeside(db, id, as),
    documents: (as, sources) => read.readDocuments(db, as, sources),
    stored: async (ids) => read.readStored(db, ids),
    chunks: async (id) => read.readChunks(db, id),
    sources: async () => ledger.readSources(db),
    stats: async (source) => read.readStats(db, source),
    runs: async (source, limit) => ledger.readRuns(db, source, limit),
    quarantine: async (source) => ledger.readQuarantine(db, source),
    run: async (id) => ledger.readRun(db, id),
    ignore: refuse,
    forget: refuse,
    skips: async (source) => ledger.readSkips(db, source),
    located: async (url) => read.readLocated(db, url),
    holder,
    close: async () => db.close(),
  }
}

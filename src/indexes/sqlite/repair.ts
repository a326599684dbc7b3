/**
 * Makes the file anew out of what of it can be trusted, beside it, and puts the new one into its place in one step. Until
 * then the old one is as it was, so a repair may be killed at any point, and repeated. What can't be trusted is taken
 * out and named in the quarantine, and its source is read from the beginning by its next run.
 */

import { chmodSync, closeSync, existsSync, linkSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { UnsiloError } from '../../core/errors.ts'
import type { Failure } from '../../core/ledger.ts'
import type { Damage, Remake, RepairReport } from '../../core/repair.ts'
import { emptyBatch } from '../../core/store.ts'
import { fillCodes } from './codes.ts'
import { type Connection, connect } from './connection.ts'
import { notAnIndex, translating } from './errors.ts'
import * as ledger from './ledger.ts'
import { type OpenFile, openForWriting, settle } from './open.ts'
import { APPLICATION_ID, migrations } from './schema/migrations.ts'
import { seal } from './seal.ts'
import { attempted, everyKey, type Surveyed, surveyDocuments } from './survey.ts'
import { putEmbedder, readEmbedders } from './vectors.ts'
import { losesDocuments, stateDamage, structureDamage, verify } from './verify.ts'
import { putTokens } from './vocabulary.ts'
import { oweRemoval, owesRemoval, putDocument, tokensOf } from './write.ts'

export interface RepairWork {
  readonly remake: Remake
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly signal: AbortSignal | undefined
}

/**
 * The caller holds the writer's lock, and the file exists. Throws INDEX_DAMAGED where not even the header says that it is
 * an index, LOCKED while somebody reads it, DISK, INDEX_NEWER and INTERRUPTED; all leave the file as it is.
 */
export async function repairFile(path: string, work: RepairWork, open: OpenFile): Promise<RepairReport> {
  const version = schemaOf(path)
  // Brings an older file up to date, with a backup. Checksums begin there.
  if (version < migrations.length) openForWriting(path, open).close()
  const next = `${path}.repair`
  removeFile(next)
  const old = connect(
    path,
    translating(path, () => openDamaged(path, open)),
  )
  try {
    alone(old)
    const { isStructural, ...report } = await madeAnew(old, next, work, open)
    old.close()
    return { ...report, kept: replace(path, next, isStructural) }
  } finally {
    old.close()
    removeFile(next)
  }
}

// --- reading the old one ----------------------------------------------------------------------------------------

const HEADER_BYTES = 72
const USER_VERSION_AT = 60
const APPLICATION_ID_AT = 68

/** Also a file that is shorter than it says, which SQLite opens only for those who may write its schema. */
function openDamaged(path: string, open: OpenFile): Database.Database {
  const db = open(path, { timeout: 0 })
  db.unsafeMode(true)
  db.pragma('writable_schema = ON')
  return db
}

/** From the file's first bytes (https://www.sqlite.org/fileformat2.html#the_database_header), which need no sound page. */
function schemaOf(path: string): number {
  const header = translating(path, () => readStart(path))
  const isOurs =
    header.toString('latin1', 0, 15) === 'SQLite format 3' && header.readInt32BE(APPLICATION_ID_AT) === APPLICATION_ID
  if (!isOurs) {
    throw notAnIndex(path, 'cannot be repaired: its first bytes do not say that it is an index of unsilo.')
  }
  const version = header.readInt32BE(USER_VERSION_AT)
  if (version <= migrations.length) return version
  throw new UnsiloError('INDEX_NEWER', `${path} was written by a newer unsilo: its schema is ${version}.`, {
    hint: 'Repair it with that one. Nothing was changed.',
  })
}

function readStart(path: string): Buffer {
  const file = openSync(path, 'r')
  try {
    const header = Buffer.alloc(HEADER_BYTES)
    readSync(file, header, 0, HEADER_BYTES, 0)
    return header
  } finally {
    closeSync(file)
  }
}

/**
 * Everything into the one file that is to be replaced. A WAL left beside another file would be taken for its own
 * (https://www.sqlite.org/howtocorrupt.html#_unlinking_or_renaming_a_database_file_while_in_use).
 */
function alone(db: Connection): void {
  try {
    db.execute('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE')
  } catch (thrown) {
    // Pages that can't be written back are left where they are.
    if (thrown instanceof UnsiloError && thrown.code !== 'INDEX_DAMAGED') throw thrown
  }
}

// --- making the new one -----------------------------------------------------------------------------------------

/** Documents in a transaction. */
const SLICE = 50

interface Copied {
  readonly damage: readonly Damage[]
  readonly documents: number
  readonly removed: readonly string[]
  readonly reread: readonly string[]
  readonly isStructural: boolean
}

async function madeAnew(old: Connection, path: string, work: RepairWork, open: OpenFile): Promise<Copied> {
  const damage = verify(old)
  const isStructural = structureDamage(old).length > 0
  const fresh = openForWriting(path, open)
  try {
    for (const embedder of attempted(() => readEmbedders(old)) ?? []) putEmbedder(fresh, embedder)
    const removed: string[] = []
    let documents = 0
    for (const slice of inSlices(surveyDocuments(old))) {
      await setImmediate()
      if (work.signal?.aborted) throw interrupted(old.path)
      fresh.writing(() => {
        for (const one of slice) {
          if (one.document === null) removed.push(one.id)
          else putAgain(fresh, one, work)
          documents += one.document === null ? 0 : 1
        }
      })
    }
    // What is removed in the file may stand in a backup still. Where that can't be read, it may.
    if (attempted(() => owesRemoval(old)) !== false) oweRemoval(fresh)
    const reread = fresh.writing(() => copyLedger(old, fresh, isStructural || losesDocuments(old), removed, work.now()))
    fillCodes(fresh)
    seal(fresh)
    settle(fresh)
    return { damage, documents, removed: removed.sort(), reread, isStructural }
  } finally {
    fresh.close()
  }
}

function putAgain(fresh: Connection, { document, chunks, vectors }: Surveyed, { remake }: RepairWork): void {
  if (document === null) return
  ledger.nameSource(fresh, document.source)
  const remade = remake(document, chunks)
  putDocument(fresh, remade, vectors)
  putTokens(fresh, tokensOf([remade]))
}

/** Returns the sources that are to be read from the beginning. */
function copyLedger(
  old: Connection,
  fresh: Connection,
  losesAny: boolean,
  removed: readonly string[],
  now: number,
): readonly string[] {
  const lost = new Set(stateDamage(old).map(({ source }) => source))
  for (const id of removed) lost.add(sourceOf(id))
  const known = fresh.all<{ name: string }>('SELECT name FROM source').map(({ name }) => name)
  const sources = [...new Set([...everyKey<string>(old, 'source', 'name'), ...known])].sort()
  const reread = losesAny ? sources : sources.filter((source) => lost.has(source))
  for (const source of sources) {
    const state = reread.includes(source) ? null : ledger.readState(old, source)
    const gone = removed.filter((id) => sourceOf(id) === source).map((id) => takenOut(id, now))
    const skips = attempted(() => ledger.readSkips(old, source)) ?? []
    ledger.nameSource(fresh, source)
    ledger.recordBatch(fresh, {
      ...{ source, put: [], refresh: [], remove: [] },
      failed: [...(attempted(() => ledger.readQuarantine(old, source)) ?? []), ...gone],
      skipped: { all: true, list: skips },
      ...(state !== null && { state }),
    })
  }
  copyRuns(old, fresh, sources)
  return reread
}

function copyRuns(old: Connection, fresh: Connection, sources: readonly string[]): void {
  for (const id of everyKey<string>(old, 'run', 'id')) {
    const run = attempted(() => ledger.readRun(old, id))
    if (run === null || run.id !== id || !sources.includes(run.source)) continue
    ledger.recordBatch(fresh, { ...emptyBatch(run.source), run })
  }
}

function takenOut(id: string, now: number): Failure {
  const reason = 'what was stored of it was damaged and was taken out; the next run loads it again'
  return { id, code: 'INDEX_DAMAGED', reason, at: new Date(now).toISOString() }
}

function sourceOf(id: string): string {
  return id.slice(0, Math.max(0, id.indexOf(':')))
}

function* inSlices<T>(items: Iterable<T>): Generator<readonly T[]> {
  let slice: T[] = []
  for (const item of items) {
    slice.push(item)
    if (slice.length < SLICE) continue
    yield slice
    slice = []
  }
  yield slice
}

// --- putting it in place ----------------------------------------------------------------------------------------

/** Where the old one is kept; null where all of it that matters is in the new one. */
function replace(path: string, next: string, isStructural: boolean): string | null {
  return translating(path, () => {
    const { mode } = statSync(path)
    const kept = isStructural ? keep(path) : null
    setAside(path, kept)
    chmodSync(next, mode & 0o777)
    renameSync(next, path)
    if (kept !== null) chmodSync(kept, 0o600)
    return kept
  })
}

/** What could not be written back into the old file. */
function setAside(path: string, kept: string | null): void {
  for (const companion of ['-wal', '-shm', '-journal']) {
    if (kept === null || !existsSync(path + companion)) rmSync(path + companion, { force: true })
    else renameSync(path + companion, kept + companion)
  }
}

/** A second name for the old file. A repair that was killed may have given it one already. */
function keep(path: string): string {
  for (let count = 1; ; count++) {
    const name = `${path}.damaged-${count}`
    if (!existsSync(name)) linkSync(path, name)
    else if (statSync(name).ino !== statSync(path).ino) continue
    return name
  }
}

function removeFile(path: string): void {
  translating(path, () => {
    for (const companion of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${companion}`, { force: true })
  })
}

function interrupted(path: string): UnsiloError {
  return new UnsiloError('INTERRUPTED', `The repair of ${path} was interrupted.`, { hint: 'Nothing was changed.' })
}

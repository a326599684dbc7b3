/**
 * One writer at a time. The lock is SQLite's own on a small file beside the index, held until it is released: the
 * operating system frees it when the process dies, however it dies. The lock file stays: removing it would let two
 * writers hold two.
 *
 * The holder's name is a text file beside it. Whoever gets the write lock (RESERVED in SQLite's words) is the writer; only
 * once its name is written does it let nobody read the lock file either (EXCLUSIVE). So a name is shown only while that
 * is so, and never the one that a killed process left behind.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { UnsiloError } from '../../core/errors.ts'
import { translating } from './errors.ts'

export interface Lock {
  release(): void
}

export interface LockOptions {
  readonly holder: string
  /** How long to wait for another writer; 0: not at all. */
  readonly timeoutMs: number
  /** Ends the wait. */
  readonly signal: AbortSignal | undefined
}

type Open = (path: string, options: Database.Options) => Database.Database

const POLL_MS = 50
/** A writer that has no name yet gets one within milliseconds. */
const NAMELESS_MS = 200
/** For those who are just looking at the lock file, which takes them a moment. */
const PATIENCE_MS = 5000

/** What a writer is called whose name can't be read. */
const SOMEBODY = 'a process that left no name'

/** Throws LOCKED, naming the holder, when another writer has it and keeps it, and INTERRUPTED when the wait is ended. */
export async function takeLock(index: string, options: LockOptions, open: Open): Promise<Lock> {
  const db = translating(index, () => open(lockFile(index), { timeout: 0 }))
  try {
    for (let left = options.timeoutMs; !translating(index, () => begin(db)); left -= POLL_MS) {
      if (left <= 0) throw locked(index, await holderSoon(index, open), options.timeoutMs)
      await waited(Math.min(left, POLL_MS), index, options.signal)
    }
    translating(index, () => nameHolder(db, index, options.holder))
    return { release: () => release(db, index) }
  } catch (thrown) {
    db.close()
    throw thrown
  }
}

export function lockFile(index: string): string {
  return `${index}.lock`
}

/** Who writes now; null when nobody does. Takes nothing that would be in a writer's way. */
export function readHolder(index: string, open: Open): string | null {
  return isHeld(index, open) ? (readName(index) ?? SOMEBODY) : null
}

function begin(db: Database.Database): boolean {
  try {
    // Before anything is written: the mode of a journal is, too.
    if (db.prepare("SELECT 1 FROM sqlite_schema WHERE name <> 'holder'").get() !== undefined) throw notALock(db.name)
    // No journal on the disk: it would outlive the process.
    db.exec('PRAGMA journal_mode = MEMORY; BEGIN IMMEDIATE')
    return true
  } catch (thrown) {
    if (isBusy(thrown)) return false
    throw thrown
  }
}

/** In exclusive locking mode a commit keeps the lock it needed. This one writes a single page, so no kill can halve it. */
function nameHolder(db: Database.Database, index: string, holder: string): void {
  writeName(index, holder)
  db.exec(`PRAGMA busy_timeout = ${PATIENCE_MS}; PRAGMA locking_mode = EXCLUSIVE; PRAGMA user_version = 1; COMMIT`)
}

/** Without a name the lock holds as well; another's must not stay. Never through a link: it may lead to a file of somebody else. */
function writeName(index: string, holder: string): void {
  try {
    rmSync(nameFile(index), { force: true })
    writeFileSync(nameFile(index), holder, { mode: 0o600, flag: 'wx' })
  } catch {
    rmSync(nameFile(index), { force: true })
  }
}

function release(db: Database.Database, index: string): void {
  if (db.open) rmSync(nameFile(index), { force: true })
  db.close()
}

function readName(index: string): string | undefined {
  try {
    return readFileSync(nameFile(index), 'utf8') || undefined
  } catch {
    return undefined
  }
}

function isHeld(index: string, open: Open): boolean {
  let db: Database.Database | undefined
  try {
    db = open(lockFile(index), { readonly: true, fileMustExist: true, timeout: 0 })
    db.prepare('SELECT count(*) FROM sqlite_schema').get()
    return false
  } catch (thrown) {
    // A file that is not there, or is no lock file of ours, is held by nobody.
    return isBusy(thrown)
  } finally {
    db?.close()
  }
}

/** The one who has just been in the way: it may still be about to write its name. */
async function holderSoon(index: string, open: Open): Promise<string | null> {
  for (let left = NAMELESS_MS; left > 0; left -= 10) {
    const holder = readHolder(index, open)
    if (holder !== null) return holder
    await sleep(10)
  }
  return null
}

async function waited(milliseconds: number, index: string, signal: AbortSignal | undefined): Promise<void> {
  try {
    await sleep(milliseconds, undefined, signal && { signal })
  } catch (cause) {
    const message = `Interrupted while waiting for another run to finish writing to ${index}.`
    throw new UnsiloError('INTERRUPTED', message, { hint: 'Nothing was changed.', cause })
  }
}

function nameFile(index: string): string {
  return `${index}.holder`
}

function isBusy(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('SQLITE_BUSY')
}

/** A link may lead to it. An older lock file has a table, `holder`. */
function notALock(path: string): UnsiloError {
  return new UnsiloError('INDEX_DAMAGED', `${path} is no lock file of unsilo: it is a database with tables.`, {
    hint: 'Nothing was changed. See what it is, or what it leads to if it is a link, and move it away.',
  })
}

function locked(index: string, holder: string | null, timeoutMs: number): UnsiloError {
  const after = timeoutMs > 0 ? `, also after waiting for ${timeoutMs / 1000} s` : ''
  const by = holder === null ? '' : `: ${holder}`
  return new UnsiloError('LOCKED', `Another run is writing to ${index}${after}${by}.`, {
    hint: 'Wait until it has finished, then try again. The lock frees itself when that process ends. Nothing was changed.',
  })
}

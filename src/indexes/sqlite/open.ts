/** Opens the file: checks that it is an index of this program, of a schema it knows, and brings an older one up. */
import { closeSync, existsSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type Database from 'better-sqlite3'
import { UnsiloError } from '../../core/errors.ts'
import type { Upgrade } from '../upgrade.ts'
import { backUp, backupOf } from './backup.ts'
import { type Connection, connect } from './connection.ts'
import { halfWritten, isHalfWritten, notAnIndex, translating } from './errors.ts'
import { APPLICATION_ID, migrations } from './schema/migrations.ts'

export type OpenFile = (path: string, options: Database.Options) => Database.Database

type OnUpgrade = (upgrade: Upgrade) => void

/** How long a statement waits for another process's short lock. */
export const PATIENCE_MS = 5000

/** Throws NOT_FOUND when there is no index yet. Makes none, and writes nothing but what `takingBack` does. */
export function openForReading(path: string, open: OpenFile): Connection {
  const file = fileAt(path)
  if (file === null) throw missing(path)
  const settings = { readonly: true, fileMustExist: true, timeout: PATIENCE_MS }
  const check = () => {
    if (fileAt(path) !== file) throw replaced(path)
  }
  return takingBack(path, open, () => opened(path, () => open(path, settings), prepareReader, check))
}

/** Where what a killed process had begun to write is in the way of `read`, it is taken back first. DISK where it can't be. */
export function takingBack<T>(path: string, open: OpenFile, read: () => T): T {
  try {
    return read()
  } catch (thrown) {
    if (!isHalfWritten(thrown)) throw thrown
    takeBack(path, open)
  }
  return read()
}

/** SQLite does it for the first that reads and may write, under a lock of its own. */
function takeBack(path: string, open: OpenFile): void {
  try {
    opened(
      path,
      () => open(path, { fileMustExist: true, timeout: PATIENCE_MS }),
      (connection) => connection.get('SELECT count(*) FROM sqlite_schema'),
    ).close()
  } catch (thrown) {
    throw isHalfWritten(thrown) ? halfWritten(path, 'DISK', thrown) : thrown
  }
}

/**
 * Creates the folder and the file where missing, readable by their owner only: an index holds internal pages. The caller
 * holds the writer's lock.
 */
export function openForWriting(path: string, open: OpenFile, onUpgrade: OnUpgrade = () => {}): Connection {
  translating(path, () => createPrivately(path))
  return opened(
    path,
    () => open(path, { timeout: PATIENCE_MS }),
    (connection) => prepareWriter(connection, open, onUpgrade),
  )
}

/**
 * Also used for the lock file. One that is there is not even opened: closing it would free the locks that this process
 * holds on it (https://www.sqlite.org/howtocorrupt.html#_posix_advisory_locks_canceled_by_a_separate_thread_doing_close_).
 */
export function createPrivately(path: string): void {
  makeFolder(dirname(path))
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
}

/**
 * For its owner only. A folder at a time: where a folder can't be made although its parent is there (in /proc, below a mount
 * that went stale), Linux answers ENOENT, and Node's `recursive` takes that for a missing parent and tries again for ever.
 */
export function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (thrown) {
    if (!existsSync(path)) throw thrown
  }
}

/**
 * Leaves one file in rollback mode, which a reader can open in a folder where it may create nothing; in WAL mode it
 * would have to create two. While another connection is open the mode can't change, and stays until the next close.
 */
export function settle(connection: Connection): void {
  connection.execute('PRAGMA wal_checkpoint(TRUNCATE)')
  try {
    connection.execute('PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE')
  } catch (thrown) {
    if (!(thrown instanceof UnsiloError) || thrown.code !== 'LOCKED') throw thrown
  }
}

function opened(
  path: string,
  open: () => Database.Database,
  prepare: (connection: Connection) => void,
  check?: () => void,
): Connection {
  const connection = connect(path, translating(path, open), check)
  try {
    prepare(connection)
    return connection
  } catch (thrown) {
    connection.close()
    throw thrown
  }
}

function prepareReader(connection: Connection): void {
  const version = schemaVersion(connection)
  if (version === 0) throw missing(connection.path)
  if (version < migrations.length) {
    const schemas = `its schema is ${version}, this one reads ${migrations.length}`
    throw new UnsiloError('INDEX_OLDER', `${connection.path} was written by an older unsilo: ${schemas}.`, {
      hint: 'Nothing of it is lost. `unsilo sync` brings it up to date, after a copy of it; so does `unsilo check --repair`, which asks no source.',
    })
  }
  cacheMegabytes(connection, 32)
}

function prepareWriter(connection: Connection, open: OpenFile, onUpgrade: OnUpgrade): void {
  const version = schemaVersion(connection)
  // Only a file without pages takes it, and WAL mode writes the first.
  if (version === 0) connection.execute('PRAGMA page_size = 8192')
  connection.execute('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  // Removed text must leave the file, not only the tables.
  connection.execute('PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON')
  // No sync was quicker with more.
  cacheMegabytes(connection, 16)
  if (version === migrations.length) return
  if (version > 0) {
    const { path } = connection
    const versions = { from: version, to: migrations.length }
    onUpgrade({ path, ...versions, bytes: size(connection), backup: backupOf(path, version) })
    backUp(connection, version, (path) => connect(path, open(path, { readonly: true })))
  }
  migrate(connection, version)
}

function size(connection: Connection): number {
  return number(connection, 'SELECT page_count * page_size AS value FROM pragma_page_count, pragma_page_size')
}

function cacheMegabytes(connection: Connection, megabytes: number): void {
  connection.execute(`PRAGMA cache_size = -${megabytes * 1024}`)
}

function migrate(connection: Connection, version: number): void {
  connection.writing(() => {
    for (const migration of migrations.slice(version)) {
      if (typeof migration === 'string') connection.execute(migration)
      else migration(connection)
    }
    connection.execute(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length}`)
  })
}

/** 0 for an empty file. Throws for another program's file and for a schema from the future. */
function schemaVersion(connection: Connection): number {
  const application = number(connection, 'SELECT application_id AS value FROM pragma_application_id')
  const version = number(connection, 'SELECT user_version AS value FROM pragma_user_version')
  const tables = number(connection, 'SELECT count(*) AS value FROM sqlite_schema')
  if (tables === 0 && version === 0) return 0
  if (application !== APPLICATION_ID) throw notAnIndex(connection.path, 'is a database of another program.')
  if (version <= migrations.length) return version
  throw new UnsiloError(
    'INDEX_NEWER',
    `${connection.path} was written by a newer unsilo: its schema is ${version}, this one knows ${migrations.length}.`,
    { hint: 'Update unsilo, or name another index file. Nothing was changed.' },
  )
}

function number(connection: Connection, sql: string): number {
  return connection.get<{ value: number }>(sql)?.value ?? 0
}

/** Which file has this name now. */
function fileAt(path: string): number | null {
  return translating(path, () => statSync(path, { throwIfNoEntry: false })?.ino ?? null)
}

/** What another file's writer leaves beside it would be taken for this one's. */
function replaced(path: string): UnsiloError {
  return new UnsiloError('LOCKED', `${path} was replaced by another file, as a repair does, while it was open.`, {
    hint: 'Start this program again: it then reads the new one.',
  })
}

export function missing(path: string): UnsiloError {
  return new UnsiloError('NOT_FOUND', `There is no index at ${path}.`, { hint: 'Run `unsilo sync` to make it.' })
}

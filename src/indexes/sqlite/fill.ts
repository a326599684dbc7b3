/**
 * A SQLite index that is filled in a file beside it, and takes its place in one step: until then readers have the old one,
 * from then on the new one, and a filling that was killed anywhere goes on in its file.
 */
import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { UnsiloError } from '../../core/errors.ts'
import type { Store } from '../../core/store.ts'
import { type Filling, type FillOptions, mark, openIfThere, unmark, unmarked } from '../filling.ts'
import { removeBackups } from './backup.ts'
import { connect } from './connection.ts'
import { translating } from './errors.ts'
import { lockFile } from './lock.ts'
import { type OpenFile, PATIENCE_MS, settle } from './open.ts'
import { fileAt, lockSqlite, openSqlite } from './sqlite.ts'

/** Holds the writer's lock of the index, so that nobody writes what would be replaced. */
export async function fillSqlite(path: string, options: FillOptions): Promise<Filling> {
  const file = fileAt(path)
  const part = `${file}.copying`
  const { release, open } = await lockSqlite(file, options)
  let store: Store | null = null
  let present: Store | null = null

  async function closeAll(): Promise<void> {
    await store?.close()
    await present?.close()
  }

  try {
    present = await openIfThere(() => openSqlite(file, { mode: 'read' }))
  } catch (thrown) {
    release()
    throw thrown
  }
  return {
    present,
    begun: null,
    async begin(from) {
      store = await openSqlite(part, options)
      await mark(store, from)
      return unmarked(store)
    },
    async finish() {
      if (store !== null) await unmark(store)
      await closeAll()
      swapIn(file, part, open)
      release()
    },
    async close() {
      await closeAll()
      release()
    },
  }
}

/**
 * What another file's writer left beside the index would be taken for the new one's, so it goes first, once all of it is in
 * the old file. Readers that have the old one open keep what they have of it until they see that it was replaced.
 */
function swapIn(file: string, part: string, open: OpenFile): void {
  translating(file, () => {
    onDisk(part)
    if (existsSync(file)) {
      emptyWal(file, open)
      chmodSync(part, statSync(file).mode & 0o777)
    }
    for (const companion of ['-wal', '-shm', '-journal']) rmSync(file + companion, { force: true })
    renameSync(part, file)
    onDisk(dirname(file))
    rmSync(lockFile(part), { force: true })
    removeBackups(part)
  })
}

/** No transaction of a reader lasts as long as that is waited for. */
function emptyWal(file: string, open: OpenFile): void {
  const db = connect(file, open(file, { timeout: PATIENCE_MS }))
  try {
    const done = db.get<{ readonly busy: number }>('PRAGMA wal_checkpoint(TRUNCATE)')
    if (done?.busy !== 0) throw inUse(file)
    settle(db)
  } finally {
    db.close()
  }
}

function onDisk(path: string): void {
  const descriptor = openSync(path, 'r')
  try {
    fsyncSync(descriptor)
  } finally {
    closeSync(descriptor)
  }
}

function inUse(file: string): UnsiloError {
  return new UnsiloError('LOCKED', `${file} is being read by another program that does not let go of it.`, {
    hint: 'The copy is whole and waits beside it. Run the same again when that program has finished.',
  })
}

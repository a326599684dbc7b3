/** Whether a sync could write the index: tried without taking anything that a run would wait for. */
import { randomUUID } from 'node:crypto'
import { access, constants, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UnsiloError } from '../core/errors.ts'
import { makeFolder } from '../indexes/sqlite/open.ts'
import { exists } from './setup.ts'

/** What a run finds beside the index: of another user's run (`sudo`) these may be somebody else's. */
const COMPANIONS = ['', '.lock', '-wal', '-shm'] as const

/** Enough to see that a disk is full, and nothing that anybody would notice. */
const PROBE_BYTES = 64 * 1024

/** Throws DISK. Makes the folder where it is missing, as a first run does. */
export async function proveWritable(file: string): Promise<void> {
  await tried(dirname(file), () => fillAndRemove(dirname(file)))
  for (const path of COMPANIONS.map((ending) => `${file}${ending}`)) {
    if (await exists(path)) await tried(path, () => access(path, constants.R_OK | constants.W_OK))
  }
}

async function fillAndRemove(folder: string): Promise<void> {
  const probe = join(folder, `.unsilo-check-${randomUUID()}`)
  makeFolder(folder)
  try {
    await writeFile(probe, Buffer.alloc(PROBE_BYTES), { flag: 'wx', mode: 0o600 })
  } finally {
    await rm(probe, { force: true })
  }
}

async function tried(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw new UnsiloError('DISK', `${path} can't be written: ${why}.`, {
      hint: 'A sync would end with 6. Check free space, and that the user who runs it may write there.',
      cause,
    })
  }
}

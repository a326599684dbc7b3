/**
 * A folder that unsilo writes into again and again, one run at a time. A marker file lists what it wrote: only that is ever
 * replaced or removed. Symbolic links are never followed, and a file is whole or absent.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, mkdir, open, readdir, readFile, realpath, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { diskError, systemCode } from '../../core/disk.ts'
import { UnsiloError } from '../../core/errors.ts'
import { sameJson } from '../../core/ids.ts'

/** What the folder is for: one is never written over the other. */
export type Purpose = 'export' | 'publish'

/** What was written: another selection over the same folder would remove files that are still wanted. */
export interface Selection {
  readonly as: readonly string[]
  readonly sources: readonly string[]
}

export function selectionOf({ as, sources }: Selection): Selection {
  return { as: [...as].sort(), sources: [...sources].sort() }
}

export function sameSelection(a: Selection, b: Selection): boolean {
  return sameJson(selectionOf(a), selectionOf(b))
}

/** As the options that ask for it. */
export function selectionWords({ as, sources }: Selection): string {
  const readers = as.length === 0 ? 'public' : as.join(',')
  return `--as ${readers}${sources.map((source) => ` --source ${source}`).join('')}`
}

interface Marker extends Selection {
  /** Paths below the folder, as we name them: `<folder>/<slug>.md`, and what stands beside the folders. */
  readonly files: readonly string[]
}

export interface MarkedFolder {
  /** The folder's real path. */
  readonly path: string
  /** Null for a folder that holds nothing of ours yet. */
  readonly earlier: Marker | null
  /** Null where there is no such file. */
  read(file: string): Promise<string | null>
  /** False when the file already says exactly this. Of a long file, one part after the other. */
  write(file: string, content: string | AsyncIterable<string>): Promise<boolean>
  remove(file: string): Promise<void>
  mark(marker: Marker): Promise<void>
  /** Lets others write into it. */
  close(): void
}

/** Keeps other runs out of a folder, by files that begin so. Throws LOCKED where one is in it. @returns what lets them in */
export type LockFolder = (files: string) => Promise<() => void>

const TEMPORARY = /^\.unsilo-[0-9a-f-]{36}\.tmp$/

function temporaryName(): string {
  return `.unsilo-${randomUUID()}.tmp`
}

/** No other path is ever taken from a marker: a forged one can't name a file outside. */
const FILE = /^([a-z0-9-]{1,80}\/[a-z0-9-]{1,140}\.md|llms(-full)?\.txt)$/

function markerSchema(purpose: Purpose) {
  return z.object({
    unsilo: z.literal(`${purpose}-1`),
    as: z.array(z.string()),
    sources: z.array(z.string()),
    files: z.array(z.string().regex(FILE)),
  })
}

export function markerName(purpose: Purpose): string {
  return `.unsilo-${purpose}.json`
}

/** Alone: what is half written there is swept. Close it. */
export async function openMarkedFolder(given: string, purpose: Purpose, lock: LockFolder): Promise<MarkedFolder> {
  try {
    await mkdir(given, { recursive: true })
    const path = await realpath(given)
    if ((await readMarker(path, purpose)) === null) await checkUnused(path, given, purpose)
    const unlock = await lockWith(lock, path, purpose)
    try {
      return await openLocked(path, purpose, unlock)
    } catch (thrown) {
      unlock()
      throw thrown
    }
  } catch (thrown) {
    throw diskError(thrown, STATE)
  }
}

async function checkUnused(path: string, given: string, purpose: Purpose): Promise<void> {
  const locks = lockFiles(purpose)
  const isOurs = (file: string) => TEMPORARY.test(file) || locks.includes(file)
  if (!(await readdir(path)).every(isOurs)) throw notOurs(given, purpose)
}

function lockFiles(purpose: Purpose): readonly string[] {
  return ['lock', 'holder'].map((kind) => `.unsilo-${purpose}.${kind}`)
}

/** Through a link something else would be written over. */
async function lockWith(lock: LockFolder, path: string, purpose: Purpose): Promise<() => void> {
  for (const file of lockFiles(purpose)) {
    const kind = await kindOf(join(path, file))
    if (kind === 'nothing' || kind === 'file') continue
    throw new UnsiloError('USAGE', `${join(path, file)} is no file that unsilo wrote.`, {
      hint: 'Nothing was written. Remove it, or name a new folder.',
    })
  }
  return await lock(join(path, `.unsilo-${purpose}`))
}

/** What the marker says is read once nobody else may write it. */
async function openLocked(path: string, purpose: Purpose, unlock: () => void): Promise<MarkedFolder> {
  const earlier = await readMarker(path, purpose)
  await sweep(path, earlier)
  return {
    path,
    earlier,
    read: (file) => guarded(() => readInside(path, file)),
    write: (file, content) => guarded(() => writeInside(path, file, content)),
    remove: (file) => guarded(() => removeInside(path, file)),
    mark: (marker) => guarded(() => writeMarker(path, purpose, marker)),
    close: unlock,
  }
}

/** What a run that was killed had begun to write: it may be a text that nobody is to read any more. */
async function sweep(folder: string, earlier: Marker | null): Promise<void> {
  const folders = new Set(earlier?.files.map((file) => dirname(join(folder, file))))
  for (const each of folders.add(folder)) {
    if ((await kindOf(each)) !== 'folder') continue
    for (const file of await readdir(each)) if (TEMPORARY.test(file)) await rm(join(each, file), { force: true })
  }
}

const STATE = 'Files already written are whole. Make room or correct the permissions, then run the command again.'

function notOurs(folder: string, purpose: Purpose): UnsiloError {
  const earlier = purpose === 'export' ? 'an earlier export' : 'what was published earlier'
  return new UnsiloError('USAGE', `${folder} holds files and is not ${earlier}.`, {
    hint: 'Nothing was written. Name a new or empty folder.',
  })
}

async function readMarker(folder: string, purpose: Purpose): Promise<Marker | null> {
  const path = join(folder, markerName(purpose))
  const kind = await kindOf(path)
  if (kind === 'nothing') return null
  const parsed = kind === 'file' ? markerSchema(purpose).safeParse(parseJson(await readFile(path, 'utf8'))) : null
  if (parsed?.success === true) return parsed.data
  throw new UnsiloError(
    'USAGE',
    `${path} is not a list that unsilo wrote, so it can't say which files may be replaced.`,
    { hint: 'Nothing was written. Name a new folder.' },
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function writeMarker(folder: string, purpose: Purpose, { as, sources, files }: Marker): Promise<void> {
  const content = { unsilo: `${purpose}-1`, as, sources, files: [...files].sort() }
  await replace(join(folder, markerName(purpose)), `${JSON.stringify(content, null, 2)}\n`)
}

async function readInside(folder: string, file: string): Promise<string | null> {
  const path = join(folder, file)
  const isThere = (await kindOf(dirname(path))) === 'folder' && (await kindOf(path)) === 'file'
  return isThere ? await readFile(path, 'utf8') : null
}

async function writeInside(folder: string, file: string, content: string | AsyncIterable<string>): Promise<boolean> {
  const path = join(folder, file)
  await realFolder(dirname(path))
  if (typeof content === 'string' && (await kindOf(path)) === 'file' && (await readFile(path, 'utf8')) === content)
    return false
  return await replace(path, content)
}

async function removeInside(folder: string, file: string): Promise<void> {
  const path = join(folder, file)
  if ((await kindOf(dirname(path))) !== 'folder') return
  await rm(path, { force: true })
  await rmdir(dirname(path)).catch(() => undefined)
}

/** A link in the folder's place would lead out of the export. */
async function realFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true })
  if ((await kindOf(path)) === 'folder') return
  throw new UnsiloError('DISK', `${path} is not a folder but a link or a file.`, {
    hint: 'Remove it, or name a new folder.',
  })
}

/** `rename` replaces a link itself, not what it points at. False where the file said that already. */
async function replace(path: string, content: string | AsyncIterable<string>): Promise<boolean> {
  const temporary = join(dirname(path), temporaryName())
  try {
    const hash = await writeNew(temporary, content)
    const isSame = (await kindOf(path)) === 'file' && (await hashOf(path)) === hash
    if (isSame) await rm(temporary)
    else await rename(temporary, path)
    return !isSame
  } catch (thrown) {
    await rm(temporary, { force: true })
    throw thrown
  }
}

/** @returns the SHA-256 of what was written */
async function writeNew(path: string, content: string | AsyncIterable<string>): Promise<string> {
  const file = await open(path, 'wx')
  const hash = createHash('sha256')
  try {
    for await (const part of typeof content === 'string' ? [content] : content) {
      hash.update(part)
      await file.writeFile(part)
    }
  } finally {
    await file.close()
  }
  return hash.digest('hex')
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}

async function kindOf(path: string): Promise<'nothing' | 'file' | 'folder' | 'other'> {
  try {
    const found = await lstat(path)
    return found.isFile() ? 'file' : found.isDirectory() ? 'folder' : 'other'
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT' || systemCode(thrown) === 'ENOTDIR') return 'nothing'
    throw thrown
  }
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw diskError(thrown, STATE)
  }
}

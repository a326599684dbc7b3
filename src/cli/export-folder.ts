/**
 * A folder that unsilo writes into again and again. A marker file lists what it wrote: only that is ever replaced or
 * removed. Symbolic links are never followed, and a file is whole or absent.
 */
import { randomUUID } from 'node:crypto'
import { lstat, mkdir, readdir, readFile, realpath, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { UnsiloError } from '../core/errors.ts'
import { diskError, systemCode } from './disk.ts'

export const MARKER = '.unsilo-export.json'

/** What was exported: another selection over the same folder would remove files that are still wanted. */
export interface Selection {
  readonly as: readonly string[]
  readonly sources: readonly string[]
}

interface Marker extends Selection {
  /** Paths below the folder, as we name them: `<folder>/<slug>.md`. */
  readonly files: readonly string[]
}

export interface ExportFolder {
  /** The folder's real path. */
  readonly path: string
  /** Null for a folder that holds no export yet. */
  readonly earlier: Marker | null
  /** False when the file already says exactly this. */
  write(file: string, content: string): Promise<boolean>
  remove(file: string): Promise<void>
  mark(marker: Marker): Promise<void>
}

/** No other path is ever taken from a marker: a forged one can't name a file outside. */
const FILE = /^[a-z0-9-]{1,80}\/[a-z0-9-]{1,140}\.md$/

const markerSchema = z.object({
  unsilo: z.literal('export-1'),
  as: z.array(z.string()),
  sources: z.array(z.string()),
  files: z.array(z.string().regex(FILE)),
})

export async function openExportFolder(given: string): Promise<ExportFolder> {
  try {
    await mkdir(given, { recursive: true })
    const path = await realpath(given)
    const earlier = await readMarker(path)
    if (earlier === null && (await readdir(path)).length > 0) throw notOurs(given)
    return {
      path,
      earlier,
      write: (file, content) => guarded(() => writeInside(path, file, content)),
      remove: (file) => guarded(() => removeInside(path, file)),
      mark: (marker) => guarded(() => writeMarker(path, marker)),
    }
  } catch (thrown) {
    throw diskError(thrown, STATE)
  }
}

const STATE = 'Files already written are whole. Make room or correct the permissions, then export again.'

function notOurs(folder: string): UnsiloError {
  return new UnsiloError('USAGE', `${folder} holds files and is not an earlier export.`, {
    hint: 'Nothing was written. Name a new or empty folder.',
  })
}

async function readMarker(folder: string): Promise<Marker | null> {
  const path = join(folder, MARKER)
  const kind = await kindOf(path)
  if (kind === 'nothing') return null
  const parsed = kind === 'file' ? markerSchema.safeParse(parseJson(await readFile(path, 'utf8'))) : null
  if (parsed?.success === true) return parsed.data
  throw new UnsiloError(
    'USAGE',
    `${path} is not a list that unsilo wrote, so it can't say which files may be replaced.`,
    {
      hint: 'Nothing was written. Export into a new folder.',
    },
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function writeMarker(folder: string, { as, sources, files }: Marker): Promise<void> {
  const content = { unsilo: 'export-1', as, sources, files: [...files].sort() }
  await replace(join(folder, MARKER), `${JSON.stringify(content, null, 2)}\n`)
}

async function writeInside(folder: string, file: string, content: string): Promise<boolean> {
  const path = join(folder, file)
  await realFolder(dirname(path))
  if ((await kindOf(path)) === 'file' && (await readFile(path, 'utf8')) === content) return false
  await replace(path, content)
  return true
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
    hint: 'Remove it, or export into a new folder.',
  })
}

/** `rename` replaces a link itself, not what it points at. */
async function replace(path: string, content: string): Promise<void> {
  const temporary = join(dirname(path), `.unsilo-${randomUUID()}.tmp`)
  try {
    await writeFile(temporary, content, { flag: 'wx' })
    await rename(temporary, path)
  } catch (thrown) {
    await rm(temporary, { force: true })
    throw thrown
  }
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

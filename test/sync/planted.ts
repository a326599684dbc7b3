/** Copies of the sources with one mistake planted, so that a test can prove that it would notice. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Loop } from './life.ts'

const root = resolve(import.meta.dirname, '../..')
const work = join(root, '.unsilo', 'planted')

export interface Edit {
  readonly file: string
  /** Must stand in the file exactly once. */
  readonly find: string
  readonly replace: string
}

/** The loop of a copy of `src` with the edits made, and a function that removes the copy. */
export async function plant(edits: readonly Edit[]): Promise<{ loop: Loop; folder: string; remove: () => void }> {
  mkdirSync(work, { recursive: true })
  const copy = mkdtempSync(join(work, 'src-'))
  for (const folder of ['core', 'sync', 'markdown', 'redact', 'chunk', 'analysis']) {
    cpSync(join(root, 'src', folder), join(copy, folder), { recursive: true })
  }
  for (const { file, find, replace } of edits) {
    const path = join(copy, file)
    const parts = readFileSync(path, 'utf8').split(find)
    if (parts.length !== 2) throw new Error(`${file} holds ${parts.length - 1} of: ${find}`)
    writeFileSync(path, parts.join(replace))
  }
  const { syncSource } = await import(pathToFileURL(join(copy, 'sync/sync.ts')).href)
  const { UnsiloError } = await import(pathToFileURL(join(copy, 'core/errors.ts')).href)
  return { loop: { syncSource, UnsiloError }, folder: copy, remove: () => rmSync(copy, { recursive: true }) }
}

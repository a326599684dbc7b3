/** File names made by us: from a title for the eye, from the id for uniqueness, never a path that a source gave. */
import { sha256 } from '../../core/ids.ts'

const LONGEST = 60
const SHORTEST_HASH = 8
/** Devices on Windows, whatever the extension. https://learn.microsoft.com/windows/win32/fileio/naming-a-file */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/

/** Lower-case ASCII letters, digits and single hyphens; empty when nothing of the text can be said so. */
export function slug(text: string): string {
  return text
    .slice(0, 4 * LONGEST)
    .normalize('NFKD')
    .replaceAll(/\p{Mark}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST)
    .replaceAll(/^-+|-+$/g, '')
}

/** A folder's name: as the slug, and nothing that Windows keeps for itself. */
export function folderName(text: string): string {
  const name = slug(text)
  if (name === '') return `folder-${sha256(text).slice(0, SHORTEST_HASH)}`
  return RESERVED.test(name) ? `${name}-` : name
}

/**
 * A file's name for each document, the same in every export: the title's slug and the start of the id's hash, longer
 * only for the ones that would still share a name.
 */
export function fileName(title: string, id: string, taken: (name: string) => boolean): string {
  const hash = sha256(id)
  const name = slug(title) || 'document'
  for (let length = SHORTEST_HASH; length < hash.length; length += SHORTEST_HASH) {
    const candidate = `${name}-${hash.slice(0, length)}.md`
    if (!taken(candidate)) return candidate
  }
  return `${name}-${hash}.md`
}

/** Whether a file, as `fileName` called it, may be of one of these documents. */
export function isFileOf(ids: ReadonlySet<string>): (file: string) => boolean {
  const hashes = new Set([...ids].map((id) => sha256(id).slice(0, SHORTEST_HASH)))
  return (file) => {
    const hash = /-([0-9a-f]+)\.md$/.exec(file)?.[1] ?? ''
    return hashes.has(hash.slice(0, SHORTEST_HASH))
  }
}

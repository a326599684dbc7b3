/**
 * Everything that the configuration names: folders with all below them, shared drives, what was shared with the account, and
 * single documents. Shortcuts are followed, and whatever is reached twice is read once, so circles end.
 */
import { UnsiloError } from '../../src/core/errors.ts'
import { DOCUMENT, type DriveFile, FOLDER, SHORTCUT } from './answers.ts'
import type { GoogleClient } from './client.ts'
import type { GoogleDocsConfig } from './config.ts'
import type { Folder } from './tree.ts'

export interface Found {
  readonly file: DriveFile
  /** Where it was met: a folder of the crawl, or null. */
  readonly folder: string | null
}

export interface Crawl {
  readonly documents: ReadonlyMap<string, Found>
  readonly folders: ReadonlyMap<string, Folder>
  /** What the configuration or a shortcut names, seen or not, and the folder in which it stands by that. */
  readonly linked: ReadonlyMap<string, string | null>
  readonly shortcuts: ReadonlySet<string>
  /** Positions in the streams of changes, from before anything was listed; `''` is the account's own. */
  readonly tokens: ReadonlyMap<string, string>
  readonly skipped: ReadonlyMap<string, string>
  /** Ids that the configuration or a shortcut names, and the account can't see. */
  readonly hidden: readonly string[]
  readonly pages: number
  readonly duplicates: number
}

interface OpenFolder {
  readonly id: string
  readonly driveId: string | null
}

/** Folders that one search names. */
const FOLDERS_A_REQUEST = 20

const TYPES = `(${[DOCUMENT, FOLDER, SHORTCUT].map((type) => `mimeType = '${type}'`).join(' or ')})`

export async function crawl(client: GoogleClient, config: GoogleDocsConfig): Promise<Crawl> {
  const documents = new Map<string, Found>()
  const folders = new Map<string, Folder>()
  const linked = new Map<string, string | null>()
  const shortcuts = new Map<string, { readonly target: string | null; readonly folder: string | null }>()
  const tokens = new Map([['', await client.startToken('')]])
  const skipped = new Map<string, string>()
  const hidden = new Set<string>()
  const open: OpenFolder[] = []
  const unfollowed: string[] = []
  let pages = 0
  let duplicates = 0

  async function follow(driveId: string | null): Promise<void> {
    if (driveId !== null && !tokens.has(driveId)) tokens.set(driveId, await client.startToken(driveId))
  }

  /** What a shared drive's token doesn't cover yet is looked at again once it does. */
  async function lookUp(id: string): Promise<DriveFile | null> {
    const file = await client.file(id)
    if (file === null || file.driveId === null || tokens.has(file.driveId)) return file
    await follow(file.driveId)
    return client.file(id)
  }

  function take(file: DriveFile, folder: string | null): void {
    if (file.trashed) return
    if (documents.has(file.id) || shortcuts.has(file.id)) duplicates += 1
    else if (file.mimeType === DOCUMENT) documents.set(file.id, { file, folder })
    else if (file.mimeType === SHORTCUT) {
      shortcuts.set(file.id, { target: file.target, folder })
      unfollowed.push(file.id)
    } else if (file.mimeType === FOLDER) takeFolder(file, folder)
    else skipped.set(file.id, `is no document but ${file.mimeType}`)
  }

  function takeFolder({ id, name, driveId }: DriveFile, parent: string | null): void {
    if (folders.has(id)) return
    folders.set(id, { name, parent })
    open.push({ id, driveId })
  }

  async function list(what: string, q: string, driveId: string | null): Promise<readonly DriveFile[]> {
    const listing = await client.list(what, `${q} and trashed = false and ${TYPES}`, driveId)
    pages += listing.pages
    return listing.items
  }

  async function readDrive({ id, name }: { readonly id: string; readonly name: string }): Promise<void> {
    await follow(id)
    folders.set(id, { name, parent: null })
    const items = await client.list(`shared drive ${id}`, `trashed = false and ${TYPES}`, id)
    pages += items.pages
    for (const file of items.items.filter(({ mimeType }) => mimeType === FOLDER))
      folders.set(file.id, { name: file.name, parent: file.parent })
    for (const file of items.items) if (file.mimeType !== FOLDER) take(file, file.parent)
  }

  async function readNamed(id: string, field: 'folders' | 'documents'): Promise<void> {
    const file = await lookUp(id)
    linked.set(id, null)
    if (file !== null && !file.trashed && (field === 'documents' || file.mimeType === FOLDER)) take(file, null)
    else if (field === 'documents') hidden.add(id)
    else throw notThere(`folders: ${id}`, file)
  }

  async function readSome(): Promise<void> {
    const driveId = open[0]?.driveId ?? null
    const some = open.filter((folder) => folder.driveId === driveId).slice(0, FOLDERS_A_REQUEST)
    for (const folder of some) open.splice(open.indexOf(folder), 1)
    const ids = some.map(({ id }) => id)
    const q = `(${ids.map((id) => `'${id}' in parents`).join(' or ')})`
    for (const file of await list(`folder ${ids.join(', ')}`, q, driveId)) {
      const parent = file.parent !== null && ids.includes(file.parent) ? file.parent : ids.length === 1 ? ids[0] : null
      take(file, parent ?? null)
    }
  }

  async function followShortcut(id: string): Promise<void> {
    const { target, folder } = shortcuts.get(id) ?? { target: null, folder: null }
    if (target === null) return
    if (!linked.has(target)) linked.set(target, folder)
    if (documents.has(target) || folders.has(target)) return
    const file = await lookUp(target)
    if (file === null) hidden.add(target)
    else take(file, folder)
  }

  for (const drive of await drivesOf(client, config)) await readDrive(drive)
  for (const id of new Set(config.folders)) await readNamed(id, 'folders')
  for (const id of new Set(config.documents)) await readNamed(id, 'documents')
  if (config.sharedWithMe)
    for (const file of await list('shared with me', 'sharedWithMe = true', null)) take(file, null)
  while (open.length > 0 || unfollowed.length > 0) {
    if (open.length > 0) await readSome()
    else await followShortcut(unfollowed.shift() ?? '')
  }
  return {
    ...{ documents, folders, linked, tokens, skipped, pages, duplicates },
    shortcuts: new Set(shortcuts.keys()),
    hidden: [...hidden],
  }
}

async function drivesOf(client: GoogleClient, { drives }: GoogleDocsConfig) {
  if (drives !== 'all') return Promise.all([...new Set(drives)].map((id) => namedDrive(client, id)))
  const { items } = await client.drives()
  if (items.length > 0) return items
  throw new UnsiloError('LISTING_INCOMPLETE', 'Google: drives: the account is a member of no shared drive', {
    hint: 'Add the account to the shared drives, or set drives to a list of ids. Nothing was removed.',
  })
}

async function namedDrive(client: GoogleClient, id: string) {
  const drive = await client.drive(id)
  if (drive === null) throw notThere(`drives: ${id}`, null)
  return drive
}

function notThere(what: string, file: DriveFile | null): UnsiloError {
  const why =
    file === null ? 'does not exist, or the account may not see it' : file.trashed ? 'is in the trash' : 'is no folder'
  return new UnsiloError('CONFIG_INVALID', `${what} ${why}`, {
    hint: 'Share it with the account, or correct the id or remove it from the configuration. Nothing was removed.',
  })
}

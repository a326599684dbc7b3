/**
 * Everything that the configuration names: folders with all below them, shared drives, what was shared with the account, and
 * single documents. Shortcuts are followed, and whatever is reached twice is read once, so circles end.
 */
import { UnsiloError } from '../../src/core/errors.ts'
import { DOCUMENT, type Drive, type DriveFile, FOLDER, SHORTCUT } from './answers.ts'
import type { GoogleClient } from './client.ts'
import type { GoogleDocsConfig } from './config.ts'
import type { Folder } from './tree.ts'

export interface Found {
  readonly file: DriveFile
  /** Where it was met: a folder of the crawl, or null. */
  readonly folder: string | null
}

export interface Crawled {
  readonly documents: ReadonlyMap<string, Found>
  readonly folders: ReadonlyMap<string, Folder>
  /** Folders above all that is read: who may read them may read what lies below. */
  readonly above: ReadonlySet<string>
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

export interface Crawl {
  /** Reads what the configuration names. */
  begin(): Promise<void>
  /** Reads those folders and shortcuts that were not read yet, with all that they lead to. False if there are none. */
  goOn(more: readonly Found[]): Promise<boolean>
  /** Adds a document as it is by now. */
  add(found: Found): void
  /** Climbs from what was read to what stands above it. */
  climb(): Promise<void>
  crawled(): Crawled
}

interface OpenFolder {
  readonly id: string
  readonly driveId: string | null
}

/** Folders that one search names. */
const FOLDERS_A_REQUEST = 20

const TYPES = `(${[DOCUMENT, FOLDER, SHORTCUT].map((type) => `mimeType = '${type}'`).join(' or ')})`

export function createCrawl(client: GoogleClient, config: GoogleDocsConfig): Crawl {
  const documents = new Map<string, Found>()
  const folders = new Map<string, Folder>()
  const above = new Set<string>()
  const linked = new Map<string, string | null>()
  const shortcuts = new Map<string, { readonly target: string | null; readonly folder: string | null }>()
  const tokens = new Map<string, string>()
  /** Shared drives of which the account sees files, and is no member. */
  const foreign = new Set<string>()
  const skipped = new Map<string, string>()
  const hidden = new Set<string>()
  /** The drive in which a folder's content was searched for: where it has moved since, it was not found. */
  const searchedIn = new Map<string, string | null>()
  const open: OpenFolder[] = []
  const unfollowed: string[] = []
  /** Parents of what was read, not looked at yet. */
  const parents = new Set<string>()
  let pages = 0
  let duplicates = 0

  async function follow(driveId: string): Promise<void> {
    const token = await client.startToken(driveId)
    if (token === null) foreign.add(driveId)
    else tokens.set(driveId, token)
  }

  /** What a shared drive's token doesn't cover yet is looked at again once it does. */
  async function covered(file: DriveFile | null): Promise<DriveFile | null> {
    if (file === null || file.driveId === null || tokens.has(file.driveId) || foreign.has(file.driveId)) return file
    await follow(file.driveId)
    return client.file(file.id)
  }

  function take(file: DriveFile, folder: string | null): void {
    if (file.trashed) return
    for (const id of file.parents) parents.add(id)
    if (documents.has(file.id) || shortcuts.has(file.id)) duplicates += 1
    else if (file.mimeType === DOCUMENT) documents.set(file.id, { file, folder })
    else if (file.mimeType === SHORTCUT) {
      shortcuts.set(file.id, { target: file.target, folder })
      unfollowed.push(file.id)
    } else if (file.mimeType === FOLDER) takeFolder(file, folder)
    else skipped.set(file.id, `is no document but ${file.mimeType}`)
  }

  function takeFolder({ id, name, driveId }: DriveFile, parent: string | null): void {
    if (searchedIn.get(id) === driveId) return
    searchedIn.set(id, driveId)
    folders.set(id, { name, parent })
    open.push({ id, driveId })
  }

  /** Only members may search a shared drive; files of others are among those of the account. */
  async function list(what: string, q: string, driveId: string | null): Promise<readonly DriveFile[]> {
    const searched = driveId !== null && tokens.has(driveId) ? driveId : null
    const listing = await client.list(what, `${q}trashed = false and ${TYPES}`, searched)
    pages += listing.pages
    return listing.items
  }

  async function readDrive({ id, name }: Drive): Promise<void> {
    await follow(id)
    folders.set(id, { name, parent: null })
    searchedIn.set(id, id)
    const files = await list(`shared drive ${id}`, '', id)
    for (const file of files.filter(({ mimeType }) => mimeType === FOLDER)) {
      folders.set(file.id, { name: file.name, parent: file.parents[0] ?? null })
      searchedIn.set(file.id, id)
    }
    for (const file of files) if (file.mimeType !== FOLDER) take(file, file.parents[0] ?? null)
  }

  async function readNamed(id: string, field: 'folders' | 'documents'): Promise<void> {
    const file = await covered(await client.file(id))
    linked.set(id, null)
    if (file !== null && !file.trashed && (field === 'documents' || file.mimeType === FOLDER)) take(file, null)
    else if (field === 'documents') hidden.add(id)
    else throw notThere(`folders: ${id}`, file)
  }

  async function readShared(): Promise<void> {
    for (const file of await list('shared with me', 'sharedWithMe = true and ', null)) {
      const now = await covered(file)
      if (now !== null) take(now, null)
    }
  }

  async function readSome(): Promise<void> {
    const driveId = open[0]?.driveId ?? null
    const some = open.filter((folder) => folder.driveId === driveId).slice(0, FOLDERS_A_REQUEST)
    for (const folder of some) open.splice(open.indexOf(folder), 1)
    const ids = some.map(({ id }) => id)
    const q = `(${ids.map((id) => `'${id}' in parents`).join(' or ')}) and `
    for (const file of await list(`folder ${ids.join(', ')}`, q, driveId)) {
      const only = ids.length === 1 ? ids[0] : null
      take(file, file.parents.find((id) => ids.includes(id)) ?? only ?? null)
    }
  }

  async function followShortcut(id: string): Promise<void> {
    const { target, folder } = shortcuts.get(id) ?? { target: null, folder: null }
    if (target === null) return
    if (!linked.has(target)) linked.set(target, folder)
    if (documents.has(target) || folders.has(target)) return
    const file = await covered(await client.file(target))
    if (file === null) hidden.add(target)
    else take(file, folder)
  }

  async function readOpen(): Promise<void> {
    while (open.length > 0 || unfollowed.length > 0) {
      if (open.length > 0) await readSome()
      else await followShortcut(unfollowed.shift() ?? '')
    }
  }

  return {
    async begin() {
      await follow('')
      for (const drive of await drivesOf(client, config)) await readDrive(drive)
      for (const id of new Set(config.folders)) await readNamed(id, 'folders')
      for (const id of new Set(config.documents)) await readNamed(id, 'documents')
      if (config.sharedWithMe) await readShared()
      await readOpen()
    },

    async goOn(more) {
      for (const { file, folder } of more) if (!shortcuts.has(file.id)) take(file, folder)
      if (open.length === 0 && unfollowed.length === 0) return false
      await readOpen()
      return true
    },

    add(found) {
      for (const id of found.file.parents) parents.add(id)
      documents.set(found.file.id, found)
    },

    async climb() {
      for (const id of parents) {
        if (folders.has(id) || above.has(id)) continue
        const folder = await client.file(id)
        if (folder === null) continue
        above.add(id)
        // A set goes on to what is added to it meanwhile.
        for (const next of folder.parents) parents.add(next)
      }
    },

    crawled: () => ({
      ...{ documents, folders, above, linked, tokens, skipped, pages, duplicates },
      shortcuts: new Set(shortcuts.keys()),
      hidden: [...hidden],
    }),
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

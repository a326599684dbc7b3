/** What an emulated Google account sees, and the streams of its changes. */

export const DOCUMENT = 'application/vnd.google-apps.document'
export const FOLDER = 'application/vnd.google-apps.folder'
export const SHORTCUT = 'application/vnd.google-apps.shortcut'

export type Fields = Readonly<Record<string, unknown>>

export interface GoogleFile {
  readonly id: string
  name: string
  readonly mimeType: string
  parent: string | null
  version: number
  modifiedAt: number
  trashed: boolean
  readonly driveId: string | null
  readonly sharedWithMe: boolean
  readonly target: string | null
  permissions: readonly Fields[]
  /** Whoever inherits a permission from the folder is kept out. */
  limited: boolean
  /** Whether the account may read the permissions. */
  permissionsShown: boolean
  /** Deleted, or not to be seen by the account any more. */
  gone: boolean
  /** Tabs as documents.get answers them. */
  tabs: readonly Fields[]
  /** Its body is answered with nonsense. */
  poisoned: boolean
}

export interface GoogleDrive {
  name: string
  /** Whether the account is a member; else it may see single files of it. */
  readonly member: boolean
  restrictions: { readonly domainUsersOnly?: boolean; readonly driveMembersOnly?: boolean }
}

interface Logged {
  readonly fileId: string | null
  readonly driveId: string | null
}

export interface NewFile {
  readonly name: string
  readonly parent?: string | null
  readonly driveId?: string | null
  readonly sharedWithMe?: boolean
  readonly permissions?: readonly Fields[]
  readonly tabs?: readonly Fields[]
}

export type GoogleModel = ReturnType<typeof createGoogleModel>

export const everybody: Fields = {
  id: 'anyone',
  type: 'anyone',
  role: 'reader',
  allowFileDiscovery: true,
  kind: 'drive#permission',
}

const START = Date.parse('2026-01-05T09:00:00.000Z')

export function createGoogleModel() {
  const files = new Map<string, GoogleFile>()
  const drives = new Map<string, GoogleDrive>()
  const log: Logged[] = []
  const state = { oldestToken: 0 }
  let clock = 0

  function add(mimeType: string, given: NewFile, more: Partial<GoogleFile> = {}): GoogleFile {
    clock += 1
    const file: GoogleFile = {
      ...{ id: `file-${clock}`, name: given.name, mimeType, parent: given.parent ?? null, version: clock },
      ...{ modifiedAt: START + clock * 60_000, trashed: false, driveId: given.driveId ?? null },
      ...{ sharedWithMe: given.sharedWithMe ?? false, target: null, permissions: given.permissions ?? [everybody] },
      ...{ limited: false, permissionsShown: true, gone: false, tabs: [], poisoned: false },
      ...more,
    }
    files.set(file.id, file)
    log.push({ fileId: file.id, driveId: file.driveId })
    return file
  }

  function find(id: string): GoogleFile {
    const file = files.get(id)
    if (file === undefined) throw new Error(`no file ${id}`)
    return file
  }

  /** Everything but the content. Real Drive tells of it more than once. */
  function change(id: string, what: Partial<GoogleFile>): void {
    const file = find(id)
    clock += 1
    Object.assign(file, what, { version: clock })
    log.push({ fileId: id, driveId: file.driveId }, { fileId: id, driveId: file.driveId })
  }

  /** Everything inside a folder, however deep. */
  function below(id: string): readonly GoogleFile[] {
    const found: GoogleFile[] = []
    const open = [id]
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const file of files.values()) {
        if (file.parent !== at || found.includes(file)) continue
        found.push(file)
        open.push(file.id)
      }
    }
    return found
  }

  return {
    files,
    drives,
    log,
    state,
    find,
    change,
    addDrive(id: string, name: string, more: Partial<GoogleDrive> = {}): void {
      drives.set(id, { name, member: true, restrictions: {}, ...more })
      add(FOLDER, { name, driveId: id }, { id })
    },
    addFolder: (given: NewFile) => add(FOLDER, given),
    addDocument: (given: NewFile & { readonly text?: string }) =>
      add(DOCUMENT, given, { tabs: given.tabs ?? tabsOf(given.text ?? `About ${given.name}.`) }),
    addShortcut: (given: NewFile & { readonly target: string }) => add(SHORTCUT, given, { target: given.target }),
    edit(id: string, text: string): void {
      change(id, { tabs: tabsOf(text), modifiedAt: START + (clock + 1) * 60_000 })
    },
    /** A folder's content goes with it, and no change tells of that. */
    trash(id: string, trashed = true): void {
      change(id, { trashed })
      for (const file of below(id)) file.trashed = trashed
    },
    /** A folder's content is shared with it, and no change tells of that. */
    share(id: string, permissions: readonly Fields[]): void {
      change(id, { permissions })
      for (const file of below(id)) file.permissions = permissions
    },
    below,
    /** A drive's members or name. */
    changeDrive(id: string): void {
      log.push({ fileId: null, driveId: id })
    },
  }
}

function tabsOf(text: string): readonly Fields[] {
  const elements = [{ startIndex: 1, endIndex: text.length + 2, textRun: { content: `${text}\n`, textStyle: {} } }]
  const paragraph = { elements, paragraphStyle: { namedStyleType: 'NORMAL_TEXT' } }
  const content = [{ startIndex: 1, endIndex: text.length + 2, paragraph }]
  return [{ tabProperties: { tabId: 't.0', title: 'Tab 1', index: 0 }, documentTab: { body: { content } } }]
}

/**
 * What changed since a cursor. Drive tells of a folder that moved, or was shared anew, and not of what lies in it, so a
 * change of anything but a document makes all be listed again.
 */
import { DOCUMENT, type DriveFile, type FileChange, FOLDER, SHORTCUT } from './answers.ts'
import type { GoogleClient } from './client.ts'
import type { GoogleDocsConfig } from './config.ts'
import type { Found } from './crawl.ts'
import { foldersOf, type GoogleDocsCursor, scopeOf } from './cursor.ts'
import type { Folders } from './tree.ts'

export interface Changed {
  readonly documents: readonly Found[]
  /** Ids of what is gone, or stands elsewhere now; some were never ours. */
  readonly gone: readonly string[]
  readonly folders: Folders
  readonly cursor: GoogleDocsCursor
}

interface Known {
  readonly folders: Folders
  readonly linked: ReadonlyMap<string, string | null>
  readonly shortcuts: ReadonlySet<string>
  readonly sharedWithMe: boolean
}

/** Null where everything must be listed again. */
export async function readChanges(
  client: GoogleClient,
  config: GoogleDocsConfig,
  since: GoogleDocsCursor,
): Promise<Changed | null> {
  if (since.scope !== scopeOf(config)) return null
  const known = knownOf(config, since)
  const tokens: [string, string][] = []
  const last = new Map<string, DriveFile | null>()
  for (const [driveId, token] of since.tokens) {
    const answer = await client.changes(token, driveId)
    if (answer === null) return null
    if (answer.changes.some((change) => change === null || isUnclear(change) || isOfPlace(change, known))) return null
    for (const change of answer.changes) if (change !== null) keepLast(last, change)
    tokens.push([driveId, answer.next])
  }
  const documents: Found[] = []
  const gone: string[] = []
  for (const [id, file] of last) {
    const folder = file === null || file.trashed ? undefined : placeOf(file, known)
    if (file === null || folder === undefined) gone.push(id)
    else documents.push({ file, folder })
  }
  return { documents, gone, folders: known.folders, cursor: { ...since, tokens } }
}

function knownOf({ sharedWithMe }: GoogleDocsConfig, since: GoogleDocsCursor): Known {
  return {
    folders: foldersOf(since),
    linked: new Map(since.linked),
    shortcuts: new Set(since.shortcuts),
    sharedWithMe,
  }
}

/** Where it stands may be what can't be read, and then it is not known to be gone. */
function isUnclear({ file }: FileChange): boolean {
  return file !== null && file.problem !== null
}

/** Of a folder or shortcut that is ours, or may become ours. */
function isOfPlace({ fileId, file }: FileChange, known: Known): boolean {
  if (known.folders.has(fileId) || known.shortcuts.has(fileId)) return true
  if (file === null || (file.mimeType !== FOLDER && file.mimeType !== SHORTCUT)) return false
  return placeOf(file, known) !== undefined
}

/** A file that two streams tell of, once as gone, is the one with the newest version. */
function keepLast(last: Map<string, DriveFile | null>, { fileId, file }: FileChange): void {
  if (file !== null && file.mimeType !== DOCUMENT) return
  const before = last.get(fileId)
  if (before && file && BigInt(before.version) > BigInt(file.version)) return
  last.set(fileId, file)
}

/** Undefined for what is not ours. */
function placeOf({ id, parent, driveId, sharedWithMe }: DriveFile, known: Known): string | null | undefined {
  if (parent !== null && known.folders.has(parent)) return parent
  if (known.linked.has(id)) return known.linked.get(id) ?? null
  if (driveId !== null && known.folders.has(driveId)) return driveId
  return known.sharedWithMe && sharedWithMe ? null : undefined
}

/**
 * What changed since a cursor. Drive tells of a folder that moved, or was shared anew, and not of what lies in it, so a
 * change of anything but a document makes all be listed again.
 */
import type { PullContext } from '../../src/core/connector.ts'
import { DOCUMENT, type DriveFile, type FileChange, FOLDER, SHORTCUT } from './answers.ts'
import type { GoogleClient } from './client.ts'
import type { GoogleDocsConfig } from './config.ts'
import type { Crawled, Found } from './crawl.ts'
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
  readonly above: ReadonlySet<string>
  readonly linked: ReadonlyMap<string, string | null>
  readonly shortcuts: ReadonlySet<string>
  readonly sharedWithMe: boolean
}

/** How often to find out what no change tells of, such as the sharing of a folder that the account can't see. */
const LISTED_ANEW_AFTER_MS = 7 * 86_400_000

/** Null where everything must be listed again. */
export async function readChanges(
  client: GoogleClient,
  context: PullContext<GoogleDocsConfig>,
  since: GoogleDocsCursor,
): Promise<Changed | null> {
  if (since.scope !== scopeOf(context.config) || context.now() - since.listedAt > LISTED_ANEW_AFTER_MS) return null
  const known = knownOf(context.config, since)
  const tokens: [string, string][] = []
  const streams: FileChange[][] = []
  for (const [driveId, token] of since.tokens) {
    const answer = await client.changes(token, driveId)
    if (answer === null) return null
    if (answer.changes.some((change) => change === null || isUnclear(change) || isOfPlace(change, known))) return null
    streams.push(answer.changes.filter((change) => change !== null))
    tokens.push([driveId, answer.next])
  }
  const { documents, gone } = placed(await lastOf(client, streams), known)
  return { documents, gone, folders: known.folders, cursor: { ...since, tokens } }
}

/** What changed since the crawl began: documents, and folders and shortcuts. Null where Drive can't tell. */
export async function readMoves(client: GoogleClient, { sharedWithMe }: GoogleDocsConfig, crawled: Crawled) {
  const known = { ...crawled, sharedWithMe }
  const streams: FileChange[][] = []
  const places = new Map<string, Found>()
  for (const [driveId, token] of crawled.tokens) {
    const answer = await client.changes(token, driveId)
    if (answer === null) return null
    streams.push(answer.changes.filter((change) => change !== null))
    for (const { fileId, file } of streams.at(-1) ?? []) {
      const folder = file !== null && isPlace(file) ? livePlaceOf(file, known) : undefined
      if (file !== null && folder !== undefined) places.set(fileId, { file, folder })
    }
  }
  return { documents: placed(await lastOf(client, streams), known).documents, places: [...places.values()] }
}

function knownOf({ sharedWithMe }: GoogleDocsConfig, since: GoogleDocsCursor): Known {
  return {
    folders: foldersOf(since),
    above: new Set(since.above),
    linked: new Map(since.linked),
    shortcuts: new Set(since.shortcuts),
    sharedWithMe,
  }
}

function placed(files: ReadonlyMap<string, DriveFile | null>, known: Known) {
  const documents: Found[] = []
  const gone: string[] = []
  for (const [id, file] of files) {
    const folder = file === null ? undefined : livePlaceOf(file, known)
    if (file === null || folder === undefined) gone.push(id)
    else documents.push({ file, folder })
  }
  return { documents, gone }
}

/** Where it stands may be what can't be read, and then it is not known to be gone. */
function isUnclear({ file }: FileChange): boolean {
  return file !== null && file.problem !== null
}

/** Of a folder or shortcut that is ours, stands above ours, or may become ours. */
function isOfPlace({ fileId, file }: FileChange, known: Known): boolean {
  if (isKnown(fileId, known) || known.above.has(fileId)) return true
  return file !== null && isPlace(file) && placeOf(file, known) !== undefined
}

function isKnown(id: string, { folders, shortcuts }: Known): boolean {
  return folders.has(id) || shortcuts.has(id)
}

function isPlace({ mimeType }: DriveFile): boolean {
  return mimeType === FOLDER || mimeType === SHORTCUT
}

/**
 * What each document is by now. One that moved from drive to drive is gone by one stream and there by another, and nothing
 * tells which of them is the later: it is asked for.
 */
async function lastOf(client: GoogleClient, streams: readonly (readonly FileChange[])[]) {
  const last = new Map<string, DriveFile | null>()
  const unsure = new Set<string>()
  for (const stream of streams) {
    for (const [id, file] of new Map(stream.filter(isDocuments).map((change) => [change.fileId, change.file]))) {
      const before = last.get(id)
      if (before !== undefined && (before === null) !== (file === null)) unsure.add(id)
      if (!before || !file || BigInt(file.version) >= BigInt(before.version)) last.set(id, file)
    }
  }
  for (const id of unsure) last.set(id, await client.file(id))
  return last
}

function isDocuments({ file }: FileChange): boolean {
  return file === null || file.mimeType === DOCUMENT
}

function livePlaceOf(file: DriveFile, known: Known): string | null | undefined {
  return file.trashed ? undefined : placeOf(file, known)
}

/** Undefined for what is not ours. */
function placeOf({ id, parents, driveId, sharedWithMe }: DriveFile, known: Known): string | null | undefined {
  const parent = parents.find((each) => known.folders.has(each))
  if (parent !== undefined) return parent
  if (known.linked.has(id)) return known.linked.get(id) ?? null
  if (driveId !== null && known.folders.has(driveId)) return driveId
  return known.sharedWithMe && sharedWithMe ? null : undefined
}

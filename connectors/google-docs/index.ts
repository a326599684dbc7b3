/**
 * Google Docs. The first run lists everything that the configuration names; later ones ask Drive what changed since, and list
 * everything again where that can't be told apart. See README.md for set-up and costs.
 */
import type { Body, Change, Connector, Head, Notes, PullContext } from '../../src/core/types.ts'
import { accessOf } from './access.ts'
import { readChanges } from './changes.ts'
import { type GoogleClient, openClient } from './client.ts'
import { AT_A_TIME, forEachConcurrently } from './concurrently.ts'
import { type GoogleDocsConfig, googleDocsConfig } from './config.ts'
import { type Crawl, crawl, type Found } from './crawl.ts'
import { cursorOf, type GoogleDocsCursor, googleDocsCursor } from './cursor.ts'
import { bodyLoader } from './load.ts'
import { type Folders, pathOf } from './tree.ts'

export { type GoogleDocsConfig, googleDocsConfig } from './config.ts'
export type { GoogleDocsCursor } from './cursor.ts'

export const googleDocs: Connector<GoogleDocsConfig, GoogleDocsCursor> = {
  name: 'google-docs',
  config: googleDocsConfig,
  cursor: googleDocsCursor,
  pull,
}

/** A drive in which folders move all the time must come to an end too. */
const MOST_CRAWLS = 3

type Context = PullContext<GoogleDocsConfig>
type Changes = AsyncGenerator<Change<GoogleDocsCursor>>

async function* pull(context: Context, since: GoogleDocsCursor | null): Changes {
  const client = await openClient(context)
  const changed = since === null ? null : await readChanges(client, context.config, since)
  if (changed === null) return yield* pullAll(context, client)
  const { documents, gone, folders, cursor } = changed
  const permissions = await readPermissions(client, documents)
  for (const id of gone) yield { type: 'delete', id }
  yield* upserts(context, client, { documents, folders, permissions })
  yield { type: 'checkpoint', cursor }
}

async function* pullAll(context: Context, client: GoogleClient): Changes {
  yield { type: 'begin' }
  const all = await crawlSettled(client, context.config)
  const documents = [...all.documents.values()].sort((a, b) => (a.file.id < b.file.id ? -1 : 1))
  const permissions = await readPermissions(client, documents)
  yield* upserts(context, client, { documents, folders: all.folders, permissions })
  for (const [id, reason] of all.skipped) yield { type: 'skip', id, reason }
  const { pages, duplicates } = all
  const seen = documents.length + all.skipped.size
  yield {
    type: 'checkpoint',
    cursor: cursorOf(context.config, all),
    receipt: { pages, seen, duplicates, ended: 'no-next-link' },
    notes: notesOf(all, permissions),
  }
}

/**
 * A document that moved, while all was listed, from a folder not yet read to one already read was in neither: what changed
 * meanwhile is added. A folder that moved so makes all be listed once more.
 */
async function crawlSettled(client: GoogleClient, config: GoogleDocsConfig): Promise<Crawl> {
  for (let tries = 1; ; tries += 1) {
    const all = await crawl(client, config)
    const meanwhile = await readChanges(client, config, cursorOf(config, all))
    if (meanwhile === null && tries < MOST_CRAWLS) continue
    const moved = meanwhile?.documents.map((found) => [found.file.id, found] as const) ?? []
    return { ...all, documents: new Map([...all.documents, ...moved]) }
  }
}

type Permissions = ReadonlyMap<string, readonly unknown[] | null>

interface Knowledge {
  readonly documents: readonly Found[]
  readonly folders: Folders
  readonly permissions: Permissions
}

function* upserts(context: Context, client: GoogleClient, { documents, folders, permissions }: Knowledge) {
  const load = bodyLoader(client)
  for (const { file, folder } of documents) {
    const head: Head = {
      id: file.id,
      version: file.version,
      title: file.name,
      url: addressOf(file.id),
      updatedAt: file.updatedAt,
      path: pathOf(folders, file.parent !== null && folders.has(file.parent) ? file.parent : folder),
      kind: 'doc',
      access: accessOf(permissions.get(file.id) ?? null, context.access),
    }
    yield { type: 'upsert', head, load: (): Promise<Body> => load(file, head.url) } as const
  }
}

/** Those that the listing left out are asked for, one request a document. */
async function readPermissions(client: GoogleClient, documents: readonly Found[]): Promise<Permissions> {
  const known = new Map(documents.map(({ file }) => [file.id, file.permissions]))
  const missing = documents.flatMap(({ file }) => (file.permissions === null ? [file.id] : []))
  await forEachConcurrently(missing, AT_A_TIME, async (id) => void known.set(id, await client.permissions(id)))
  return known
}

function addressOf(id: string): string {
  return `https://docs.google.com/document/d/${id}/edit`
}

function notesOf({ hidden }: Crawl, permissions: Permissions): Notes {
  const unreadable = [...permissions.values()].filter((each) => each === null).length
  return {
    ...(hidden.length > 0 && { hidden: `not there, or hidden from the account: ${hidden.slice(0, 20).join(', ')}` }),
    ...(unreadable > 0 && {
      permissions: `of ${unreadable} documents can’t be read by the account: nobody may read those`,
    }),
  }
}

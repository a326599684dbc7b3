/**
 * Google Docs. The first run lists everything that the configuration names; later ones ask Drive what changed since, and list
 * everything again where that can't be told apart. See README.md for set-up and costs.
 */
import type { Body, Change, Connector, Head, Notes, PullContext } from '../../src/core/types.ts'
import { AT_A_TIME, forEachConcurrently } from '../../src/http/concurrently.ts'
import { accessOf } from './access.ts'
import type { Drive } from './answers.ts'
import { readChanges } from './changes.ts'
import { type GoogleClient, openClient } from './client.ts'
import { type GoogleDocsConfig, googleDocsConfig } from './config.ts'
import type { Crawled, Found } from './crawl.ts'
import { cursorOf, type GoogleDocsCursor, googleDocsCursor } from './cursor.ts'
import { bodyLoader } from './load.ts'
import { crawlSettled } from './settle.ts'
import { type Folders, pathOf } from './tree.ts'

export { type GoogleDocsConfig, googleDocsConfig } from './config.ts'
export type { GoogleDocsCursor } from './cursor.ts'

export const googleDocs: Connector<GoogleDocsConfig, GoogleDocsCursor> = {
  name: 'google-docs',
  config: googleDocsConfig,
  cursor: googleDocsCursor,
  pull,
}

type Context = PullContext<GoogleDocsConfig>
type Changes = AsyncGenerator<Change<GoogleDocsCursor>>

async function* pull(context: Context, since: GoogleDocsCursor | null): Changes {
  const client = await openClient(context)
  const changed = since === null ? null : await readChanges(client, context.config, since, context.now())
  if (changed === null) return yield* pullAll(context, client)
  const { documents, gone, folders, cursor } = changed
  const sharing = await readSharing(client, documents)
  for (const id of gone) yield { type: 'delete', id }
  yield* upserts(context, client, { documents, folders, sharing })
  yield { type: 'checkpoint', cursor, notes: cursor.notes }
}

async function* pullAll(context: Context, client: GoogleClient): Changes {
  yield { type: 'begin' }
  const listedAt = context.now()
  const all = await crawlSettled(client, context.config)
  const documents = [...all.documents.values()].sort((a, b) => (a.file.id < b.file.id ? -1 : 1))
  const sharing = await readSharing(client, documents)
  yield* upserts(context, client, { documents, folders: all.folders, sharing })
  for (const [id, reason] of all.skipped) yield { type: 'skip', id, reason }
  const { pages, duplicates } = all
  const seen = documents.length + all.skipped.size
  const notes = notesOf(all, sharing)
  yield {
    type: 'checkpoint',
    cursor: cursorOf(context.config, all, { listedAt, notes }),
    receipt: { pages, seen, duplicates, ended: 'no-next-link' },
    notes,
  }
}

interface Sharing {
  /** By document; null where the account may not read them. */
  readonly permissions: ReadonlyMap<string, readonly unknown[] | null>
  /** By shared drive; null for one that the account is no member of. */
  readonly drives: ReadonlyMap<string, Drive | null>
}

interface Knowledge {
  readonly documents: readonly Found[]
  readonly folders: Folders
  readonly sharing: Sharing
}

function* upserts(context: Context, client: GoogleClient, { documents, folders, sharing }: Knowledge) {
  const load = bodyLoader(client)
  for (const { file, folder } of documents) {
    const head: Head = {
      id: file.id,
      version: file.version,
      title: file.name,
      url: addressOf(file.id),
      updatedAt: file.updatedAt,
      path: pathOf(folders, file.parents.find((id) => folders.has(id)) ?? folder),
      kind: 'doc',
      access: accessOf(
        sharing.permissions.get(file.id) ?? null,
        context.access,
        file.driveId === null ? undefined : (sharing.drives.get(file.driveId) ?? null),
      ),
    }
    yield { type: 'upsert', head, load: (): Promise<Body> => load(file, head.url) } as const
  }
}

/** Permissions that the listing left out are asked for, one request a document; a shared drive's rules, one a drive. */
async function readSharing(client: GoogleClient, documents: readonly Found[]): Promise<Sharing> {
  const permissions = new Map(documents.map(({ file }) => [file.id, file.permissions]))
  const missing = documents.flatMap(({ file }) => (file.permissions === null ? [file.id] : []))
  const drives = new Map<string, Drive | null>()
  const driveIds = new Set(documents.flatMap(({ file }) => file.driveId ?? []))
  await forEachConcurrently(driveIds, AT_A_TIME, async (id) => void drives.set(id, await client.drive(id)))
  await forEachConcurrently(missing, AT_A_TIME, async (id) => void permissions.set(id, await client.permissions(id)))
  return { permissions, drives }
}

function addressOf(id: string): string {
  return `https://docs.google.com/document/d/${id}/edit`
}

function notesOf({ hidden }: Crawled, { permissions }: Sharing): Notes {
  const unreadable = [...permissions.values()].filter((each) => each === null).length
  return {
    ...(hidden.length > 0 && { hidden: `not there, or hidden from the account: ${hidden.slice(0, 20).join(', ')}` }),
    ...(unreadable > 0 && {
      permissions: `of ${unreadable} documents can’t be read by the account: nobody may read those`,
    }),
  }
}

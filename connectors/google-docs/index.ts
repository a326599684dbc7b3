/**
 * Google Docs. The first run lists everything that the configuration names; later ones ask Drive what changed since, and list
 * everything again where that can't be told apart. See README.md for set-up and costs.
 */

import type { Change, Connector, Notes, PullContext } from '../../src/core/connector.ts'
import type { Body, Head } from '../../src/core/document.ts'
import { readChanges } from './changes.ts'
import { type GoogleClient, openClient } from './client.ts'
import { type GoogleDocsConfig, googleDocsConfig } from './config.ts'
import type { Crawled, Found } from './crawl.ts'
import { cursorOf, type GoogleDocsCursor, googleDocsCursor } from './cursor.ts'
import { bodyLoader } from './load.ts'
import { crawlSettled } from './settle.ts'
import { fileAccess, readSharing, type Sharing, sharingNotes } from './sharing.ts'
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
  const changed = since === null ? null : await readChanges(client, context, since)
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
  const notes = { ...missingNote(all), ...sharingNotes(documents, sharing, context.access) }
  yield {
    type: 'checkpoint',
    cursor: cursorOf(context.config, all, { listedAt, notes }),
    receipt: { pages, seen, duplicates, ended: 'no-next-link' },
    notes,
  }
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
      access: fileAccess(file, sharing, context.access),
    }
    yield { type: 'upsert', head, load: (): Promise<Body> => load(file, head.url) } as const
  }
}

function addressOf(id: string): string {
  return `https://docs.google.com/document/d/${id}/edit`
}

function missingNote({ hidden }: Crawled): Notes {
  return hidden.length === 0 ? {} : { missing: `not there, or not for the account: ${hidden.slice(0, 20).join(', ')}` }
}

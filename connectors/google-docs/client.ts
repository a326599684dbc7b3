/**
 * The endpoints of Drive and Docs that the connector uses, answered in our own types.
 * https://developers.google.com/workspace/drive/api/reference/rest/v3 and …/docs/api/reference/rest/v1
 */
import { z } from 'zod'
import type { PullContext } from '../../src/core/types.ts'
import { type DriveFile, FILE_FIELDS, type FileChange, invalid, readChange, readDrive, readFile } from './answers.ts'
import { openTokens } from './auth.ts'
import type { GoogleDocsConfig } from './config.ts'
import { type Listing, readAll } from './paging.ts'
import { absentAsNull, openTransport } from './transport.ts'

export type GoogleClient = Awaited<ReturnType<typeof openClient>>

const PAGE_SIZE = 1000
const PERMISSIONS_SIZE = 100
const DRIVES_SIZE = 100

const ALL_DRIVES = { supportsAllDrives: true, includeItemsFromAllDrives: true }

/** Deleted, or not to be seen by the account; Drive tells one by the status of the other. */
const NOT_SHOWN = [403, 404]
/** A position that is too old, or of a drive that the account left. */
const NOT_CONTINUED = [403, 404, 410]

const startToken = z.object({ startPageToken: z.string().min(1) })
/** As far as a missing part would look like an empty document. */
const documentAnswer = z.object({
  tabs: z
    .array(z.object({ documentTab: z.object({ body: z.object({ content: z.array(z.unknown()) }) }).nullish() }))
    .min(1),
})

const newToken = z.object({ newStartPageToken: z.string().min(1) })

export async function openClient({ config, fetch, now, signal }: PullContext<GoogleDocsConfig>) {
  // Here and not above: the libraries take half a second to load.
  const [{ drive }, { docs }] = await Promise.all([import('@googleapis/drive'), import('@googleapis/docs')])
  const options = { fetchImplementation: fetch, retry: false, ...(config.apiUrl && { rootUrl: config.apiUrl }) }
  const { files, permissions, changes, drives } = drive({ version: 'v3', ...options })
  const { documents } = docs({ version: 'v1', ...options })
  const ask = openTransport(openTokens(config, fetch, now), signal)

  return {
    /** @param q a search of Drive; ids in it must have been checked */
    list(what: string, q: string, driveId: string | null): Promise<Listing<DriveFile>> {
      const corpora = driveId === null ? { corpora: 'user' } : { corpora: 'drive', driveId }
      const query = { q, ...corpora, ...ALL_DRIVES, pageSize: PAGE_SIZE }
      const fields = `nextPageToken,incompleteSearch,files(${FILE_FIELDS})`
      return readAll(what, 'files', readFile, (pageToken) =>
        ask('files.list', (sent) => files.list({ ...query, fields, ...withToken(pageToken) }, sent)),
      )
    },

    /** Null if it is gone, or hidden from the account. */
    file(fileId: string): Promise<DriveFile | null> {
      const query = { fileId, supportsAllDrives: true, fields: FILE_FIELDS }
      return absentAsNull(
        async () => readFile(await ask('files.get', (sent) => files.get(query, sent)), `file ${fileId}`),
        NOT_SHOWN,
      )
    },

    /** Null if the account may not read them. */
    permissions(fileId: string): Promise<readonly unknown[] | null> {
      const fields =
        'nextPageToken,permissions(type,emailAddress,domain,allowFileDiscovery,deleted,view,expirationTime)'
      const query = { fileId, supportsAllDrives: true, pageSize: PERMISSIONS_SIZE, fields }
      const list = () =>
        readAll(
          `permissions of ${fileId}`,
          'permissions',
          (item) => item,
          (pageToken) =>
            ask('permissions.list', (sent) => permissions.list({ ...query, ...withToken(pageToken) }, sent)),
        )
      return absentAsNull(async () => (await list()).items, NOT_SHOWN)
    },

    drives(): Promise<Listing<{ readonly id: string; readonly name: string }>> {
      const query = { pageSize: DRIVES_SIZE, fields: 'nextPageToken,drives(id,name)' }
      return readAll('shared drives', 'drives', readDrive, (pageToken) =>
        ask('drives.list', (sent) => drives.list({ ...query, ...withToken(pageToken) }, sent)),
      )
    },

    /** Null if it is gone, or the account is no member. */
    drive(driveId: string): Promise<{ readonly id: string; readonly name: string } | null> {
      const get = () => ask('drives.get', (sent) => drives.get({ driveId, fields: 'id,name' }, sent))
      return absentAsNull(async () => readDrive(await get(), `shared drive ${driveId}`), NOT_SHOWN)
    },

    /** @param driveId empty is what the account itself sees */
    async startToken(driveId: string): Promise<string> {
      const query = { supportsAllDrives: true, ...(driveId !== '' && { driveId }) }
      const answer = await ask('changes.getStartPageToken', (sent) => changes.getStartPageToken(query, sent))
      const read = startToken.safeParse(answer)
      if (!read.success) throw invalid('changes.getStartPageToken', read.error)
      return read.data.startPageToken
    },

    /** What changed since the token, null for a change of a drive; null altogether if Drive can't go on from there. */
    async changes(token: string, driveId: string) {
      const fields = `nextPageToken,newStartPageToken,changes(changeType,fileId,removed,file(${FILE_FIELDS}))`
      const place = driveId === '' ? {} : { driveId }
      const query = { ...place, ...ALL_DRIVES, includeRemoved: true, pageSize: PAGE_SIZE, fields }
      const listing = await absentAsNull(
        () =>
          readAll<FileChange | null>('changes', 'changes', readChange, (pageToken) =>
            ask('changes.list', (sent) => changes.list({ ...query, pageToken: pageToken ?? token }, sent)),
          ),
        NOT_CONTINUED,
      )
      if (listing === null) return null
      const next = newToken.safeParse(listing.last)
      if (!next.success) throw invalid('changes.list', next.error)
      return { changes: listing.items, next: next.data.newStartPageToken }
    },

    /** All tabs, as if no suggestion had been made. */
    async document(documentId: string): Promise<unknown> {
      const query = { documentId, includeTabsContent: true, suggestionsViewMode: 'PREVIEW_WITHOUT_SUGGESTIONS' }
      const answer = await ask('documents.get', (sent) => documents.get(query, sent))
      const read = documentAnswer.safeParse(answer)
      if (!read.success) throw invalid(`document ${documentId}`, read.error)
      return answer
    },
  }
}

function withToken(pageToken: string | undefined) {
  return pageToken === undefined ? {} : { pageToken }
}

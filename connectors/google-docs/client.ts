/**
 * The endpoints of Drive and Docs that the connector uses, answered in our own types.
 * https://developers.google.com/workspace/drive/api/reference/rest/v3 and …/docs/api/reference/rest/v1
 */
import { z } from 'zod'
import type { PullContext } from '../../src/core/connector.ts'
import { asAccount } from '../../src/http/call.ts'
import { readCredentials } from '../../src/vendors/google/credentials.ts'
import { openTokens } from '../../src/vendors/google/tokens.ts'
import {
  DRIVE_FIELDS,
  type Drive,
  type DriveFile,
  FILE_FIELDS,
  type FileChange,
  invalid,
  PERMISSION_FIELDS,
  readChange,
  readDocument,
  readDrive,
  readFile,
} from './answers.ts'
import type { GoogleDocsConfig } from './config.ts'
import { type Listing, readAll } from './paging.ts'
import { notShownAsNull, openTransport, statusAsNull } from './transport.ts'

export type GoogleClient = Awaited<ReturnType<typeof openClient>>

const PAGE_SIZE = 1000
const PERMISSIONS_SIZE = 100
const DRIVES_SIZE = 100

const ALL_DRIVES = { supportsAllDrives: true, includeItemsFromAllDrives: true }

/** A position that is too old or not understood, or of a drive that the account left. */
const NOT_CONTINUED = [400, 403, 404, 410]

const startToken = z.object({ startPageToken: z.string().min(1) })
const newToken = z.object({ newStartPageToken: z.string().min(1) })

export async function openClient({ config, fetch, now }: PullContext<GoogleDocsConfig>) {
  const credentials = readCredentials(config.auth.credentials)
  const tokens = openTokens(credentials, { subject: config.auth.subject, fetch, now })
  // Quotas are counted by user: tokens come and go.
  const asked = asAccount(fetch, `${config.auth.credentials} ${config.auth.subject ?? ''}`)

  // Here and not above: the libraries take half a second to load.
  const [{ drive }, { docs }] = await Promise.all([import('@googleapis/drive'), import('@googleapis/docs')])
  const options = { fetchImplementation: asked, retry: false, ...(config.apiUrl && { rootUrl: config.apiUrl }) }
  const { files, permissions, changes, drives } = drive({ version: 'v3', ...options })
  const { documents } = docs({ version: 'v1', ...options })
  const ask = openTransport(tokens, 'quota_project_id' in credentials ? credentials.quota_project_id : undefined)

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
      const get = () => ask('files.get', (sent) => files.get(query, sent))
      return notShownAsNull(async () => readFile(await get(), `file ${fileId}`))
    },

    /** Null if the account may not read them. */
    permissions(fileId: string): Promise<readonly unknown[] | null> {
      const fields = `nextPageToken,permissions(${PERMISSION_FIELDS})`
      const query = { fileId, supportsAllDrives: true, pageSize: PERMISSIONS_SIZE, fields }
      const list = () =>
        readAll(
          `permissions of ${fileId}`,
          'permissions',
          (item) => item,
          (pageToken) =>
            ask('permissions.list', (sent) => permissions.list({ ...query, ...withToken(pageToken) }, sent)),
        )
      return notShownAsNull(async () => (await list()).items)
    },

    drives(): Promise<Listing<Drive>> {
      const query = { pageSize: DRIVES_SIZE, fields: `nextPageToken,drives(${DRIVE_FIELDS})` }
      return readAll('shared drives', 'drives', readDrive, (pageToken) =>
        ask('drives.list', (sent) => drives.list({ ...query, ...withToken(pageToken) }, sent)),
      )
    },

    /** Null if it is gone, or the account is no member. */
    drive(driveId: string): Promise<Drive | null> {
      const get = () => ask('drives.get', (sent) => drives.get({ driveId, fields: DRIVE_FIELDS }, sent))
      return notShownAsNull(async () => readDrive(await get(), `shared drive ${driveId}`))
    },

    /**
     * Null for a shared drive that the account is no member of.
     *
     * @param driveId empty is what the account itself sees
     */
    async startToken(driveId: string): Promise<string | null> {
      const query = { supportsAllDrives: true, ...(driveId !== '' && { driveId }) }
      const get = () => ask('changes.getStartPageToken', (sent) => changes.getStartPageToken(query, sent))
      const answer = driveId === '' ? await get() : await notShownAsNull(get)
      if (answer === null) return null
      const read = startToken.safeParse(answer)
      if (!read.success) throw invalid('changes.getStartPageToken', read.error)
      return read.data.startPageToken
    },

    /** What changed since the token, null for a change of a drive; null altogether if Drive can't go on from there. */
    async changes(token: string, driveId: string) {
      const fields = `nextPageToken,newStartPageToken,changes(changeType,fileId,removed,file(${FILE_FIELDS}))`
      const place = driveId === '' ? {} : { driveId }
      const query = { ...place, ...ALL_DRIVES, includeRemoved: true, pageSize: PAGE_SIZE, fields }
      const listing = await statusAsNull(
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
      return readDocument(await ask('documents.get', (sent) => documents.get(query, sent)), `document ${documentId}`)
    },
  }
}

function withToken(pageToken: string | undefined) {
  return pageToken === undefined ? {} : { pageToken }
}

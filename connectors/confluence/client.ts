/**
 * The endpoints of Confluence Cloud that the connector uses, answered in our own types.
 * https://developer.atlassian.com/cloud/confluence/rest/v2/ and, for restrictions and label names, …/rest/v1/
 */
import { UnsiloError } from '../../src/core/errors.ts'
import type { ReaderLists } from './access.ts'
import { cloudSite } from './addresses.ts'
import {
  type Container,
  type Content,
  type ContentKind,
  readBodies,
  readContainer,
  readContent,
  readLabelId,
  readSpace,
  type Space,
  type StoredBody,
} from './answers.ts'
import type { ConfluenceConfig } from './config.ts'
import { readAll, readEach } from './paging.ts'
import { readOwnRestriction } from './readers.ts'
import { absentAsNull, openTransport } from './transport.ts'

export interface Listing<T> {
  readonly items: readonly T[]
  /** Requests that it took. */
  readonly pages: number
}

export const containerTypes = ['folder', 'whiteboard', 'database', 'embed'] as const
export type ContainerType = (typeof containerTypes)[number]

/** What any deployment answers; ids of spaces are what its own requests want. */
export type ConfluenceClient = Awaited<ReturnType<typeof openCloudClient>>

/** The API's maximum. It must not change within a listing, or the cursor means something else. */
const PAGE_SIZE = 250

/** One for all, since most contents are. */
const UNRESTRICTED: ReaderLists = []

/** Gone or hidden. */
const NOT_SHOWN = [403, 404]

export async function openCloudClient(config: ConfluenceConfig, fetch: typeof globalThis.fetch) {
  // Here and not above: the library takes half a second to load.
  const [v1, v2] = await Promise.all([import('confluence.js/v1'), import('confluence.js/v2')])
  const transport = openTransport(config, fetch)

  return {
    site: cloudSite(config),

    /** Throws if the site is known to answer as if nobody were logged in. Here the token would need one more scope to tell. */
    checkAccount: async (): Promise<void> => {},

    spaces(query: { keys?: string[]; status?: 'current' | 'archived' }): Promise<Listing<Space>> {
      return readAll('spaces', readSpace, (cursor) => v2.getSpaces(transport, { ...query, cursor, limit: PAGE_SIZE }))
    },

    /**
     * Heads only, each handed over as it is read; answers how many requests it took. Status is always said: by default
     * the API adds archived pages.
     */
    contents(kind: ContentKind, spaceId: string, take: (content: Content) => void): Promise<number> {
      const list = kind === 'page' ? v2.getPagesInSpace : v2.getBlogPostsInSpace
      const query = { id: Number(spaceId), status: ['current'], limit: PAGE_SIZE }
      const depth = kind === 'page' ? { depth: 'all' } : {}
      const ask = (cursor: string | undefined) => list(transport, { ...query, ...depth, cursor })
      return readEach(`${kind}s of space ${spaceId}`, readContent(kind), ask, take)
    },

    /** Pages that are current or archived, in no order; what is gone or hidden is not among them. */
    async pagesById(ids: readonly string[]): Promise<readonly Pick<Content, 'id' | 'title' | 'parent'>[]> {
      const query = { id: ids.map(Number), status: ['current', 'archived'], limit: PAGE_SIZE }
      return (
        await readAll('pages by id', readContent('page'), (cursor) => v2.getPages(transport, { ...query, cursor }))
      ).items
    },

    /** Bodies by id. An unreadable one is an error, a missing one is absent. What has no storage format is asked as ADF. */
    async bodies(kind: ContentKind, ids: readonly string[]): Promise<ReadonlyMap<string, StoredBody | UnsiloError>> {
      const list = kind === 'page' ? v2.getPages : v2.getBlogPosts
      const ask = (bodyFormat: string, some: readonly string[]) => {
        const query = { id: some.map(Number), status: ['current'], bodyFormat, limit: PAGE_SIZE }
        return readBodies((cursor) => list(transport, { ...query, cursor }))
      }
      const stored = await ask('storage', ids)
      const without = ids.filter((id) => stored.get(id) instanceof UnsiloError)
      return without.length === 0 ? stored : new Map([...stored, ...(await ask('atlas_doc_format', without))])
    },

    /** What stands in the page tree without being a page; null if it is gone or hidden. */
    container(type: ContainerType, id: string): Promise<Container | null> {
      const get = {
        folder: v2.getFolderById,
        whiteboard: v2.getWhiteboardById,
        database: v2.getDatabaseById,
        embed: v2.getSmartLinkById,
      }[type]
      return absentAsNull(async () => readContainer(await get(transport, { id: Number(id) })), NOT_SHOWN)
    },

    /** Null if nothing on the site carries it. */
    labelId(name: string): Promise<string | null> {
      return absentAsNull(async () => readLabelId(await v1.getAllLabelContent(transport, { name, limit: 1 })))
    },

    labelled(kind: ContentKind, labelId: string, spaceIds: readonly string[]): Promise<Listing<Pick<Content, 'id'>>> {
      const list = kind === 'page' ? v2.getLabelPages : v2.getLabelBlogPosts
      const query = { id: Number(labelId), spaceId: spaceIds.map(Number), limit: PAGE_SIZE }
      return readAll(`${kind}s with label ${labelId}`, readContent(kind), (cursor) =>
        list(transport, { ...query, cursor }),
      )
    },

    /**
     * Each restriction that is told of when this one content is asked for, by the names of who may view it; here its own.
     * Throws with status 403 or 404 if hidden.
     */
    async restrictions(id: string): Promise<ReaderLists> {
      const expand = ['restrictions.user', 'restrictions.group']
      const own = await readOwnRestriction(id, (page) =>
        v1.getRestrictionsForOperation(transport, { id, operationKey: 'read', expand, ...page }),
      )
      return own === null ? UNRESTRICTED : [own]
    },
  }
}

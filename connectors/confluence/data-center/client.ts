/**
 * The endpoints of Confluence Data Center that the connector uses, answered in the same types as Cloud's.
 * https://developer.atlassian.com/server/confluence/rest/
 */
import { dataCenterSite } from '../addresses.ts'
import type { Content, ContentKind, Space } from '../answers.ts'
import type { ConfluenceClient, Listing } from '../client.ts'
import type { ConfluenceConfig } from '../config.ts'
import { absentAsNull, openRequests } from '../transport.ts'
import { checkAccount } from './account.ts'
import { type Ancestor, type DataCenterContent, readContent, readLabel, readSpace } from './answers.ts'
import { bodyReader } from './bodies.ts'
import { readByCursor, readByOffset } from './paging.ts'
import { restrictionReader } from './restrictions.ts'

/** The server lowers it, the more so the more is expanded. */
const PAGE_SIZE = 200

/** What a version without `content/scan` answers, where `scan` is the id of a content that isn't there. */
const NO_SCAN = [400, 404, 405]

export function openDataCenterClient(config: ConfluenceConfig, fetch: typeof globalThis.fetch): ConfluenceClient {
  const get = openRequests(config, 'data-center', fetch)
  const readBodies = bodyReader(get)
  const listed = new Map<string, DataCenterContent>()
  const needsLabels = config.labels.include.length + config.labels.exclude.length > 0
  const expand = needsLabels ? 'version,ancestors,metadata.labels' : 'version,ancestors'

  function spacesOf(status: 'current' | 'archived', keys: readonly string[] | undefined): Promise<Listing<Space>> {
    const query = { ...(keys && { spaceKey: keys }), status, limit: PAGE_SIZE }
    return readByOffset(`${status} spaces`, readSpace(status), (start) => get('/rest/api/space', { ...query, start }))
  }

  /** Pages by keyset. The documentation says of some versions that blog posts can't be listed so. */
  async function contentsOf(kind: ContentKind, spaceKey: string): Promise<Listing<DataCenterContent>> {
    const what = `${kind}s of space ${spaceKey}`
    const query = { spaceKey, type: kind, status: 'current', expand, limit: PAGE_SIZE }
    const scan = (cursor: string | undefined) => get('/rest/api/content/scan', { ...query, ...(cursor && { cursor }) })
    const first = kind === 'page' ? await absentAsNull(() => scan(undefined), NO_SCAN) : null
    if (first === null)
      return readByOffset(what, readContent(kind), (start) => get('/rest/api/content', { ...query, start }))
    return readByCursor(what, readContent(kind), async (cursor) => (cursor === undefined ? first : scan(cursor)))
  }

  async function labelsOf({ id, labels }: DataCenterContent): Promise<readonly string[]> {
    if (labels !== null) return labels
    const query = { limit: PAGE_SIZE }
    const ask = (start: number) => get(`/rest/api/content/${id}/label`, { ...query, start })
    return (await readByOffset(`labels of ${id}`, readLabel, ask)).items.map((label) => label.id)
  }

  return {
    site: dataCenterSite(config),

    checkAccount: () => checkAccount(get),

    async spaces({ keys, status }) {
      const [current, archived] = [
        status === 'archived' ? null : await spacesOf('current', keys),
        status === 'current' ? null : await spacesOf('archived', keys),
      ]
      return {
        items: [...(current?.items ?? []), ...(archived?.items ?? [])],
        pages: (current?.pages ?? 0) + (archived?.pages ?? 0),
      }
    },

    async contents(kind, spaceKey, take) {
      const { items, pages } = await contentsOf(kind, spaceKey)
      for (const content of items) {
        listed.set(content.id, content)
        take(content)
      }
      return pages
    },

    /** Every content was listed with its ancestors, so that what stands above one is known without asking. */
    async pagesById(ids) {
      const above = [...listed.values()].flatMap(({ ancestors }) => withParents(ancestors))
      const known = new Map(above.map((ancestor) => [ancestor.id, ancestor]))
      return ids.flatMap((id) => known.get(id) ?? [])
    },

    bodies: (_, ids) => readBodies(ids),

    /** Data Center has none. */
    container: async () => null,

    /** Labels came with the listing. */
    labelId: async (name) => name,

    async labelled(kind, name) {
      const items: DataCenterContent[] = []
      for (const content of listed.values()) {
        if (content.kind === kind && (await labelsOf(content)).includes(name)) items.push(content)
      }
      return { items, pages: 0 }
    },

    restrictions: restrictionReader(get),
  }
}

/** Each stands below the one before it. */
function withParents(ancestors: readonly Ancestor[]): Pick<Content, 'id' | 'title' | 'parent'>[] {
  return ancestors.map(({ id, title }, at) => {
    const above = ancestors[at - 1]
    return { id, title, parent: above === undefined ? null : { id: above.id, type: 'page' } }
  })
}

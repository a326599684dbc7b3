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

type PlacedPage = Pick<Content, 'id' | 'title' | 'parent'>

type Labels = Pick<DataCenterContent, 'kind' | 'id' | 'labels'>

export function openDataCenterClient(config: ConfluenceConfig, fetch: typeof globalThis.fetch): ConfluenceClient {
  const get = openRequests(config, 'data-center', fetch)
  const readBodies = bodyReader(get)
  /** What stands above others, by id: all that there is to know of it came with them. */
  const above = new Map<string, PlacedPage>()
  /** What has, or may have, a label that the configuration names. */
  const labelled = new Map<string, Labels>()
  const names = [...config.labels.include, ...config.labels.exclude]
  const expand = names.length > 0 ? 'version,ancestors,metadata.labels' : 'version,ancestors'

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

  function noteLabels({ kind, id, labels }: DataCenterContent): void {
    const matters = labels === null ? names.length > 0 : names.some((name) => labels.includes(name))
    if (matters) labelled.set(id, { kind, id, labels })
    else labelled.delete(id)
  }

  async function labelsOf({ id, labels }: Labels): Promise<readonly string[]> {
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
        for (const page of withParents(content.ancestors)) above.set(page.id, page)
        noteLabels(content)
        take(content)
      }
      return pages
    },

    /** Every content was listed with its ancestors, so that what stands above one is known without asking. */
    pagesById: async (ids) => ids.flatMap((id) => above.get(id) ?? []),

    bodies: (_, ids) => readBodies(ids),

    /** Data Center has none. */
    container: async () => null,

    /** Labels came with the listing. */
    labelId: async (name) => name,

    async labelled(kind, name) {
      const items: { id: string }[] = []
      for (const content of labelled.values()) {
        if (content.kind === kind && (await labelsOf(content)).includes(name)) items.push({ id: content.id })
      }
      return { items, pages: 0 }
    },

    restrictions: restrictionReader(get),
  }
}

/** Each stands below the one before it. */
function withParents(ancestors: readonly Ancestor[]): PlacedPage[] {
  return ancestors.map(({ id, title }, at) => {
    const above = ancestors[at - 1]
    return { id, title, parent: above === undefined ? null : { id: above.id, type: 'page' } }
  })
}

/** What an emulated Confluence site holds, and the ways in which people change it. */

export interface EmulatedSpace {
  readonly id: string
  key: string
  name: string
  type: 'global' | 'personal'
  status: 'current' | 'archived'
}

export type ContentStatus = 'current' | 'archived' | 'trashed' | 'draft'

export interface EmulatedContent {
  readonly id: string
  readonly type: 'page' | 'blogpost' | 'folder' | 'whiteboard' | 'database' | 'embed'
  spaceId: string
  title: string
  parentId: string | null
  status: ContentStatus
  version: number
  createdAt: string
  updatedAt: string
  /** Storage format. */
  body: string
  /** JSON in the Atlassian Document Format, for a body that has no storage format. */
  adf: string | null
  labels: string[]
  /** Who may view it; null: whoever may view what stands above. */
  restriction: { users: string[]; groups: { id: string; name: string }[] } | null
  /** The account doesn't see it: absent from listings, 404 by id. */
  hidden: boolean
  /** Any bulk request for bodies that includes it is answered 500. */
  poisoned: boolean
}

export type ConfluenceModel = ReturnType<typeof createModel>

const START = Date.parse('2026-01-05T09:00:00.000Z')

export function createModel() {
  const spaces = new Map<string, EmulatedSpace>()
  const contents = new Map<string, EmulatedContent>()
  /** Content ids by space in numeric order; rebuilt after something was added or moved. */
  let order: Map<string, string[]> | null = null
  let lastId = 65_536
  let ticks = 0

  function nextTime(): string {
    ticks += 1
    return new Date(START + ticks * 60_000).toISOString()
  }

  function find(id: string): EmulatedContent {
    const content = contents.get(id)
    if (content === undefined) throw new Error(`the emulated site has no content ${id}`)
    return content
  }

  function add(given: Partial<EmulatedContent> & Pick<EmulatedContent, 'type' | 'spaceId' | 'title'>): EmulatedContent {
    lastId += 1
    const time = nextTime()
    const content: EmulatedContent = {
      id: String(lastId),
      parentId: null,
      status: 'current',
      version: 1,
      createdAt: time,
      updatedAt: time,
      body: `<p>${given.title}</p>`,
      adf: null,
      labels: [],
      restriction: null,
      hidden: false,
      poisoned: false,
      ...given,
    }
    contents.set(content.id, content)
    order = null
    return content
  }

  return {
    spaces,
    contents,
    find,
    addSpace(given: Partial<EmulatedSpace> & Pick<EmulatedSpace, 'key'>): EmulatedSpace {
      lastId += 1
      const space: EmulatedSpace = { id: String(lastId), name: given.key, type: 'global', status: 'current', ...given }
      spaces.set(space.id, space)
      return space
    },
    add,
    addPage: (given: Partial<EmulatedContent> & Pick<EmulatedContent, 'spaceId' | 'title'>) =>
      add({ ...given, type: 'page' }),
    /** As the editor does it: a new version. */
    edit(id: string, change: Partial<Pick<EmulatedContent, 'title' | 'body'>>): void {
      const content = find(id)
      Object.assign(content, change, { version: content.version + 1, updatedAt: nextTime() })
    },
    /** No new version, as in the real thing. */
    move(id: string, parentId: string | null, spaceId = find(id).spaceId): void {
      Object.assign(find(id), { parentId, spaceId })
      order = null
    },
    restrict(id: string, restriction: EmulatedContent['restriction']): void {
      find(id).restriction = restriction
    },
    /** Its children move up to its parent, as in the real thing. */
    trash(id: string, status: 'trashed' | 'archived' = 'trashed'): void {
      const content = find(id)
      content.status = status
      for (const child of contents.values()) if (child.parentId === id) child.parentId = content.parentId
    },
    purge(id: string): void {
      contents.delete(id)
      order = null
    },
    /** In the order of their ids. */
    inSpace(spaceId: string): readonly string[] {
      order ??= Map.groupBy(
        [...contents.keys()].toSorted((a, b) => Number(a) - Number(b)),
        (id) => find(id).spaceId,
      )
      return order.get(spaceId) ?? []
    },
  }
}

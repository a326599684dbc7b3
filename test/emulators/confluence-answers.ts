/** The emulated endpoints: a request in, a status and a body in the real API's shape out. */
import type { ConfluenceModel, EmulatedContent, EmulatedSpace } from './confluence-model.ts'

interface Answer {
  readonly status: number
  readonly body: unknown
}

interface Sizes {
  readonly pageSize?: number
  readonly readersSize?: number
}

interface Asked extends Sizes {
  readonly model: ConfluenceModel
  readonly path: string
  readonly query: URLSearchParams
}

type Handler = (asked: Asked, id: string) => Answer

const MAX_PAGE_SIZE = 250
const DEFAULT_PAGE_SIZE = 25

const routes: readonly [RegExp, Handler][] = [
  [/^\/wiki\/api\/v2\/spaces$/, listSpaces],
  [/^\/wiki\/api\/v2\/spaces\/(\d+)\/(?:pages|blogposts)$/, listInSpace],
  [/^\/wiki\/api\/v2\/(?:pages|blogposts)$/, listById],
  [/^\/wiki\/api\/v2\/labels\/(\d+)\/(?:pages|blogposts)$/, listLabelled],
  [/^\/wiki\/api\/v2\/(?:folders|whiteboards|databases|embeds)\/(\d+)$/, getContainer],
  [/^\/wiki\/rest\/api\/label$/, getLabel],
  [/^\/wiki\/rest\/api\/content\/(\d+)\/restriction\/byOperation\/read$/, getReaders],
]

export function answerConfluence(
  model: ConfluenceModel,
  method: string,
  path: string,
  query: URLSearchParams,
  sizes: Sizes,
): Answer {
  for (const [pattern, handler] of routes) {
    const match = pattern.exec(path)
    if (match !== null && method === 'GET') return handler({ ...sizes, model, path, query }, match[1] ?? '')
  }
  return refuse(404, 'NOT_FOUND')
}

function listSpaces(asked: Asked): Answer {
  const keys = valuesOf(asked.query, 'keys')
  const status = asked.query.get('status')
  const spaces = [...asked.model.spaces.values()]
    .filter(({ key }) => keys.length === 0 || keys.includes(key))
    .filter((space) => status === null || space.status === status)
  return listing(asked, spaces, spaceShape)
}

function listInSpace(asked: Asked, spaceId: string): Answer {
  if (!asked.model.spaces.has(spaceId)) return refuse(404, 'NOT_FOUND')
  const contents = asked.model.inSpace(spaceId).map(asked.model.find)
  return listing(asked, filtered(asked, contents), (content) => contentShape(asked, content))
}

function listById(asked: Asked): Answer {
  const ids = valuesOf(asked.query, 'id')
  if (ids.length > MAX_PAGE_SIZE || ids.some((id) => !/^\d+$/.test(id))) return refuse(400, 'INVALID_REQUEST_PARAMETER')
  const found = ids.flatMap((id) => asked.model.contents.get(id) ?? [])
  if (asked.query.has('body-format') && found.some(({ poisoned }) => poisoned))
    return refuse(500, 'INTERNAL_SERVER_ERROR')
  return listing(asked, filtered(asked, found), (content) => contentShape(asked, content))
}

function listLabelled(asked: Asked, labelId: string): Answer {
  const spaceIds = valuesOf(asked.query, 'space-id')
  const carrying = [...asked.model.contents.values()].filter(
    (content) =>
      content.labels.some((name) => labelIdOf(name) === labelId) &&
      (spaceIds.length === 0 || spaceIds.includes(content.spaceId)),
  )
  return listing(asked, filtered(asked, carrying), (content) => contentShape(asked, content))
}

function getContainer(asked: Asked, id: string): Answer {
  const content = asked.model.contents.get(id)
  const type = /(folder|whiteboard|database|embed)s/.exec(asked.path)?.[1]
  if (content === undefined || content.type !== type || content.hidden || content.status !== 'current')
    return refuse(404, 'NOT_FOUND')
  return { status: 200, body: { ...headShape(asked.model, content), type } }
}

function getLabel({ model, query }: Asked): Answer {
  const name = query.get('name') ?? ''
  const carrying = [...model.contents.values()].filter(({ labels }) => labels.includes(name))
  if (carrying.length === 0)
    return { status: 404, body: { statusCode: 404, message: `No label found with name: ${name}` } }
  const results = carrying.slice(0, Number(query.get('limit') ?? 200)).map(labelledShape)
  const label = { prefix: 'global', name, id: labelIdOf(name), label: name }
  return { status: 200, body: { label, associatedContents: { results, start: 0, limit: 200, size: results.length } } }
}

function getReaders({ model, query, readersSize = 200, path }: Asked, id: string): Answer {
  const content = model.contents.get(id)
  if (content === undefined || content.hidden) {
    return { status: 404, body: { statusCode: 404, message: `No content found with id: ${id}` } }
  }
  const start = Number(query.get('start') ?? 0)
  const limit = Math.min(Number(query.get('limit') ?? 100), readersSize)
  const slice = <T>(all: readonly T[]) => {
    const results = all.slice(start, start + limit)
    return { results, start, limit, size: results.length }
  }
  const users = (content.restriction?.users ?? []).map(userShape)
  const groups = (content.restriction?.groups ?? []).map((group) => ({ type: 'group', ...group }))
  const self = `https://emulator.invalid${path}`
  const restrictions = { user: slice(users), group: slice(groups), _expandable: {} }
  const expandable = { content: `/rest/api/content/${id}` }
  return { status: 200, body: { operation: 'read', restrictions, _expandable: expandable, _links: { self } } }
}

/** By status (archived too, if not told), by the path's type, without what the account doesn't see. */
function filtered({ query, path }: Asked, contents: readonly EmulatedContent[]): EmulatedContent[] {
  const type = path.endsWith('/pages') ? 'page' : 'blogpost'
  const given = valuesOf(query, 'status')
  const statuses: readonly string[] = given.length > 0 ? given : type === 'page' ? ['current', 'archived'] : ['current']
  return contents.filter((content) => content.type === type && statuses.includes(content.status) && !content.hidden)
}

/** Cursors say behind which item to go on, so that a listing survives changes between its requests. */
function listing<T extends { readonly id: string }>(
  asked: Asked,
  items: readonly T[],
  shape: (item: T) => unknown,
): Answer {
  const limit = Number(asked.query.get('limit') ?? DEFAULT_PAGE_SIZE)
  const after = readCursor(asked.query.get('cursor'))
  if (!(limit >= 1 && limit <= MAX_PAGE_SIZE) || after === undefined) return refuse(400, 'INVALID_REQUEST_PARAMETER')
  const rest = after === null ? items : items.filter(({ id }) => Number(id) > after)
  const results = rest.slice(0, Math.min(limit, asked.pageSize ?? MAX_PAGE_SIZE))
  const last = results.at(-1)
  const next = last !== undefined && results.length < rest.length ? { next: nextLink(asked, last.id) } : {}
  return {
    status: 200,
    body: { results: results.map(shape), _links: { ...next, base: 'https://emulator.invalid/wiki' } },
  }
}

function nextLink({ path, query }: Asked, id: string): string {
  const cursor = Buffer.from(JSON.stringify({ id, contentOrder: 'id', contentOrderValue: Number(id) })).toString(
    'base64',
  )
  const params = new URLSearchParams(query)
  params.set('cursor', cursor)
  return `${path}?${params}`
}

/** Null is from the beginning, undefined a cursor that this server never gave. */
function readCursor(cursor: string | null): number | null | undefined {
  if (cursor === null) return null
  try {
    return Number(JSON.parse(Buffer.from(cursor, 'base64').toString()).id)
  } catch {
    return undefined
  }
}

function spaceShape(space: EmulatedSpace) {
  const { id, key, name, type, status } = space
  const authorId = 'emulated-author'
  return {
    id,
    key,
    name,
    type,
    status,
    authorId,
    createdAt: '2026-01-01T00:00:00.000Z',
    _links: { webui: `/spaces/${key}` },
  }
}

function contentShape(asked: Asked, content: EmulatedContent) {
  const head = headShape(asked.model, content)
  const format = asked.query.get('body-format')
  if (format === 'storage' && content.adf === null) {
    return { ...head, body: { storage: { representation: 'storage', value: content.body } } }
  }
  if (format !== 'atlas_doc_format' || content.adf === null) return { ...head, body: {} }
  return { ...head, body: { atlas_doc_format: { representation: 'atlas_doc_format', value: content.adf } } }
}

function headShape(model: ConfluenceModel, content: EmulatedContent) {
  const { id, title, status, spaceId, parentId, version, createdAt, updatedAt, type } = content
  const parent = parentId === null ? {} : { parentId, parentType: model.contents.get(parentId)?.type ?? 'page' }
  return {
    id,
    status,
    title,
    spaceId,
    ...(type === 'blogpost' ? {} : parent),
    authorId: 'emulated-author',
    createdAt,
    version: { number: version, message: '', minorEdit: false, authorId: 'emulated-author', createdAt: updatedAt },
    _links: { webui: webui(model.spaces.get(spaceId)?.key ?? '', content) },
  }
}

function webui(key: string, { type, id, title, createdAt }: EmulatedContent): string {
  const slug = encodeURIComponent(title).replaceAll('%20', '+')
  if (type === 'blogpost') return `/spaces/${key}/blog/${createdAt.slice(0, 10).replaceAll('-', '/')}/${id}/${slug}`
  return `/spaces/${key}/pages/${id}/${slug}`
}

function userShape(accountId: string) {
  return {
    type: 'known',
    accountId,
    accountType: 'atlassian',
    email: '',
    publicName: accountId,
    displayName: accountId,
  }
}

function labelledShape({ type, id, title }: EmulatedContent) {
  return { contentType: type, contentId: Number(id), title }
}

/** A number made of the name, since the model keeps labels by name. */
function labelIdOf(name: string): string {
  return String(BigInt(`0x${Buffer.from(name).toString('hex')}`) % 1_000_000_007n)
}

function valuesOf(query: URLSearchParams, name: string): string[] {
  return query.getAll(name).flatMap((value) => value.split(','))
}

function refuse(status: number, code: string): Answer {
  return { status, body: { errors: [{ status, code, title: code, detail: null }] } }
}

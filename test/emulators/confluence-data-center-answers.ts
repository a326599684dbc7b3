/** The emulated endpoints of Data Center: a request in, a status and a body in the real API's shape out. */
import type { ConfluenceModel, EmulatedContent, EmulatedSpace } from './confluence-model.ts'

interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface DataCenterBehaviour {
  /** The most items of a listing that one answer holds; 200 unless told. */
  readonly pageSize?: number
  /** The most contents with bodies that one answer holds; 50 unless told. */
  readonly bodiesSize?: number
  /** The most restriction entries of a kind, and the most labels, in one answer; 200 unless told. */
  readonly entriesSize?: number
  /** A version of before `content/scan`, `relevantViewRestrictions`, `ids`, `user/current` and the status of spaces. */
  readonly old?: boolean
  /** Something in front drops the Authorization header, or the token has ended, and anonymous access is on. */
  readonly anonymous?: boolean
}

interface Asked extends DataCenterBehaviour {
  readonly model: ConfluenceModel
  /** Without the context path. */
  readonly path: string
  readonly query: URLSearchParams
}

type Handler = (asked: Asked, id: string) => Answer

const DEFAULT_LIMIT = 25

const routes: readonly [RegExp, Handler][] = [
  [/^\/rest\/api\/user\/current$/, getCurrentUser],
  [/^\/rest\/api\/space$/, listSpaces],
  [/^\/rest\/api\/content\/scan$/, scanContents],
  [/^\/rest\/api\/content$/, listContents],
  [/^\/rest\/api\/content\/([^/]+)$/, getContent],
  [/^\/rest\/api\/content\/(\d+)\/label$/, listLabels],
  [/^\/rest\/api\/content\/(\d+)\/restriction\/relevantViewRestrictions$/, getRelevant],
  [/^\/rest\/api\/content\/(\d+)\/restriction\/byOperation\/read$/, getReaders],
]

export function answerDataCenter(asked: Asked, method: string): Answer {
  for (const [pattern, handler] of routes) {
    const match = pattern.exec(asked.path)
    if (match !== null && method === 'GET') return handler(asked, match[1] ?? '')
  }
  return refuse(404, `null for uri: ${asked.path}`)
}

function getCurrentUser({ old, anonymous }: Asked): Answer {
  if (old) return refuse(404, 'null for uri: /rest/api/user/current')
  const picture = { path: '/confluence/images/icons/profilepics/default.svg', width: 48, height: 48, isDefault: true }
  if (!anonymous) return { status: 200, body: { ...userShape('reader'), profilePicture: picture } }
  return { status: 200, body: { type: 'anonymous', profilePicture: picture, displayName: 'Anonymous' } }
}

function listSpaces(asked: Asked): Answer {
  const keys = asked.query.getAll('spaceKey')
  const status = asked.query.get('status')
  const spaces = [...asked.model.spaces.values()]
    .filter(({ key }) => keys.length === 0 || keys.includes(key))
    .filter((space) => status === null || space.status === status)
  return byOffset(asked, spaces, asked.pageSize, (space) => spaceShape(asked, space))
}

/** The identifier in the cursor is of the item behind which to go on. Blog posts can't be scanned. */
function scanContents(asked: Asked): Answer {
  if (asked.old) return refuse(404, 'No content found with id: ContentId{id=scan}')
  if ((asked.query.get('type') ?? 'page') !== 'page') return refuse(400, 'Only pages can be scanned')
  const space = findSpace(asked)
  if (space === undefined) return refuse(404, 'The calling user does not have permission to view the content')
  const cursor = asked.query.get('cursor')
  const after = cursor === null ? 0 : Number(/^page:false:(\d+)$/.exec(cursor)?.[1])
  if (Number.isNaN(after)) return refuse(400, `Invalid cursor: ${cursor}`)
  const rest = contentsOf(asked, space).filter(({ id }) => Number(id) > after)
  const results = rest.slice(0, Math.min(limitOf(asked), asked.pageSize ?? 200))
  const next = `page:false:${results.at(-1)?.id}`
  const isCut = results.length < rest.length
  return {
    status: 200,
    body: {
      results: results.map((content) => contentShape(asked, content)),
      ...(isCut && { nextCursor: next }),
      limit: limitOf(asked),
      size: results.length,
      _links: { ...(isCut && { next: nextLink(asked, 'cursor', next) }), base, context },
    },
  }
}

function listContents(asked: Asked): Answer {
  const ids = asked.query.getAll('ids')
  const space = findSpace(asked)
  const found =
    ids.length > 0 && !asked.old
      ? ids.flatMap((id) => asked.model.contents.get(id) ?? []).filter(isVisible)
      : [...asked.model.spaces.values()]
          .filter(({ id }) => space === undefined || id === space.id)
          .flatMap((each) => contentsOf(asked, each))
  const withBodies = isExpanded(asked, 'body.storage')
  if (withBodies && found.some(({ poisoned }) => poisoned)) return refuse(500, 'java.lang.NullPointerException')
  const size = withBodies ? (asked.bodiesSize ?? 50) : asked.pageSize
  return byOffset(asked, found, size, (content) => contentShape(asked, content))
}

function getContent(asked: Asked, id: string): Answer {
  const content = asked.model.contents.get(id)
  if (content === undefined || !isVisible(content)) return refuse(404, `No content found with id: ContentId{id=${id}}`)
  if (content.poisoned) return refuse(500, 'java.lang.NullPointerException')
  return { status: 200, body: contentShape(asked, content) }
}

function listLabels(asked: Asked, id: string): Answer {
  const content = asked.model.contents.get(id)
  if (content === undefined || !isVisible(content)) return refuse(404, `No content found with id: ContentId{id=${id}}`)
  return byOffset(asked, content.labels, asked.entriesSize, labelShape)
}

/** One restriction for each content that has one, from the content itself upwards. */
function getRelevant(asked: Asked, id: string): Answer {
  const content = asked.model.contents.get(id)
  if (asked.old || content === undefined || content.hidden) return refuse(404, 'No content found')
  const chain = [content, ...ancestorsOf(asked.model, content).toReversed()]
  const results = chain
    .filter(({ restriction }) => restriction !== null)
    .map((each) => ({
      content: { id: each.id, type: each.type, status: each.status, title: each.title },
      ...restrictionShape(asked, each, 0),
    }))
  return { status: 200, body: { viewContentRestrictions: { results, start: 0, limit: 50, size: results.length } } }
}

function getReaders(asked: Asked, id: string): Answer {
  const content = asked.model.contents.get(id)
  if (content === undefined || content.hidden) return refuse(404, `No content found with id: ContentId{id=${id}}`)
  return { status: 200, body: restrictionShape(asked, content, Number(asked.query.get('start') ?? 0)) }
}

function restrictionShape(asked: Asked, { id, restriction }: EmulatedContent, start: number) {
  const limit = Math.min(Number(asked.query.get('limit') ?? 200), asked.entriesSize ?? 200)
  const slice = <T>(all: readonly T[]) => {
    const results = all.slice(start, start + limit)
    return { results, start, limit, size: results.length }
  }
  const users = (restriction?.users ?? []).map(userShape)
  const groups = (restriction?.groups ?? []).map(({ name }) => ({ type: 'group', name, _links: { base, context } }))
  return {
    operation: 'read',
    restrictions: { user: slice(users), group: slice(groups) },
    _expandable: { content: `/rest/api/content/${id}` },
  }
}

function findSpace({ model, query }: Asked): EmulatedSpace | undefined {
  return [...model.spaces.values()].find(({ key }) => key === query.get('spaceKey'))
}

/** Of the type and the status that are asked for, as the account sees it. */
function contentsOf({ model, query }: Asked, space: EmulatedSpace): EmulatedContent[] {
  const type = query.get('type') ?? 'page'
  return model
    .inSpace(space.id)
    .map(model.find)
    .filter((content) => content.type === type && isVisible(content))
}

function isVisible({ status, hidden }: EmulatedContent): boolean {
  return status === 'current' && !hidden
}

/** Outermost first. */
function ancestorsOf(model: ConfluenceModel, content: EmulatedContent): EmulatedContent[] {
  const above: EmulatedContent[] = []
  for (let id = content.parentId; id !== null && above.length < model.contents.size; ) {
    const parent = model.find(id)
    above.unshift(parent)
    id = parent.parentId
  }
  return above
}

/**
 * The server's own limit is not in the link to the next page, which goes on from the end of what was asked for, as
 * versions with CONFSERVER-95272 do.
 */
function byOffset<T>(asked: Asked, items: readonly T[], size: number | undefined, shape: (item: T) => unknown): Answer {
  const start = Number(asked.query.get('start') ?? 0)
  const limit = limitOf(asked)
  const results = items.slice(start, start + Math.min(limit, size ?? 200))
  const isCut = start + results.length < items.length
  const next = isCut && { next: nextLink(asked, 'start', String(start + limit)) }
  return {
    status: 200,
    body: { results: results.map(shape), start, limit, size: results.length, _links: { ...next, base, context } },
  }
}

const context = '/confluence'
const base = `https://emulator.invalid${context}`

function nextLink({ path, query }: Asked, name: string, value: string): string {
  const params = new URLSearchParams(query)
  params.set(name, value)
  return `${path}?${params}`
}

function limitOf({ query }: Asked): number {
  return Number(query.get('limit') ?? DEFAULT_LIMIT)
}

function isExpanded({ query }: Asked, name: string): boolean {
  return (query.get('expand') ?? '').split(',').includes(name)
}

function spaceShape({ old }: Asked, { id, key, name, type, status }: EmulatedSpace) {
  return { id: Number(id), key, name, ...(!old && { status }), type, _links: { webui: `/display/${key}` } }
}

function contentShape(asked: Asked, content: EmulatedContent) {
  const { id, type, status, title, body, labels } = content
  const above = () => (type === 'page' ? ancestorsOf(asked.model, content) : [])
  return {
    id,
    type,
    status,
    title,
    ...(isExpanded(asked, 'version') && { version: versionShape(content) }),
    ...(isExpanded(asked, 'ancestors') && { ancestors: above().map(ancestorShape) }),
    ...(isExpanded(asked, 'metadata.labels') && { metadata: { labels: labelsShape(asked, labels), _expandable: {} } }),
    ...(isExpanded(asked, 'body.storage') && { body: { storage: { value: body, representation: 'storage' } } }),
    extensions: { position: 'none' },
    _links: { webui: `/pages/viewpage.action?pageId=${id}`, self: `${base}/rest/api/content/${id}` },
    _expandable: { container: `/rest/api/space/${asked.model.spaces.get(content.spaceId)?.key}` },
  }
}

function versionShape({ version, updatedAt }: EmulatedContent) {
  const by = userShape('author')
  return { by, when: updatedAt.replace('Z', '+00:00'), message: '', number: version, minorEdit: false, hidden: false }
}

function ancestorShape({ id, type, status, title }: EmulatedContent) {
  return { id, type, status, title, extensions: { position: 'none' }, _links: {}, _expandable: {} }
}

function labelsShape({ entriesSize = 200 }: Asked, labels: readonly string[]) {
  const results = labels.slice(0, entriesSize).map((name) => labelShape(name))
  return { results, start: 0, limit: entriesSize, size: results.length, _links: {} }
}

function labelShape(name: string) {
  return {
    prefix: 'global',
    name,
    id: String(BigInt(`0x${Buffer.from(name).toString('hex')}`) % 1_000_000_007n),
    label: name,
  }
}

function userShape(name: string) {
  return { type: 'known', username: name, userKey: `key-of-${name}`, displayName: name, _links: {}, _expandable: {} }
}

function refuse(statusCode: number, message: string): Answer {
  const data = { authorized: false, valid: true, allowedInReadOnlyMode: true, errors: [], successful: false }
  return { status: statusCode, body: { statusCode, data, message, reason: String(statusCode) } }
}

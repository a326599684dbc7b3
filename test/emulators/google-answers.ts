/** What Drive and Docs answer about a model. */
import { DOCUMENT, type Fields, type GoogleDrive, type GoogleFile, type GoogleModel } from './google-model.ts'

export interface Answer {
  readonly status: number
  readonly body: unknown
}

export interface AnswerOptions {
  /** The most items of a listing that one answer holds. */
  readonly pageSize?: number
}

export function answerGoogle(model: GoogleModel, path: string, query: URLSearchParams, options: AnswerOptions): Answer {
  const [, id = ''] = /^\/(?:drive\/v3\/(?:files|drives)|v1\/documents)\/([^/]+)/.exec(path) ?? []
  const places = new Map([...model.files.keys()].map((file, place) => [file, place]))
  const page = <T extends Fields>(key: string, items: readonly T[], more: Fields = {}) =>
    pageOf(key, items, query, options, more, (item, index) => places.get(String(item['id'])) ?? index)
  const answer = (): Answer => {
    const driveId = query.get('driveId')
    if (driveId !== null && !model.drives.get(driveId)?.member) return failed(404, 'notFound')
    if (path === '/drive/v3/files')
      return page(
        'files',
        listed(model, query).map((file) => fileOf(file)),
        { kind: 'drive#fileList', incompleteSearch: false },
      )
    if (path === '/drive/v3/drives') return page('drives', members(model).map(driveOf), { kind: 'drive#driveList' })
    if (path === '/drive/v3/changes/startPageToken')
      return ok({ kind: 'drive#startPageToken', startPageToken: String(model.log.length) })
    if (path === '/drive/v3/changes') return changesOf(model, query, options)
    if (path.startsWith('/drive/v3/drives/')) {
      const drive = members(model).find(([each]) => each === id)
      return drive === undefined ? failed(404, 'notFound') : ok(driveOf(drive))
    }
    const file = model.files.get(id)
    if (file === undefined || file.gone) return failed(404, 'notFound')
    if (path.startsWith('/v1/documents/')) return documentOf(file, query)
    if (!path.endsWith('/permissions')) return ok(fileOf(file))
    if (!file.permissionsShown) return failed(403, 'insufficientFilePermissions')
    return page('permissions', file.permissions, { kind: 'drive#permissionList' })
  }
  const { status, body } = answer()
  const fields = query.get('fields')
  return { status, body: status === 200 && fields !== null ? picked(body, readFields(fields)) : body }
}

/**
 * With an empty page in front of long ones, since Drive may answer one anywhere before the end. A page begins at a place in
 * the order of all items, so that what leaves the listing meanwhile moves nothing across its edge.
 */
function pageOf<T>(
  key: string,
  items: readonly T[],
  query: URLSearchParams,
  options: AnswerOptions,
  more: Fields,
  placeOf: (item: T, index: number) => number,
): Answer {
  const size = Math.min(Number(query.get('pageSize') ?? 100), options.pageSize ?? 1000)
  const token = query.get('pageToken')
  if (token === null && items.length > size) return ok({ ...more, [key]: [], nextPageToken: 'at 0' })
  const from = Number(token?.split(' ')[1] ?? 0)
  const left = items.map((item, index) => ({ item, at: placeOf(item, index) })).filter(({ at }) => at >= from)
  const next = left.length > size ? { nextPageToken: `at ${left[size]?.at}` } : {}
  return ok({ ...more, [key]: left.slice(0, size).map(({ item }) => item), ...next })
}

function listed(model: GoogleModel, query: URLSearchParams): GoogleFile[] {
  const q = query.get('q') ?? ''
  const parents = [...q.matchAll(/'([^']+)' in parents/g)].map(([, id]) => id)
  const types = [...q.matchAll(/mimeType = '([^']+)'/g)].map(([, type]) => type)
  const driveId = query.get('corpora') === 'drive' ? query.get('driveId') : null
  return [...model.files.values()].filter(
    (file) =>
      !(file.gone || file.trashed || model.drives.has(file.id)) &&
      types.includes(file.mimeType) &&
      (file.driveId === driveId || (driveId === null && !model.drives.get(file.driveId ?? '')?.member)) &&
      (parents.length === 0 || parents.includes(file.parent ?? '')) &&
      (!q.includes('sharedWithMe = true') || file.sharedWithMe),
  )
}

function changesOf(model: GoogleModel, query: URLSearchParams, options: AnswerOptions): Answer {
  const start = Number(query.get('pageToken'))
  if (start < model.state.oldestToken) return failed(410, 'fullSyncRequired')
  const driveId = query.get('driveId')
  const size = options.pageSize ?? 1000
  const some = model.log.slice(start, start + size)
  const end = start + some.length
  const more = end < model.log.length ? { nextPageToken: String(end) } : { newStartPageToken: String(end) }
  const changes = some
    .filter((entry) => driveId === null || entry.driveId === driveId)
    .map((entry) => changeOf(model, entry))
  return ok({ kind: 'drive#changeList', changes, ...more })
}

function changeOf(model: GoogleModel, { fileId, driveId }: { fileId: string | null; driveId: string | null }): Fields {
  const time = '2026-01-05T09:00:00.000Z'
  if (fileId === null) return { kind: 'drive#change', changeType: 'drive', driveId, time, removed: false }
  const file = model.files.get(fileId)
  const removed = file === undefined || file.gone
  return { kind: 'drive#change', changeType: 'file', fileId, time, removed, ...(!removed && { file: fileOf(file) }) }
}

function fileOf(file: GoogleFile): Fields {
  const { id, name, mimeType, parent, version, trashed, driveId, target, sharedWithMe } = file
  return {
    ...{ kind: 'drive#file', id, name, mimeType, version: String(version), trashed },
    modifiedTime: new Date(file.modifiedAt).toISOString(),
    ...(parent !== null && { parents: [parent] }),
    ...(file.limited && { inheritedPermissionsDisabled: true }),
    ...(driveId !== null && { driveId }),
    ...(sharedWithMe && { sharedWithMeTime: '2026-01-05T09:00:00.000Z' }),
    ...(target !== null && { shortcutDetails: { targetId: target, targetMimeType: DOCUMENT } }),
    ...(driveId === null && file.permissionsShown && { permissions: file.permissions }),
  }
}

function members({ drives }: GoogleModel): (readonly [string, GoogleDrive])[] {
  return [...drives].filter(([, { member }]) => member)
}

function driveOf([id, { name, restrictions }]: readonly [string, GoogleDrive]): Fields {
  return { kind: 'drive#drive', id, name, restrictions }
}

function documentOf({ id, name, version, mimeType, tabs, poisoned }: GoogleFile, query: URLSearchParams): Answer {
  if (mimeType !== DOCUMENT) return failed(400, 'failedPrecondition')
  const suggestionsViewMode = query.get('suggestionsViewMode') ?? 'SUGGESTIONS_INLINE'
  const shown = query.get('includeTabsContent') === 'true' ? { tabs } : { body: { content: [] } }
  const body = { documentId: id, title: name, revisionId: `r${version}`, suggestionsViewMode, ...shown }
  return ok(poisoned ? { ...body, tabs: 7 } : body)
}

function ok(body: unknown): Answer {
  return { status: 200, body }
}

export function failed(code: number, reason: string): Answer {
  const message = `failed: ${reason}`
  return { status: code, body: { error: { code, message, errors: [{ message, domain: 'global', reason }] } } }
}

interface Wanted extends Map<string, Wanted> {}

/** `a,b(c,d)`: https://developers.google.com/workspace/drive/api/guides/fields-parameter */
function readFields(text: string): Wanted {
  const root: Wanted = new Map()
  const open = [root]
  let last = root
  for (const [token] of text.matchAll(/[\w]+|[(),]/g)) {
    if (token === '(') open.push(last)
    else if (token === ')') open.pop()
    else if (token !== ',') {
      last = new Map()
      open.at(-1)?.set(token, last)
    }
  }
  return root
}

function picked(value: unknown, wanted: Wanted): unknown {
  if (wanted.size === 0 || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => picked(item, wanted))
  const entries = Object.entries(value).flatMap(([key, item]) => {
    const inner = wanted.get(key)
    return inner === undefined ? [] : [[key, picked(item, inner)]]
  })
  return Object.fromEntries(entries)
}

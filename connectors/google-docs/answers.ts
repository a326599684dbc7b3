/**
 * The border: the few fields of Drive's answers that the connector reads. An item that can't be read fails alone, at its
 * load; only one without an id fails its listing, since nothing could be said of it.
 */
import { z } from 'zod'
import { UnsiloError } from '../../src/core/errors.ts'

export const DOCUMENT = 'application/vnd.google-apps.document'
export const FOLDER = 'application/vnd.google-apps.folder'
export const SHORTCUT = 'application/vnd.google-apps.shortcut'

export interface DriveFile {
  readonly id: string
  readonly name: string
  readonly mimeType: string
  /** One, but for files from before 2020 (https://developers.google.com/workspace/drive/api/guides/ref-single-parent). */
  readonly parents: readonly string[]
  /** Goes up with every change of the file, permissions included. */
  readonly version: string
  /** ISO 8601, UTC. */
  readonly updatedAt: string
  readonly trashed: boolean
  readonly sharedWithMe: boolean
  /** The shared drive that it is in. */
  readonly driveId: string | null
  readonly target: string | null
  /** Whoever inherits a permission on it, and is no owner or organizer, is kept out. */
  readonly limited: boolean
  /** Null where the answer has none: in shared drives, and where the account may not share the file. */
  readonly permissions: readonly unknown[] | null
  /** Why it can't be taken, e.g. `version: expected string`. */
  readonly problem: string | null
}

export interface FileChange {
  readonly fileId: string
  /** Null where it was deleted, or the account lost access. */
  readonly file: DriveFile | null
}

export interface Drive {
  readonly id: string
  readonly name: string
  /** Only members may read what is in it, whatever was shared with others. */
  readonly membersOnly: boolean
  /** Only people of the domain may. */
  readonly domainOnly: boolean
}

export const PERMISSION_FIELDS =
  'type,role,emailAddress,domain,allowFileDiscovery,deleted,view,expirationTime,inheritedPermissionsDisabled,' +
  'permissionDetails(permissionType,inherited)'
export const FILE_FIELDS =
  'id,name,mimeType,parents,version,modifiedTime,trashed,sharedWithMeTime,driveId,shortcutDetails(targetId),' +
  'inheritedPermissionsDisabled,' +
  `permissions(${PERMISSION_FIELDS})`
export const DRIVE_FIELDS = 'id,name,restrictions(domainUsersOnly,driveMembersOnly)'

const MAX_NAME = 500

const withId = z.object({ id: z.string().regex(/^[\w-]{1,128}$/) })

const placed = z.object({
  parents: z.array(z.string()).nullish(),
  mimeType: z.string().nullish(),
  trashed: z.boolean().nullish(),
  driveId: z.string().nullish(),
  sharedWithMeTime: z.string().nullish(),
  inheritedPermissionsDisabled: z.boolean().nullish(),
  shortcutDetails: z.object({ targetId: z.string().regex(/^[\w-]{1,128}$/) }).nullish(),
  permissions: z.array(z.unknown()).nullish(),
})

const described = z.object({
  name: z.string(),
  mimeType: z.string(),
  version: z.string().regex(/^\d+$/),
  modifiedTime: z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'is no time'),
})

const change = z.object({
  changeType: z.string().nullish(),
  fileId: z.string().min(1).nullish(),
  removed: z.boolean().nullish(),
  file: z.unknown().optional(),
})

const drive = withId.extend({
  name: z.string(),
  restrictions: z.object({ domainUsersOnly: z.boolean().nullish(), driveMembersOnly: z.boolean().nullish() }).nullish(),
})

/** As far as a missing part would look like an empty document. */
const document = z.object({ tabs: z.array(z.unknown()).min(1) })

const tab = z.object({
  documentTab: z.object({ body: z.object({ content: z.array(z.unknown()) }) }).nullish(),
  childTabs: z.array(z.unknown()).nullish(),
})

export function readFile(item: unknown, place: string): DriveFile {
  const identified = withId.safeParse(item)
  if (!identified.success) throw invalid(place, identified.error)
  const { id } = identified.data
  const where = placed.safeParse(item)
  const what = described.safeParse(item)
  const problem = where.error ?? what.error
  return {
    id,
    name: shown(what.data?.name ?? `Document ${id}`),
    mimeType: what.data?.mimeType ?? where.data?.mimeType ?? DOCUMENT,
    parents: where.data?.parents ?? [],
    version: what.data?.version ?? '0',
    updatedAt: new Date(what.data?.modifiedTime ?? 0).toISOString(),
    trashed: where.data?.trashed === true,
    sharedWithMe: Boolean(where.data?.sharedWithMeTime),
    driveId: where.data?.driveId ?? null,
    limited: where.data?.inheritedPermissionsDisabled === true,
    target: where.data?.shortcutDetails?.targetId ?? null,
    permissions: where.data?.permissions ?? null,
    problem: problem === undefined ? null : describe(problem),
  }
}

/** Null for a change of a shared drive itself: its members, its name. */
export function readChange(item: unknown, place: string): FileChange | null {
  const read = change.safeParse(item)
  if (!read.success) throw invalid(place, read.error)
  const { changeType, fileId, removed, file } = read.data
  if (changeType === 'drive') return null
  if (!fileId) throw new UnsiloError('ANSWER_INVALID', `Google: ${place}: fileId: is missing`)
  return { fileId, file: removed === true ? null : readFile(file, place) }
}

export function readDrive(item: unknown, place: string): Drive {
  const read = drive.safeParse(item)
  if (!read.success) throw invalid(place, read.error)
  const { id, name, restrictions } = read.data
  return {
    ...{ id, name: shown(name) },
    membersOnly: restrictions?.driveMembersOnly === true,
    domainOnly: restrictions?.domainUsersOnly === true,
  }
}

/** The answer as it came, once every tab of it is known to have a body. */
export function readDocument(answer: unknown, place: string): unknown {
  const read = document.safeParse(answer)
  if (!read.success) throw invalid(place, read.error)
  const open = [...read.data.tabs]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const one = tab.safeParse(next)
    if (!one.success) throw invalid(`${place}: a tab`, one.error)
    open.push(...(one.data.childTabs ?? []))
  }
  return answer
}

/** Drive allows names of nothing, and of any length. */
function shown(name: string): string {
  const text = name.trim()
  if (text === '') return 'Untitled document'
  return text.length > MAX_NAME ? `${text.slice(0, MAX_NAME)}…` : text
}

export function invalid(place: string, error: z.ZodError): UnsiloError {
  return new UnsiloError('ANSWER_INVALID', `Google: ${place}: ${describe(error)}`)
}

function describe(error: z.ZodError): string {
  const issue = error.issues[0]
  return `${issue?.path.join('.') || 'value'}: ${issue?.message ?? 'is not valid'}`
}

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
  readonly parent: string | null
  /** Goes up with every change of the file, permissions included. */
  readonly version: string
  /** ISO 8601, UTC. */
  readonly updatedAt: string
  readonly trashed: boolean
  readonly sharedWithMe: boolean
  /** The shared drive that it is in. */
  readonly driveId: string | null
  readonly target: string | null
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

export const FILE_FIELDS =
  'id,name,mimeType,parents,version,modifiedTime,trashed,sharedWithMeTime,driveId,shortcutDetails(targetId),' +
  'permissions(type,emailAddress,domain,allowFileDiscovery,deleted,view,expirationTime)'

const withId = z.object({ id: z.string().regex(/^[\w-]{1,128}$/) })

const placed = z.object({
  parents: z.array(z.string()).nullish(),
  mimeType: z.string().nullish(),
  trashed: z.boolean().nullish(),
  driveId: z.string().nullish(),
  sharedWithMeTime: z.string().nullish(),
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

const drive = withId.extend({ name: z.string() })

export function readFile(item: unknown, place: string): DriveFile {
  const identified = withId.safeParse(item)
  if (!identified.success) throw invalid(place, identified.error)
  const { id } = identified.data
  const where = placed.safeParse(item)
  const what = described.safeParse(item)
  const problem = where.error ?? what.error
  return {
    id,
    name: what.data?.name ?? `Document ${id}`,
    mimeType: what.data?.mimeType ?? where.data?.mimeType ?? DOCUMENT,
    parent: where.data?.parents?.[0] ?? null,
    version: what.data?.version ?? '0',
    updatedAt: new Date(what.data?.modifiedTime ?? 0).toISOString(),
    trashed: where.data?.trashed === true,
    sharedWithMe: Boolean(where.data?.sharedWithMeTime),
    driveId: where.data?.driveId ?? null,
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

export function readDrive(item: unknown, place: string): { readonly id: string; readonly name: string } {
  const read = drive.safeParse(item)
  if (!read.success) throw invalid(place, read.error)
  return read.data
}

export function invalid(place: string, error: z.ZodError): UnsiloError {
  return new UnsiloError('ANSWER_INVALID', `Google: ${place}: ${describe(error)}`)
}

function describe(error: z.ZodError): string {
  const issue = error.issues[0]
  return `${issue?.path.join('.') || 'value'}: ${issue?.message ?? 'is not valid'}`
}

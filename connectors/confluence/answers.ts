/**
 * The border: the few fields of Confluence's answers that the connector reads, each checked by itself, so that one odd
 * item costs one document and not its listing. Only an item without an id fails the listing, since nothing could be said of it.
 */
import { z } from 'zod'
import { UnsiloError } from '../../src/core/errors.ts'
import { readAll } from './paging.ts'

export type ContentKind = 'page' | 'blogpost'

export interface Space {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly status: string
  readonly type: string
}

/** Above it: another content, nothing (it is at the top of its space), or unreadable. */
export type Parent = { readonly id: string; readonly type: string } | null | 'unknown'

export interface Content {
  readonly kind: ContentKind
  readonly id: string
  readonly status: string
  readonly title: string
  readonly version: number
  /** ISO 8601, UTC. */
  readonly updatedAt: string
  /** From the site's `/wiki` on; null if the answer doesn't say. */
  readonly webui: string | null
  readonly parent: Parent
  /** Why it can't be taken, e.g. `version.number: expected number`. */
  readonly problem: string | null
}

/** In storage format or, where the source has none, as JSON text in the Atlassian Document Format. */
export type StoredBody = { readonly version: number } & ({ readonly storage: string } | { readonly adf: string })

export interface Container {
  readonly title: string
  readonly parent: Parent
}

export interface Readers {
  readonly restricted: boolean
  readonly names: readonly string[]
  /** Where the next answer begins; null if this is the last. The server may give fewer than asked for. */
  readonly next: number | null
}

const id = z
  .string()
  .regex(/^\d+$/)
  .refine((text) => Number.isSafeInteger(Number(text)))

const withId = z.object({ id })

const space = z.object({ id, key: z.string().min(1), name: z.string(), status: z.string(), type: z.string() })

const content = z.object({
  status: z.string(),
  title: z.string(),
  version: z.object({
    number: z.int().min(1),
    createdAt: z.string().refine((text) => !Number.isNaN(Date.parse(text))),
  }),
})

const parentFields = z.object({ parentId: id.or(z.literal('')).nullish(), parentType: z.string().nullish() })

const links = z.object({ _links: z.object({ webui: z.string().startsWith('/') }) })

const value = z.object({ value: z.string() })

const storedBody = z.object({
  version: z.object({ number: z.number() }),
  body: z.union([z.object({ storage: value }), z.object({ atlas_doc_format: value })]),
})

const label = z.object({ label: withId })

const entries = z.object({
  results: z.array(z.unknown()),
  size: z.int().nullish(),
  limit: z.int().nullish(),
  _links: z.object({ next: z.string().nullish() }).nullish(),
})

const readRestriction = z.object({ restrictions: z.object({ user: entries, group: entries }) })

const user = z.object({ accountId: z.string().min(1) })
const group = z.object({ id: z.string().min(1).nullish(), name: z.string().min(1).nullish() })

export function readSpace(item: unknown, place: string): Space {
  const read = space.safeParse(item)
  if (!read.success) throw invalid(place, read.error)
  return read.data
}

export function readContent(kind: ContentKind): (item: unknown, place: string) => Content {
  return (item, place) => {
    const identified = withId.safeParse(item)
    if (!identified.success) throw invalid(place, identified.error)
    const read = content.safeParse(item)
    const webui = links.safeParse(item).data?._links.webui ?? null
    const known = { kind, id: identified.data.id, webui, parent: readParent(item) }
    if (!read.success) return { ...known, ...unreadable(known.id, describe(read.error)) }
    const { status, title, version } = read.data
    return {
      ...known,
      status,
      title,
      version: version.number,
      updatedAt: new Date(version.createdAt).toISOString(),
      problem: null,
    }
  }
}

export function readContainer(answer: unknown): Container {
  const title = z.object({ title: z.string() }).safeParse(answer)
  return title.success ? { title: title.data.title, parent: readParent(answer) } : { title: '', parent: 'unknown' }
}

export function readLabelId(answer: unknown): string {
  const read = label.safeParse(answer)
  if (!read.success) throw invalid('label', read.error)
  return read.data.label.id
}

/** Names are `user:ACCOUNT_ID`, `group:NAME` and `group-id:ID`. An entry that can't be read lets nobody in. */
export function readReaders(answer: unknown, contentId: string, start: number): Readers {
  const read = readRestriction.safeParse(answer)
  if (!read.success) throw invalid(`restrictions of ${contentId}`, read.error)
  const { user: users, group: groups } = read.data.restrictions
  const lists = [users, groups]
  return {
    restricted: lists.some((list) => list.results.length > 0 || (list.size ?? 0) > 0),
    names: [...users.results.flatMap(userNames), ...groups.results.flatMap(groupNames)],
    next: lists.some(hasMore) ? start + Math.max(...lists.map(({ results }) => results.length)) : null,
  }
}

function hasMore({ results, limit, _links }: z.infer<typeof entries>): boolean {
  if (results.length === 0) return false
  return typeof _links?.next === 'string' || (typeof limit === 'number' && results.length >= limit)
}

/** By id, from a listing of contents with bodies. */
export async function readBodies(
  ask: (cursor: string | undefined) => Promise<unknown>,
): Promise<ReadonlyMap<string, StoredBody | UnsiloError>> {
  const { items } = await readAll('bodies', readBody, ask)
  return new Map(items.flatMap((item) => (item === null ? [] : [item])))
}

function readBody(item: unknown, place: string): [string, StoredBody | UnsiloError] | null {
  const identified = withId.safeParse(item)
  if (!identified.success) return null
  const read = storedBody.safeParse(item)
  if (!read.success) return [identified.data.id, invalid(place, read.error)]
  const { version, body } = read.data
  const text = 'storage' in body ? { storage: body.storage.value } : { adf: body.atlas_doc_format.value }
  return [identified.data.id, { version: version.number, ...text }]
}

/** The version is none that the source gives, so the document is loaded, which fails and says why. */
function unreadable(contentId: string, problem: string) {
  return { status: 'current', title: `Content ${contentId}`, version: 0, updatedAt: new Date(0).toISOString(), problem }
}

function readParent(item: unknown): Parent {
  const read = parentFields.safeParse(item)
  if (!read.success) return 'unknown'
  const { parentId, parentType } = read.data
  return parentId ? { id: parentId, type: parentType ?? 'page' } : null
}

function userNames(entry: unknown): string[] {
  const read = user.safeParse(entry)
  return read.success ? [`user:${read.data.accountId}`] : []
}

function groupNames(entry: unknown): string[] {
  const read = group.safeParse(entry).data
  return [...(read?.name ? [`group:${read.name}`] : []), ...(read?.id ? [`group-id:${read.id}`] : [])]
}

function invalid(place: string, error: z.ZodError): UnsiloError {
  return new UnsiloError('ANSWER_INVALID', `Confluence: ${place}: ${describe(error)}`)
}

function describe(error: z.ZodError): string {
  const issue = error.issues[0]
  return `${issue?.path.join('.') || 'value'}: ${issue?.message ?? 'is not valid'}`
}

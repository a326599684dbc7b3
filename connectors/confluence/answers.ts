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
  /** Of a blog post, from the site's `/wiki` on; null if the answer doesn't say, and of a page, whose address is made of its id. */
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

export const contentId = z
  .string()
  .regex(/^\d+$/)
  .refine((text) => Number.isSafeInteger(Number(text)))

const withId = z.object({ id: contentId })

const space = z.object({
  id: contentId,
  key: z.string().min(1),
  name: z.string(),
  status: z.string(),
  type: z.string(),
})

const content = z.object({
  status: z.string(),
  title: z.string(),
  version: z.object({
    number: z.int().min(1),
    createdAt: z.string().refine((text) => !Number.isNaN(Date.parse(text))),
  }),
})

const parentFields = z.object({ parentId: contentId.or(z.literal('')).nullish(), parentType: z.string().nullish() })

const links = z.object({ _links: z.object({ webui: z.string().startsWith('/') }) })

const value = z.object({ value: z.string() })

const storedBody = z.object({
  version: z.object({ number: z.number() }),
  body: z.union([z.object({ storage: value }), z.object({ atlas_doc_format: value })]),
})

const label = z.object({ label: withId })

/** A list within an answer, perhaps cut. */
export const entries = z.object({
  results: z.array(z.unknown()),
  size: z.int().nullish(),
  limit: z.int().nullish(),
  _links: z.object({ next: z.string().nullish() }).nullish(),
})

const readRestriction = z.object({ restrictions: z.object({ user: entries, group: entries }) })

const user = z.object({
  accountId: z.string().min(1).nullish(),
  username: z.string().min(1).nullish(),
  userKey: z.string().min(1).nullish(),
})
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
    const webui = kind === 'blogpost' ? (links.safeParse(item).data?._links.webui ?? null) : null
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

export function hasMore({ results, limit, _links }: z.infer<typeof entries>): boolean {
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

export function readBody(item: unknown, place: string): [string, StoredBody | UnsiloError] | null {
  const identified = withId.safeParse(item)
  if (!identified.success) return null
  const read = storedBody.safeParse(item)
  if (!read.success) return [identified.data.id, invalid(place, read.error)]
  const { version, body } = read.data
  const text = 'storage' in body ? { storage: body.storage.value } : { adf: body.atlas_doc_format.value }
  return [identified.data.id, { version: version.number, ...text }]
}

/** The version is none that the source gives, so the document is loaded, which fails and says why. */
export function unreadable(id: string, problem: string) {
  return { status: 'current', title: `Content ${id}`, version: 0, updatedAt: new Date(0).toISOString(), problem }
}

function readParent(item: unknown): Parent {
  const read = parentFields.safeParse(item)
  if (!read.success) return 'unknown'
  const { parentId, parentType } = read.data
  return parentId ? { id: parentId, type: parentType ?? 'page' } : null
}

/** `user:ACCOUNT_ID`, and on Data Center `user:USERNAME` and `user-key:KEY`. An entry that can't be read lets nobody in. */
export function userNames(entry: unknown): string[] {
  const { accountId, username, userKey } = user.safeParse(entry).data ?? {}
  const names = [accountId, username].flatMap((name) => (name ? [`user:${name}`] : []))
  return userKey ? [...names, `user-key:${userKey}`] : names
}

/** `group:NAME`, and on Cloud `group-id:ID`. */
export function groupNames(entry: unknown): string[] {
  const read = group.safeParse(entry).data
  return [...(read?.name ? [`group:${read.name}`] : []), ...(read?.id ? [`group-id:${read.id}`] : [])]
}

export function invalid(place: string, error: z.ZodError): UnsiloError {
  return new UnsiloError('ANSWER_INVALID', `Confluence: ${place}: ${describe(error)}`)
}

export function describe(error: z.ZodError): string {
  const issue = error.issues[0]
  return `${issue?.path.join('.') || 'value'}: ${issue?.message ?? 'is not valid'}`
}

/** The border, for what Data Center words differently from Cloud: contents with their ancestors and labels, and spaces. */
import { z } from 'zod'
import {
  type Content,
  type ContentKind,
  contentId,
  describe,
  entries,
  groupNames,
  hasMore,
  invalid,
  type Space,
  unreadable,
  userNames,
} from '../answers.ts'

export interface Ancestor {
  readonly id: string
  readonly title: string
}

export interface DataCenterContent extends Content {
  /** Outermost first. */
  readonly ancestors: readonly Ancestor[]
  /** Null if the answer doesn't hold all of them. */
  readonly labels: readonly string[] | null
}

const space = z.object({
  key: z.string().min(1),
  name: z.string(),
  type: z.string(),
  status: z.string().optional(),
})

const identified = z.object({ id: contentId, type: z.string() })

const content = z.object({
  status: z.string(),
  title: z.string(),
  version: z.object({
    number: z.int().min(1),
    when: z.string().refine((text) => !Number.isNaN(Date.parse(text))),
  }),
})

const withAncestors = z.object({ ancestors: z.array(z.object({ id: contentId, title: z.string().catch('') })) })

const withLabels = z.object({ metadata: z.object({ labels: entries }) })

const label = z.object({ name: z.string().min(1) })

const relevant = z.object({ viewContentRestrictions: entries })

const restriction = z.object({
  operation: z.unknown(),
  restrictions: z.object({ user: entries, group: entries }),
})

/** Its id is its key, since that is what other requests want. Older versions don't say the status: it is the one asked for. */
export function readSpace(asked: string): (item: unknown, place: string) => Space {
  return (item, place) => {
    const read = space.safeParse(item)
    if (!read.success) throw invalid(place, read.error)
    const { key, name, type, status = asked } = read.data
    return { id: key, key, name, type, status }
  }
}

/** Null for content of another kind. */
export function readContent(kind: ContentKind): (item: unknown, place: string) => DataCenterContent | null {
  return (item, place) => {
    const identity = identified.safeParse(item)
    if (!identity.success) throw invalid(place, identity.error)
    const { id, type } = identity.data
    if (type !== kind) return null
    const known = { kind, id, webui: null, labels: readLabels(item), ...placeOf(kind, item) }
    const read = content.safeParse(item)
    if (!read.success) return { ...known, ...unreadable(id, describe(read.error)) }
    const { status, title, version } = read.data
    const updatedAt = new Date(version.when).toISOString()
    return { ...known, status, title, version: version.number, updatedAt, problem: null }
  }
}

export function readLabel(item: unknown, place: string): { id: string } {
  const read = label.safeParse(item)
  if (!read.success) throw invalid(place, read.error)
  return { id: read.data.name }
}

/**
 * Every restriction that limits who may view a content, its own and inherited ones; each must hold. Null if the answer
 * doesn't say it all: readers left out or cut, a further page, or a shape that isn't known.
 */
export function readRelevant(answer: unknown): readonly (readonly string[])[] | null {
  const read = relevant.safeParse(answer)
  if (!read.success || hasMore(read.data.viewContentRestrictions)) return null
  const all = read.data.viewContentRestrictions.results.map(readRestriction)
  return all.every((names) => names !== null) ? all : null
}

/** A restriction that names nobody is one whose readers were left out. */
function readRestriction(item: unknown): readonly string[] | null {
  const read = restriction.safeParse(item)
  if (!read.success || read.data.operation !== 'read') return null
  const { user, group } = read.data.restrictions
  if (hasMore(user) || hasMore(group)) return null
  const names = [...user.results.flatMap(userNames), ...group.results.flatMap(groupNames)]
  return names.length === 0 ? null : names
}

function placeOf(kind: ContentKind, item: unknown): Pick<DataCenterContent, 'ancestors' | 'parent'> {
  if (kind === 'blogpost') return { ancestors: [], parent: null }
  const read = withAncestors.safeParse(item)
  if (!read.success) return { ancestors: [], parent: 'unknown' }
  const parent = read.data.ancestors.at(-1)
  return { ancestors: read.data.ancestors, parent: parent === undefined ? null : { id: parent.id, type: 'page' } }
}

function readLabels(item: unknown): readonly string[] | null {
  const read = withLabels.safeParse(item)
  if (!read.success || hasMore(read.data.metadata.labels)) return null
  const labels = z.array(label).safeParse(read.data.metadata.labels.results)
  return labels.success ? labels.data.map(({ name }) => name) : null
}

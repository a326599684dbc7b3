/** Tickets: what the export says of one, and what it is once its comments are read. */
import { canonicalJson, sha256 } from '../../../src/core/ids.ts'
import { firstIssue } from '../../../src/vendors/answers.ts'
import type { ZendeskConfig } from '../config.ts'
import { RENDERER } from '../render.ts'
import { type Facts, type Field, LONGEST_VALUE, publicParts, type Rating, type Thread } from '../thread.ts'
import { type Comment, comment, type Ticket, ticket, ticketStatus } from './answers.ts'
import type { Directory } from './directory.ts'
import { BLACKED_OUT, candidateOf, everybodyIn, peopleOfVia } from './parts.ts'
import { peopleOf, type Users } from './users.ts'

export type Listed =
  | { readonly state: 'resolved'; readonly id: string; readonly ticket: Ticket; readonly facts: Facts }
  | { readonly state: 'deleted'; readonly id: string }
  | { readonly state: 'left out'; readonly id: string; readonly reason: string }
  | { readonly state: 'unreadable'; readonly id: string; readonly problem: string }

const RATINGS: ReadonlyMap<string, Rating> = new Map([
  ['good', 'good'],
  ['goodwithcomment', 'good'],
  ['bad', 'bad'],
  ['badwithcomment', 'bad'],
])

export function listedTicket(id: string, item: unknown, directory: Directory, site: string): Listed {
  const said = ticketStatus.safeParse(item)
  if (!said.success) return { state: 'unreadable', id, problem: firstIssue(said.error) }
  const { status } = said.data
  if (status === 'deleted') return { state: 'deleted', id }
  if (status !== 'solved' && status !== 'closed') return { state: 'left out', id, reason: `not resolved: ${status}` }
  const read = ticket.safeParse(item)
  if (!read.success) return { state: 'unreadable', id, problem: firstIssue(read.error) }
  const reason = whyLeftOut(read.data)
  if (reason !== null) return { state: 'left out', id, reason }
  return { state: 'resolved', id, ticket: read.data, facts: factsOf(read.data, directory, site) }
}

/** Of a resolved ticket, whatever its comments are; null if it may be taken. */
export function whyLeftOut({ support_type, is_public }: Ticket): string | null {
  if (is_public === false) return 'no public message'
  return support_type && support_type !== 'agent' ? 'handled by an AI agent' : null
}

/** Comments as they came, or what is wrong with one. */
export function readComments(items: readonly unknown[]): readonly Comment[] | { readonly problem: string } {
  const read: Comment[] = []
  for (const [index, item] of items.entries()) {
    const each = comment.safeParse(item)
    if (!each.success) return { problem: `comments.${index}.${firstIssue(each.error)}` }
    read.push(each.data)
  }
  return read
}

export function threadOf(
  { ticket: read, facts }: Extract<Listed, { state: 'resolved' }>,
  comments: readonly Comment[],
  users: Users,
  { humanChannels = [] }: ZendeskConfig,
): Thread {
  const around = { requester: read.requester_id ?? null, user: users.get, humanChannels }
  const parts = publicParts(comments.map((each) => candidateOf(each, around))).toSorted(byTime)
  const subject = read.subject?.includes(BLACKED_OUT) ? '' : (read.subject ?? '')
  const ids = new Set([...everybodyIn(read), ...comments.flatMap(({ author_id }) => author_id ?? [])])
  return {
    ...facts,
    version: sha256(canonicalJson([RENDERER, subject, parts])).slice(0, 32),
    subject,
    parts,
    people: [
      ...[...ids].flatMap((id) => peopleOf(users.get(id) ?? { role: '' })),
      ...[read.via, ...comments.map(({ via }) => via)].flatMap(peopleOfVia),
    ],
    isTruncated: false,
  }
}

/** The version is that of the thread, which isn't read yet. */
function factsOf(read: Ticket, directory: Directory, site: string): Facts {
  const updatedAt = new Date(read.updated_at).toISOString()
  return {
    id: read.id,
    number: read.id,
    url: `${site}/agent/tickets/${read.id}`,
    version: '',
    updatedAt,
    // A closed ticket can't be changed, and a solved one is closed within weeks.
    resolvedAt: updatedAt,
    team: directory.groups.get(read.group_id ?? '') || null,
    brand: directory.brands.get(read.brand_id ?? '') || null,
    tags: read.tags ?? [],
    rating: RATINGS.get(read.satisfaction_rating?.score ?? '') ?? 'none',
    fields: fieldsOf(read, directory),
  }
}

function fieldsOf({ custom_fields }: Ticket, { fields }: Directory): readonly Field[] {
  return fields.flatMap(({ id, name, options }) => {
    const value = custom_fields?.find((each) => each.id === id)?.value
    return (Array.isArray(value) ? value : [value]).flatMap((each: unknown) => {
      const text = ['string', 'number', 'boolean'].includes(typeof each) ? String(each).trim() : ''
      const shown = options.get(text) ?? text
      return shown === '' || shown.length > LONGEST_VALUE ? [] : [{ name, value: shown }]
    })
  })
}

function byTime(a: { readonly at: string }, b: { readonly at: string }): number {
  return a.at < b.at ? -1 : a.at > b.at ? 1 : 0
}

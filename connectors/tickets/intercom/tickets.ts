/** Tickets, which a listing brings along with their parts. */
import { escapeText } from 'entities'
import { canonicalJson, sha256 } from '../../../src/core/ids.ts'
import { firstIssue } from '../../../src/vendors/answers.ts'
import type { IntercomConfig } from '../config.ts'
import { documentOf, type Outcome } from '../document.ts'
import { RENDERER } from '../render.ts'
import type { Candidate, Facts } from '../thread.ts'
import { type Ticket, ticket, ticketState } from './answers.ts'
import { silentContacts, withContacts } from './contacts.ts'
import type { UnnamedThread } from './conversations.ts'
import type { Directory } from './directory.ts'
import { fieldsOf } from './fields.ts'
import { candidateOf, isoTime, partsOf } from './parts.ts'
import { peopleOfContacts, peopleOfParts } from './people.ts'

export type ListedTicket =
  | { readonly state: 'resolved'; readonly id: string; readonly thread: UnnamedTicket }
  | { readonly state: 'left out'; readonly id: string; readonly reason: string }
  | { readonly state: 'unreadable'; readonly id: string; readonly problem: string }

type UnnamedTicket = Omit<UnnamedThread, 'version'>

/** The most that Intercom hands over. */
const MOST_PARTS = 500

export function listedTicket(item: unknown, id: string, config: IntercomConfig, directory: Directory): ListedTicket {
  const state = ticketState.safeParse(item)
  if (!state.success) return { state: 'unreadable', id, problem: firstIssue(state.error) }
  const { category } = state.data.ticket_state
  if (category !== 'resolved') return { state: 'left out', id, reason: `not resolved: ${category}` }
  const read = ticket.safeParse(item)
  if (!read.success) return { state: 'unreadable', id, problem: firstIssue(read.error) }
  if (read.data.category !== 'Customer') return { state: 'left out', id, reason: `internal: ${read.data.category}` }
  if (read.data.is_shared !== true) return { state: 'left out', id, reason: 'not shared with its customer' }
  return { state: 'resolved', id, thread: threadOf(read.data, config, directory) }
}

export function ticketDocument(
  thread: UnnamedTicket,
  contacts: ReadonlyMap<string, readonly string[]>,
  config: IntercomConfig,
): { readonly facts: Facts; readonly outcome: Outcome } {
  const outcome = documentOf(withContacts(thread, contacts), config)
  return { facts: { ...thread, version: versionOf(outcome) }, outcome }
}

/** Of what was made of it: addresses of uploads are signed anew in each answer. */
function versionOf(outcome: Outcome): string {
  return sha256(canonicalJson([RENDERER, outcome])).slice(0, 32)
}

function threadOf(read: Ticket, config: IntercomConfig, directory: Directory): UnnamedTicket {
  const { id, ticket_id, ticket_attributes, ticket_parts, tags } = read
  const list = ticket_parts.ticket_parts
  const parts = partsOf([...descriptionOf(read), ...list.map((part) => candidateOf(part, config.humanApps ?? []))])
  const subject = textOf(read, '_default_title_')
  const isTruncated = list.length >= MOST_PARTS || list.length < ticket_parts.total_count
  return {
    id: `ticket-${id}`,
    number: ticket_id ?? id,
    url: directory.address(id),
    updatedAt: isoTime(read.updated_at),
    resolvedAt: isoTime(resolvedAt(read)),
    team: directory.team(read.team_assignee_id),
    brand: fieldsOf(ticket_attributes, ['Brand'])[0]?.value ?? null,
    tags: (tags?.tags ?? []).map(({ name }) => name),
    rating: 'none',
    fields: fieldsOf(ticket_attributes, config.fields ?? []),
    subject,
    parts,
    people: [...peopleOfParts(list), ...peopleOfContacts(read), ...directory.teammate(read.admin_assignee_id)],
    silent: silentContacts(
      read,
      list.map(({ author }) => author),
    ),
    isTruncated,
  }
}

/** The customer's own words, in a form of the messenger or taken down by a teammate. */
function descriptionOf(read: Ticket): readonly Candidate[] {
  const text = textOf(read, '_default_description_')
  if (text === '') return []
  const isHtml = /<[a-z][^<>]{0,200}>/i.test(text)
  return [
    {
      author: { role: 'customer', key: read.contacts?.contacts[0]?.id ?? 'customer' },
      kind: 'message',
      isPublic: true,
      isRedacted: false,
      at: isoTime(read.created_at),
      html: isHtml ? text : escapeText(text).replaceAll('\n', '<br>'),
      files: [],
    },
  ]
}

function textOf({ ticket_attributes }: Ticket, name: string): string {
  const value = ticket_attributes?.[name]
  return typeof value === 'string' ? value : ''
}

function resolvedAt({ ticket_parts, updated_at }: Ticket): number {
  const moments = ticket_parts.ticket_parts.filter((part) => part.ticket_state === 'resolved')
  return moments.length === 0 ? updated_at : Math.max(...moments.map((part) => part.created_at))
}

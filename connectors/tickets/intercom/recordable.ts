/**
 * What a recording keeps of Intercom's answers: what the connector reads, without anybody's name or address, and without
 * a word of notes, machines, or what was taken back. Names go to whoever scrubs the rest.
 */

import type { Recordable } from '../../../src/core/connector.ts'
import type { Json } from '../../../src/core/json.ts'
import { LONGEST_VALUE } from '../thread.ts'
import {
  adminList,
  type Conversation,
  contactList,
  conversation,
  conversationParts,
  me,
  type Part,
  type Ticket,
  teamList,
  ticket,
} from './answers.ts'
import { candidateOf, partsOf, sourceOf } from './parts.ts'
import { named, peopleOfContacts, peopleOfConversation, peopleOfParts } from './people.ts'

/** Attributes of a ticket that are its text. */
const TEXTS: ReadonlySet<string> = new Set(['_default_title_', '_default_description_'])

type Fields = { readonly [key: string]: Json }

/** Null for what is no answer of Intercom's that the connector reads. */
export function intercomRecordable(answer: Json): Recordable | null {
  if (answer === null || typeof answer !== 'object' || Array.isArray(answer)) return null
  const fields = answer as Fields
  switch (fields['type']) {
    case 'conversation':
      return recordableConversation(fields)
    case 'conversation.list':
      return recordableList(fields, 'conversations', recordableConversation)
    case 'ticket.list':
      return recordableList(fields, 'tickets', recordableTicket)
    case 'team.list':
      return { answer: plain({ type: 'team.list', ...teamList.safeParse(fields).data }), people: [] }
    case 'admin.list':
      return recordableAdmins(fields)
    case 'admin':
      return { answer: plain({ type: 'admin', ...me.safeParse(fields).data }), people: [] }
    case 'list':
      return recordableContacts(fields)
    case 'error.list':
      return { answer: { type: 'error.list', errors: [] }, people: [] }
    default:
      return null
  }
}

function recordableList(fields: Fields, key: string, each: (item: Fields) => Recordable): Recordable {
  const given = fields[key]
  const items = (Array.isArray(given) ? given : []).map((item) => each(asFields(item)))
  const { type, total_count, pages } = fields
  const next = asFields(asFields(pages)['next'])['starting_after'] ?? null
  return {
    answer: plain({
      type,
      total_count,
      pages: { type: 'pages', ...(next !== null && { next: { starting_after: next } }) },
      [key]: items.map(({ answer }) => answer),
    }),
    people: items.flatMap(({ people }) => people),
  }
}

function recordableConversation(fields: Fields): Recordable {
  const read = conversation.safeParse(fields)
  if (!read.success) return unread(fields)
  const parts = conversationParts.safeParse(fields)
  const list = parts.success ? parts.data.conversation_parts.conversation_parts : []
  const people = [...peopleOfConversation(read.data), ...peopleOfParts(list)]
  const { state } = read.data
  if (state !== 'closed') return { answer: unresolved('conversation', read.data, { state }), people }
  const { source: _, contacts, custom_attributes, ...rest } = read.data
  return {
    answer: plain({
      type: 'conversation',
      ...rest,
      source: recordableSource(read.data),
      contacts: withoutUserNames(contacts),
      custom_attributes: scalars(custom_attributes),
      ...(parts.success && {
        conversation_parts: {
          total_count: parts.data.conversation_parts.total_count,
          conversation_parts: list.map(recordablePart),
        },
      }),
    }),
    people,
  }
}

function recordableTicket(fields: Fields): Recordable {
  const read = ticket.safeParse(fields)
  if (!read.success) return unread(fields)
  const { ticket_parts, ticket_attributes, contacts, ...rest } = read.data
  const people = [...peopleOfParts(ticket_parts.ticket_parts), ...peopleOfContacts(read.data)]
  const { ticket_state } = rest
  if (ticket_state.category !== 'resolved') return { answer: unresolved('ticket', rest, { ticket_state }), people }
  const isShown = read.data.category === 'Customer' && read.data.is_shared === true
  return {
    answer: plain({
      type: 'ticket',
      ...rest,
      contacts: withoutUserNames(contacts),
      ticket_attributes: isShown ? scalars(ticket_attributes) : {},
      ticket_parts: {
        total_count: ticket_parts.total_count,
        ticket_parts: isShown ? ticket_parts.ticket_parts.map(recordablePart) : [],
      },
    }),
    people,
  }
}

/** What can't be read is recorded as something that can't be read. */
function unread({ type, id, created_at }: Fields): Recordable {
  return { answer: plain({ type, id, created_at }), people: [] }
}

/** What is not resolved says so, and no more. */
function unresolved(
  type: string,
  { id, created_at, updated_at }: Pick<Ticket, 'id' | 'created_at' | 'updated_at'>,
  state: Fields,
): Json {
  return { type, id, created_at, updated_at, ...state }
}

function recordableAdmins(fields: Fields): Recordable {
  const listed = (adminList.safeParse(fields).data?.admins ?? []).flatMap((admin) => admin ?? [])
  return {
    answer: plain({ type: 'admin.list', admins: listed.map(({ id }) => ({ type: 'admin', id })) }),
    people: listed.flatMap(named),
  }
}

function recordableContacts(fields: Fields): Recordable {
  const listed = contactList.safeParse(fields).data?.data ?? []
  return {
    answer: plain({ type: 'list', data: listed.map(({ id }) => ({ type: 'contact', id })) }),
    people: listed.flatMap(({ phone, external_id, ...rest }) => [
      ...named(rest),
      ...[phone, external_id].flatMap((each) => each?.trim() || []),
    ]),
  }
}

/** A part that reaches no document keeps its place, and no word. */
function recordablePart(part: Part): Json {
  const { body, attachments, author, email_message_metadata: _, ...rest } = part
  const isShown = partsOf([candidateOf(part, [])]).length > 0
  return plain({ ...rest, author: nameless(author), ...(isShown && { body, attachments }) })
}

function recordableSource(read: Conversation): Json {
  if (!read.source) return null
  const { author, subject, body, attachments, recipients: _to, reply_to: _replyTo, ...rest } = read.source
  const isShown = partsOf(sourceOf(read)).length > 0
  return plain({ ...rest, author: nameless(author), ...(isShown && { subject, body, attachments }) })
}

function nameless({ name: _name, email: _email, ...rest }: Part['author']): Json {
  return plain(rest)
}

function withoutUserNames(contacts: Ticket['contacts']): Json {
  return plain({ contacts: (contacts?.contacts ?? []).map(({ id }) => ({ id })) })
}

function scalars(attributes: Readonly<Record<string, unknown>> | null | undefined): Json {
  const entries = Object.entries(attributes ?? {})
  return Object.fromEntries(
    entries.filter(
      (entry): entry is [string, string | number | boolean] =>
        ['string', 'number', 'boolean'].includes(typeof entry[1]) &&
        (TEXTS.has(entry[0]) || String(entry[1]).length <= LONGEST_VALUE),
    ),
  )
}

function asFields(value: Json | undefined): Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {}
}

/** As JSON, what is undefined left out. */
function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}

/**
 * What a recording keeps of Zendesk's answers: what the connector reads, without anybody's name or address, and without a
 * word of notes, machines, or what was taken back. Names go to whoever scrubs the rest.
 */
import { z } from 'zod'
import type { Recordable } from '../../../src/core/connector.ts'
import type { Json } from '../../../src/core/json.ts'
import { numericId } from '../../../src/vendors/listing.ts'
import { LONGEST_VALUE } from '../thread.ts'
import { comment, named, ticket, ticketField, type User, user } from './answers.ts'
import { BLACKED_OUT, isBlackedOut, isShown, peopleOfVia } from './parts.ts'
import { whyLeftOut } from './tickets.ts'
import { peopleOf } from './users.ts'

type Fields = { readonly [key: string]: Json }

/** What each list keeps of an item. */
const LISTS: Readonly<Record<string, (item: Fields, users: ReadonlyMap<string, User>) => Recordable>> = {
  tickets: recordableTicket,
  comments: recordableComment,
  users: ({ id, role }, users) => ({ answer: plain({ id, role }), people: peopleOf(users.get(String(id)) ?? NOBODY) }),
  groups: (item) => nameless({ id: item['id'], ...named.safeParse(item).data }),
  brands: (item) => nameless({ id: item['id'], ...named.safeParse(item).data }),
  ticket_fields: (item) => nameless({ id: item['id'], ...ticketField.safeParse(item).data }),
}

/** What tells how a listing or an export goes on. */
const PLACES = ['meta', 'after_cursor', 'end_of_stream', 'count']

const NOBODY: User = { role: '' }

const identified = z.object({ id: numericId })

/** Null for what is no answer of Zendesk's that the connector reads. */
export function zendeskRecordable(answer: Json): Recordable | null {
  if (answer === null || typeof answer !== 'object' || Array.isArray(answer)) return null
  const fields = answer as Fields
  if ('access_token' in fields) return nameless({ access_token: 'REMOVED', expires_in: fields['expires_in'] })
  if ('error' in fields || 'errors' in fields) return nameless({ error: 'REMOVED' })
  const keys = Object.keys(LISTS).filter((key) => Array.isArray(fields[key]))
  if (keys.length === 0) return null
  const users = usersOf(fields['users'])
  const kept = keys.map((key) => [key, listOf(fields[key]).map((item) => LISTS[key]?.(item, users))] as const)
  const places = PLACES.flatMap((key) => (key in fields ? [[key, fields[key]] as const] : []))
  const lists = kept.map(([key, items]) => [key, items.map((each) => each?.answer ?? null)] as const)
  return {
    answer: plain(Object.fromEntries([...places, ...lists])),
    people: kept.flatMap(([, items]) => items.flatMap((each) => each?.people ?? [])),
  }
}

/** One that reaches no document keeps what says so. */
function recordableTicket(item: Fields): Recordable {
  const read = ticket.safeParse(item).data
  if (read === undefined) return nameless({ id: item['id'], status: item['status'] })
  const { id, status, updated_at, is_public, support_type, via, subject, custom_fields, ...rest } = read
  const said = { id, status, updated_at, is_public, support_type }
  const people = peopleOfVia(via)
  if (whyLeftOut(read) !== null) return { answer: plain(said), people }
  return {
    answer: plain({
      ...said,
      ...rest,
      subject: subject?.includes(BLACKED_OUT) ? BLACKED_OUT : subject,
      custom_fields: custom_fields?.filter(({ value }) => typeof value !== 'string' || value.length <= LONGEST_VALUE),
    }),
    people,
  }
}

/** One that reaches no document keeps its place, and no word. */
function recordableComment(item: Fields, users: ReadonlyMap<string, User>): Recordable {
  const read = comment.safeParse(item).data
  if (read === undefined) return nameless({ id: item['id'] })
  const { via, html_body, plain_body, body, attachments, ...rest } = read
  const around = { requester: null, user: (id: string) => users.get(id), humanChannels: [] }
  return {
    answer: plain({
      id: item['id'],
      ...rest,
      author_id: read.author_id === '-1' ? -1 : read.author_id,
      via: via && { channel: via.channel, source: { rel: via.source?.rel } },
      ...(isShown(read, around) && { html_body, plain_body, body, attachments }),
      ...(isBlackedOut(read) && { body: BLACKED_OUT }),
    }),
    people: peopleOfVia(via),
  }
}

function usersOf(list: Json | undefined): ReadonlyMap<string, User> {
  return new Map(
    listOf(list).flatMap((each) => {
      const id = identified.safeParse(each).data?.id
      const read = user.safeParse(each).data
      return id === undefined || read === undefined ? [] : [[id, read] as const]
    }),
  )
}

function listOf(value: Json | undefined): readonly Fields[] {
  const items = Array.isArray(value) ? (value as readonly Json[]) : []
  return items.map((item) =>
    item !== null && typeof item === 'object' && !Array.isArray(item) ? (item as Fields) : {},
  )
}

function nameless(value: unknown): Recordable {
  return { answer: plain(value), people: [] }
}

/** As JSON, what is undefined left out. */
function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json
}

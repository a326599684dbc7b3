/**
 * Closed conversations and resolved tickets of an Intercom workspace. Every run lists all of both, so that whatever was
 * reopened or deleted is gone after it. Whether a conversation answers anything shows only in its parts, which take a
 * request each: those are read once, and again when it changes.
 */
import { z } from 'zod'
import type { Change, PullContext } from '../../../src/core/connector.ts'
import type { Head } from '../../../src/core/document.ts'
import { type IntercomClient, openIntercom } from '../../../src/vendors/intercom/client.ts'
import { readSearch } from '../../../src/vendors/intercom/search.ts'
import type { Listing } from '../../../src/vendors/listing.ts'
import type { IntercomConfig } from '../config.ts'
import { headOf } from '../document.ts'
import { unwanted } from '../filters.ts'
import { readContacts } from './contacts.ts'
import { type Listed, listedConversation } from './conversations.ts'
import { type Directory, readDirectory } from './directory.ts'
import { failing, unreadableHead } from './failures.ts'
import { createMemory, memory } from './memory.ts'
import { type Closed, conversationReader, type Read } from './reader.ts'
import { type ListedTicket, listedTicket, ticketDocument } from './tickets.ts'

export const intercomCursor = z.strictObject({ provider: z.literal('intercom'), ...memory.shape })

export type IntercomCursor = z.infer<typeof intercomCursor>

/** Items of a page: a conversation is listed without its parts, a ticket with them. */
const CONVERSATIONS_A_PAGE = 150
const TICKETS_A_PAGE = 50

/** Conversations read between two checkpoints, at least. A run has few of those: each holds what is known so far. */
const FEWEST_A_SLICE = 500
const MOST_SLICES = 20

const NOTHING: Listing<never> = { items: [], pages: 0, duplicates: 0 }

export async function* pullIntercom(
  context: PullContext<IntercomConfig>,
  since: IntercomCursor | null,
): AsyncGenerator<Change<IntercomCursor>> {
  yield { type: 'begin' }
  const client = openIntercom(context.config, context.fetch)
  const directory = await readDirectory(client, context.config)
  const { kinds } = context.config
  const tickets = kinds.includes('tickets') ? await listTickets(client, context, directory) : NOTHING
  const ticketIds = new Set(tickets.items.map(({ id }) => id))
  const conversations = kinds.includes('conversations') ? await listConversations(client, context, directory) : NOTHING
  // A conversation that became a ticket may be listed as both.
  const others = conversations.items.filter(({ id }) => !ticketIds.has(id))

  const rest = yield* newlyRead(others, since, { client, directory, context })
  // What may fail comes behind the cursor, so that one document doesn't hold back what was learnt of all others.
  yield { type: 'checkpoint', cursor: rest.cursor }
  yield* rest.changes
  yield* await ticketChanges(tickets.items, client, context)
  const pages = directory.pages + tickets.pages + conversations.pages
  const seen = others.length + tickets.items.length
  const duplicates = tickets.duplicates + conversations.duplicates
  yield { type: 'checkpoint', cursor: rest.cursor, receipt: { pages, seen, duplicates, ended: 'end-of-stream' } }
}

interface Around {
  readonly client: IntercomClient
  readonly directory: Directory
  readonly context: PullContext<IntercomConfig>
}

function listTickets(client: IntercomClient, { config }: PullContext<IntercomConfig>, directory: Directory) {
  return readSearch(client, {
    path: '/tickets/search',
    key: 'tickets',
    pageSize: TICKETS_A_PAGE,
    read: (item, id) => listedTicket(item, id, config, directory),
  })
}

function listConversations(client: IntercomClient, { config }: PullContext<IntercomConfig>, directory: Directory) {
  return readSearch(client, {
    path: '/conversations/search',
    key: 'conversations',
    pageSize: CONVERSATIONS_A_PAGE,
    read: (item, id) => listedConversation(item, id, config, directory),
  })
}

async function ticketChanges(
  items: readonly ListedTicket[],
  client: IntercomClient,
  context: PullContext<IntercomConfig>,
): Promise<readonly Change<never>[]> {
  const silent = items.flatMap((ticket) => (ticket.state === 'resolved' ? ticket.thread.silent : []))
  const contacts = await readContacts(client, silent)
  return items.map((ticket) => ticketChange(ticket, contacts, context))
}

function ticketChange(
  listed: ListedTicket,
  contacts: ReadonlyMap<string, readonly string[]>,
  { config, access, now }: PullContext<IntercomConfig>,
): Change<never> {
  const id = `ticket-${listed.id}`
  if (listed.state === 'left out') return { type: 'skip', id, reason: listed.reason }
  if (listed.state === 'unreadable') return failing(unreadableHead(id, access), listed.problem)
  const { facts, outcome } = ticketDocument(listed.thread, contacts, config)
  const reason = unwanted(facts, config, now())
  if (reason !== null) return { type: 'skip', id, reason }
  if ('skip' in outcome) return { type: 'skip', id, reason: outcome.skip }
  return { type: 'upsert', head: headOf(facts, access), load: async () => outcome.body }
}

interface Rest {
  /** Of conversations that were not read in this run, or could not be. */
  readonly changes: readonly Change<never>[]
  readonly cursor: IntercomCursor
}

/** Those that are read, with a checkpoint now and then. */
async function* newlyRead(
  listed: readonly Listed[],
  since: IntercomCursor | null,
  { client, directory, context }: Around,
): AsyncGenerator<Change<IntercomCursor>, Rest> {
  const { config, access } = context
  const known = createMemory(since, config)
  const reader = conversationReader(client, config, directory)
  const unread: Closed[] = []
  const rest: Change<never>[] = []
  for (const item of listed) {
    const id = `conversation-${item.id}`
    if (item.state === 'left out') rest.push({ type: 'skip', id, reason: item.reason })
    else if (item.state === 'unreadable') rest.push(failing(unreadableHead(id, access), item.problem))
    else {
      const recall = known.recall(item, unwanted(item.facts, config, context.now()))
      if (recall === 'unread') unread.push(item)
      else if (recall !== 'taken') rest.push({ type: 'skip', id, reason: recall.skip })
      else rest.push({ type: 'upsert', head: headOf(item.facts, access), load: () => reader.load(item) })
    }
  }

  const slices = slicesOf(unread.toSorted((a, b) => a.updatedAt - b.updatedAt))
  for (const [at, slice] of slices.entries()) {
    for (const { item, read } of await reader.readAll(slice)) {
      const change = readChange(item, read, headOf(item.facts, access))
      if ('problem' in read) rest.push(change)
      else yield change
      if ('skip' in read) known.passOver(item, read.skip)
    }
    const next = slices[at + 1]?.[0]
    if (next !== undefined) yield { type: 'checkpoint', cursor: cursorOf(known.upTo(next.updatedAt)) }
  }
  return { changes: rest, cursor: cursorOf(known.upTo(newestOf(listed, since?.upTo ?? 0))) }
}

function readChange({ facts }: Closed, read: Read, head: Head): Change<never> {
  if ('skip' in read) return { type: 'skip', id: facts.id, reason: read.skip }
  if ('problem' in read) return failing(head, read.problem)
  return { type: 'upsert', head, load: async () => read.body }
}

function cursorOf(remembered: z.infer<typeof memory>): IntercomCursor {
  return { provider: 'intercom', ...remembered }
}

/** When the last change was, this one included. */
function newestOf(listed: readonly Listed[], before: number): number {
  return listed.reduce((newest, item) => (item.state === 'closed' ? Math.max(newest, item.updatedAt) : newest), before)
}

function slicesOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  const size = Math.max(FEWEST_A_SLICE, Math.ceil(items.length / MOST_SLICES))
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size))
}

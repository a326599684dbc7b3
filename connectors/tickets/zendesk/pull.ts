/**
 * Solved and closed tickets of a Zendesk account, by the export of what changed: the first run reads all of it, later ones
 * what came since, reopened and deleted tickets included. Whether a ticket answers anything shows only in its comments,
 * which take a request each time that it changes.
 */
import { z } from 'zod'
import { levelAccess } from '../../../src/core/access.ts'
import type { Change, PullContext } from '../../../src/core/connector.ts'
import type { Head } from '../../../src/core/document.ts'
import { UnsiloError } from '../../../src/core/errors.ts'
import { invalidAnswer } from '../../../src/vendors/answers.ts'
import { readItem } from '../../../src/vendors/listing.ts'
import { openZendesk, type ZendeskClient } from '../../../src/vendors/zendesk/client.ts'
import { readExport } from '../../../src/vendors/zendesk/export.ts'
import type { ZendeskConfig } from '../config.ts'
import { headOf } from '../document.ts'
import { unwanted } from '../filters.ts'
import { createMemory, type Memory, rulesOf, type ZendeskCursor } from './cursor.ts'
import { type Directory, readDirectory } from './directory.ts'
import { type Read, type Resolved, readTickets } from './reader.ts'
import { type Listed, listedTicket } from './tickets.ts'
import { createUsers, type Users } from './users.ts'

/** With `agent`, which is the default, tickets that an AI agent handled are missing even when they were deleted. */
const PARAMS = { support_type_scope: 'all', include: 'users' }

const MANY_AT_ONCE = 100
const DAY_S = 86_400

interface Around {
  readonly context: PullContext<ZendeskConfig>
  readonly client: ZendeskClient
  readonly directory: Directory
  readonly users: Users
  readonly memory: Memory
  /** Tickets that couldn't be read, by id. */
  readonly failed: Map<string, TicketChange>
}

export async function* pullZendesk(
  context: PullContext<ZendeskConfig>,
  given: ZendeskCursor | null,
): AsyncGenerator<Change<ZendeskCursor>> {
  const { config, fetch, now } = context
  const client = openZendesk(config, { fetch, now, scope: 'read' })
  const directory = await readDirectory(client, config)
  const rules = rulesOf(config, directory)
  const since = given?.rules === rules ? given : null
  if (since === null) yield { type: 'begin' }
  const isPass = since === null || since.isOpen
  const memory = createMemory(since, config)
  const around: Around = { context, client, directory, users: createUsers(client), memory, failed: new Map() }
  const tally = createTally(since === null)
  let { pages } = directory
  const cursorAt = (after: string | null, isOpen: boolean): ZendeskCursor => ({
    provider: 'zendesk',
    rules,
    after,
    isOpen,
    ...memory.asCursor(),
  })

  const again = await readAgain(client, since?.failed ?? [])
  for await (const change of changesOf(again, around)) if (tally.counts(change)) yield change
  let after = since?.after ?? null
  const options = { key: 'tickets', params: PARAMS, after, startTime: startOf(context) }
  for await (const page of readExport(client, '/api/v2/incremental/tickets', options)) {
    around.users.take(page.answer)
    pages += 1
    for await (const change of changesOf(page.items, around)) if (tally.counts(change)) yield change
    after = page.after
    if (!page.isLast) yield { type: 'checkpoint', cursor: cursorAt(after, isPass) }
  }

  for (const id of memory.outgrown(now())) yield { type: 'skip', id, reason: 'resolved too long ago' }
  // Before those that failed, so that they don't hold back the export: the next run asks for them by their ids.
  if (around.failed.size > 0) yield { type: 'checkpoint', cursor: cursorAt(after, isPass) }
  yield* around.failed.values()
  const { size, duplicates } = tally.said()
  const receipt = { pages, seen: size + around.failed.size, duplicates, ended: 'end-of-stream' } as const
  yield { type: 'checkpoint', cursor: cursorAt(after, false), ...(isPass && { receipt }) }
}

type TicketChange = Extract<Change<never>, { type: 'upsert' | 'delete' | 'skip' }>

/** Of which tickets something was said. */
function createTally(isWhole: boolean) {
  const ids = new Set<string>()
  let duplicates = 0
  return {
    /** False for what needs no saying: in a pass that began here, the deletion of what was never there. */
    counts(change: TicketChange): boolean {
      const id = change.type === 'upsert' ? change.head.id : change.id
      const isKnown = ids.has(id)
      if (isKnown) duplicates += 1
      if (change.type === 'delete') ids.delete(id)
      else ids.add(id)
      return change.type !== 'delete' || isKnown || !isWhole
    },
    said: () => ({ size: ids.size, duplicates }),
  }
}

/** Unix seconds. What wasn't changed since is too old to be taken. */
function startOf({ config: { maxAgeDays }, now }: PullContext<ZendeskConfig>): number {
  if (maxAgeDays === undefined) return 0
  const today = Math.floor(now() / 1000 / DAY_S)
  return Math.max(0, today - maxAgeDays - 1) * DAY_S
}

interface Item {
  readonly id: string
  readonly item: unknown
}

/** The export doesn't bring a ticket again that couldn't be read. One that was deleted since is in the export. */
async function readAgain(client: ZendeskClient, ids: readonly string[]): Promise<readonly Item[]> {
  const found: Item[] = []
  for (let at = 0; at < ids.length; at += MANY_AT_ONCE) {
    const some = ids.slice(at, at + MANY_AT_ONCE).join(',')
    const answer = await client.get('/api/v2/tickets/show_many', { ids: some })
    const list = z.object({ tickets: z.array(z.unknown()) }).safeParse(answer)
    if (!list.success) throw invalidAnswer('Zendesk: tickets that failed', list.error)
    for (const [index, item] of list.data.tickets.entries()) {
      found.push({ id: readItem(item, `Zendesk: tickets that failed: item ${index}`, () => null).id, item })
    }
  }
  return found
}

/** All but those that failed. */
async function* changesOf(items: readonly Item[], around: Around): AsyncGenerator<TicketChange> {
  const { context, client, directory, users } = around
  const listed = items.map(({ id, item }) => listedTicket(id, item, directory, client.site))
  const wanted = listed.filter(
    (each): each is Resolved => each.state === 'resolved' && reasonOf(each, context) === null,
  )
  const read = await readTickets(client, wanted, users, context.config)
  const outcomes = new Map(wanted.map((each, index) => [each as Listed, read[index]]))
  for (const each of listed) {
    const change = changeOf(each, outcomes.get(each), around)
    if (change !== null) yield change
  }
}

function reasonOf({ facts }: Resolved, { config, now }: PullContext<ZendeskConfig>): string | null {
  return unwanted(facts, config, now())
}

/** Null for what failed. */
function changeOf(listed: Listed, read: Read | undefined, around: Around): TicketChange | null {
  const { id } = listed
  const { context, memory, failed } = around
  failed.delete(id)
  if (listed.state === 'deleted') {
    memory.leave(id)
    return { type: 'delete', id }
  }
  if (listed.state === 'unreadable') return fail(id, listed.problem, around)
  if (listed.state === 'left out') return skip(id, listed.reason, memory)
  if (read === undefined) return skip(id, reasonOf(listed, context) ?? 'not wanted', memory)
  if ('problem' in read) return fail(id, read.problem, around)
  if ('skip' in read) return skip(id, read.skip, memory)
  memory.take(id, read.facts.resolvedAt)
  return { type: 'upsert', head: headOf(read.facts, context.access), load: async () => read.body }
}

function skip(id: string, reason: string, memory: Memory): TicketChange {
  memory.leave(id)
  return { type: 'skip', id, reason }
}

/** Listed at the end, so that a stored one stays as it was. The version is none that a body has. */
function fail(id: string, problem: string, { context, client, memory, failed }: Around): null {
  const head: Head = {
    id,
    version: 'unreadable',
    title: `Ticket ${id}`,
    url: `${client.site}/agent/tickets/${id}`,
    updatedAt: new Date(0).toISOString(),
    path: [],
    kind: 'ticket',
    access: levelAccess(context.access.level),
  }
  const message = `Zendesk: ticket ${id} could not be read: ${problem}`
  memory.fail(id)
  failed.set(id, {
    type: 'upsert',
    head,
    load: () => Promise.reject(new UnsiloError('DOCUMENT_UNREADABLE', message)),
  })
  return null
}

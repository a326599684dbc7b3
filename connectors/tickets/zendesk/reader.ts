/** Reads the comments of tickets, several at a time, and says what becomes of each. */

import { AT_A_TIME, forEachConcurrently } from '../../../src/core/concurrently.ts'
import { UnsiloError } from '../../../src/core/errors.ts'
import type { ZendeskClient } from '../../../src/vendors/zendesk/client.ts'
import { readListing } from '../../../src/vendors/zendesk/listing.ts'
import type { ZendeskConfig } from '../config.ts'
import { documentOf, type Outcome } from '../document.ts'
import type { Facts } from '../thread.ts'
import type { Comment } from './answers.ts'
import { everybodyIn } from './parts.ts'
import { type Listed, readComments, threadOf } from './tickets.ts'
import type { Users } from './users.ts'

export type Resolved = Extract<Listed, { state: 'resolved' }>

export type Read = (Outcome & { readonly facts: Facts }) | { readonly problem: string }

/** In the order of the tickets. Throws what ends a run. */
export async function readTickets(
  client: ZendeskClient,
  tickets: readonly Resolved[],
  users: Users,
  config: ZendeskConfig,
): Promise<readonly Read[]> {
  const comments = new Map<Resolved, readonly Comment[] | { readonly problem: string }>()
  await forEachConcurrently(tickets, AT_A_TIME, async (each) => {
    comments.set(each, await ask(client, each.id, users))
  })
  const all = [...comments.values()].flatMap((each) => ('problem' in each ? [] : each))
  await users.look([
    ...tickets.flatMap(({ ticket }) => everybodyIn(ticket)),
    ...all.flatMap(({ author_id }) => (author_id && author_id !== '-1' ? [author_id] : [])),
  ])
  return tickets.map((each) => {
    const read = comments.get(each) ?? { problem: 'it was not read' }
    if ('problem' in read) return read
    const thread = threadOf(each, read, users, config)
    return { ...documentOf(thread, config), facts: thread }
  })
}

async function ask(client: ZendeskClient, id: string, users: Users) {
  const options = {
    key: 'comments',
    what: `comments of ticket ${id}`,
    params: { include: 'users', sort: 'created_at' },
    beside: users.take,
  }
  try {
    const { items } = await readListing(client, `/api/v2/tickets/${id}/comments`, options, (item) => item)
    return readComments(items)
  } catch (error) {
    if (error instanceof UnsiloError && error.status === 404)
      return { problem: 'it is gone, or hidden, since it was listed' }
    throw error
  }
}

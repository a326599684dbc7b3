/** Reads conversations with their parts, several at a time, and says what becomes of each. */

import { AT_A_TIME, forEachConcurrently } from '../../../src/core/concurrently.ts'
import type { Body } from '../../../src/core/document.ts'
import { UnsiloError } from '../../../src/core/errors.ts'
import type { IntercomClient } from '../../../src/vendors/intercom/client.ts'
import type { IntercomConfig } from '../config.ts'
import { documentOf } from '../document.ts'
import { readContacts, withContacts } from './contacts.ts'
import { type Listed, threadOf } from './conversations.ts'
import type { Directory } from './directory.ts'
import { unreadable } from './failures.ts'

export type Closed = Extract<Listed, { state: 'closed' }>

export type Read = { readonly body: Body } | { readonly skip: string } | { readonly problem: string }

/** Errors of a request that say nothing of the one document that it was for. */
const OF_ALL: ReadonlySet<string> = new Set(['AUTH_REJECTED', 'RATE_LIMITED', 'INTERRUPTED', 'REPLAY_MISMATCH'])

export function conversationReader(client: IntercomClient, config: IntercomConfig, directory: Directory) {
  async function thread(item: Closed): Promise<ReturnType<typeof threadOf>> {
    const answer = await ask(client, item.id)
    if (answer === null) return { problem: 'it is gone, or hidden, since it was listed' }
    return threadOf(answer, item, config, directory)
  }

  async function readAll(items: readonly Closed[]): Promise<readonly { readonly item: Closed; readonly read: Read }[]> {
    const threads = new Map<Closed, ReturnType<typeof threadOf>>()
    await forEachConcurrently(items, AT_A_TIME, async (item) => void threads.set(item, await thread(item)))
    const silent = [...threads.values()].flatMap((each) => ('silent' in each ? each.silent : []))
    const contacts = await readContacts(client, silent)
    return items.map((item) => ({ item, read: readOf(threads.get(item) as ReturnType<typeof threadOf>, contacts) }))
  }

  function readOf(found: ReturnType<typeof threadOf>, contacts: ReadonlyMap<string, readonly string[]>): Read {
    if ('problem' in found) return found
    if ('reason' in found) return { skip: found.reason }
    return documentOf(withContacts(found, contacts), config)
  }

  return {
    /** In the order of the items. Throws what ends a run. */
    readAll,
    /** Of one that an earlier run took. */
    async load(item: Closed): Promise<Body> {
      const found = await readAll([item]).catch((error: unknown) => {
        if (error instanceof UnsiloError && !OF_ALL.has(error.code))
          throw unreadable(item.facts.id, error.message, error)
        throw error
      })
      const outcome = found[0]?.read ?? { problem: 'it was not read' }
      if ('body' in outcome) return outcome.body
      throw unreadable(item.facts.id, 'skip' in outcome ? outcome.skip : outcome.problem)
    },
  }
}

/** Null for one that is gone. */
async function ask(client: IntercomClient, id: string): Promise<unknown> {
  try {
    return await client.get(`/conversations/${id}`)
  } catch (error) {
    if (error instanceof UnsiloError && error.status === 404) return null
    throw error
  }
}

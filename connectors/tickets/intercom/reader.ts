/** Reads conversations with their parts, several at a time, and says what becomes of each. */
import { UnsiloError } from '../../../src/core/errors.ts'
import type { Body } from '../../../src/core/types.ts'
import { AT_A_TIME, forEachConcurrently } from '../../../src/http/concurrently.ts'
import type { IntercomClient } from '../../../src/vendors/intercom/client.ts'
import type { IntercomConfig } from '../config.ts'
import { documentOf } from '../document.ts'
import { type Listed, threadOf } from './conversations.ts'
import type { Directory } from './directory.ts'
import { unreadable } from './failures.ts'

export type Closed = Extract<Listed, { state: 'closed' }>

export type Read = { readonly body: Body } | { readonly skip: string } | { readonly problem: string }

/** Errors of a request that say nothing of the one document that it was for. */
const OF_ALL: ReadonlySet<string> = new Set(['AUTH_REJECTED', 'RATE_LIMITED', 'INTERRUPTED', 'REPLAY_MISMATCH'])

export function conversationReader(client: IntercomClient, config: IntercomConfig, directory: Directory) {
  async function read(item: Closed): Promise<Read> {
    const answer = await ask(client, item.id)
    if (answer === null) return { problem: 'it is gone, or hidden, since it was listed' }
    const thread = threadOf(answer, item, config, directory)
    if ('problem' in thread) return thread
    if ('reason' in thread) return { skip: thread.reason }
    return documentOf(thread, config)
  }

  return {
    /** In the order of the items. Throws what ends a run. */
    async readAll(items: readonly Closed[]): Promise<readonly { readonly item: Closed; readonly read: Read }[]> {
      const results = new Map<Closed, Read>()
      await forEachConcurrently(items, AT_A_TIME, async (item) => void results.set(item, await read(item)))
      return items.map((item) => ({ item, read: results.get(item) as Read }))
    },
    /** Of one that an earlier run took. */
    async load(item: Closed): Promise<Body> {
      const outcome = await read(item).catch((error: unknown) => {
        if (error instanceof UnsiloError && !OF_ALL.has(error.code))
          throw unreadable(item.facts.id, error.message, error)
        throw error
      })
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

/** Everybody of whom answers tell: who they are to a ticket, and what they are called. */
import { z } from 'zod'
import { invalidAnswer } from '../../../src/vendors/answers.ts'
import { numericId } from '../../../src/vendors/listing.ts'
import type { ZendeskClient } from '../../../src/vendors/zendesk/client.ts'
import { type User, user, userList } from './answers.ts'

export interface Users {
  /** Undefined for whom Zendesk doesn't tell of. */
  get(id: string): User | undefined
  /** Of an answer that brought them along. */
  take(answer: unknown): void
  /** Asks for those that no answer has told of yet. */
  look(ids: Iterable<string>): Promise<void>
}

const AT_ONCE = 100

const identified = z.object({ id: numericId })

export function createUsers(client: ZendeskClient): Users {
  const known = new Map<string, User>()
  const asked = new Set<string>()

  /** One that can't be read is as good as none: nobody knows what they are. */
  function take(answer: unknown): void {
    for (const each of userList.safeParse(answer).data?.users ?? []) {
      const id = identified.safeParse(each).data?.id
      const read = user.safeParse(each).data
      if (id !== undefined && read !== undefined) known.set(id, read)
    }
  }

  return {
    get: (id) => known.get(id),
    take,
    async look(ids) {
      const missing = [...new Set(ids)].filter((id) => !known.has(id) && !asked.has(id)).sort()
      for (let at = 0; at < missing.length; at += AT_ONCE) {
        const some = missing.slice(at, at + AT_ONCE)
        for (const id of some) asked.add(id)
        const params = { ids: some.join(','), include_deleted: 'true' }
        const answer = await client.get('/api/v2/users/show_many', params)
        const list = userList.safeParse(answer)
        if (!list.success) throw invalidAnswer('Zendesk: users', list.error)
        take(answer)
      }
    },
  }
}

/** What they are called, for the redactor. */
export function peopleOf({ name, alias, email, phone }: User): readonly string[] {
  return [name, alias, email, phone].flatMap((each) => each?.trim() || [])
}

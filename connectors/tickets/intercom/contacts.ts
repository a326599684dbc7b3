/** Names, addresses and numbers of contacts who are part of a thread and wrote nothing in it. */
import { invalidAnswer } from '../../../src/vendors/answers.ts'
import type { IntercomClient } from '../../../src/vendors/intercom/client.ts'
import { contactList, type Part, type Ticket } from './answers.ts'
import { named } from './people.ts'

/** What a page of the answer holds, so that there is one. */
const CONTACTS_A_REQUEST = 50

/** Those whom Intercom no longer knows are left out. Throws where it doesn't tell: a name that isn't known stays. */
export async function readContacts(
  client: IntercomClient,
  ids: Iterable<string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const wanted = [...new Set(ids)].sort()
  const contacts = new Map<string, readonly string[]>()
  for (let at = 0; at < wanted.length; at += CONTACTS_A_REQUEST) {
    const value = wanted.slice(at, at + CONTACTS_A_REQUEST)
    const answer = await client.search('/contacts/search', {
      query: { field: 'id', operator: 'IN', value },
      pagination: { per_page: CONTACTS_A_REQUEST },
    })
    const read = contactList.safeParse(answer)
    if (!read.success) throw invalidAnswer('Intercom: contacts', read.error)
    for (const { id, phone, external_id, ...rest } of read.data.data) {
      contacts.set(id, [...named(rest), ...[phone, external_id].flatMap((each) => each?.trim() || [])])
    }
  }
  return contacts
}

/** Contacts whom no part has as its author. By id, since a recording has no names. */
export function silentContacts(
  { contacts }: Pick<Ticket, 'contacts'>,
  authors: readonly Part['author'][],
): readonly string[] {
  const known = new Set(authors.map(({ id }) => id))
  return (contacts?.contacts ?? []).flatMap(({ id }) => (id && !known.has(id) ? [id] : []))
}

/** People of a thread together with its silent contacts. */
export function withContacts<T extends { readonly people: readonly string[]; readonly silent: readonly string[] }>(
  thread: T,
  contacts: ReadonlyMap<string, readonly string[]>,
): Omit<T, 'silent'> {
  const { silent, ...rest } = thread
  return { ...rest, people: [...thread.people, ...silent.flatMap((id) => contacts.get(id) ?? [])] }
}

/**
 * Reads Data Center's listings to their end, or throws. The server gives fewer items than asked for without saying so,
 * and then links to an offset too far on, which would leave items out: offsets are counted here, and only a missing link
 * to the next page is an end. https://jira.atlassian.com/browse/CONFSERVER-95272
 */
import { z } from 'zod'
import { invalid } from '../answers.ts'
import type { Listing } from '../client.ts'
import { incomplete, nextCursor, readPage } from '../paging.ts'

const identified = z.object({ id: z.union([z.string(), z.number()]) })

type Read<T> = (item: unknown, place: string) => T | null

/** Of one listing. A million items where the server gives 25 at a time. */
const MOST_ANSWERS = 40_000

/** By keyset: additions and removals meanwhile shift nothing. An answer whose items the account may not see is empty. */
export async function readByCursor<T extends { readonly id: string }>(
  what: string,
  read: Read<T>,
  ask: (cursor: string | undefined) => Promise<unknown>,
): Promise<Listing<T>> {
  const reader = createReader(what, read)
  const followed = new Set<string>()
  for (let cursor: string | undefined; ; ) {
    const { next, size, isNew } = reader.take(await ask(cursor))
    cursor = nextCursor(next, what)
    if (cursor === undefined) return reader.listing()
    if (followed.has(cursor)) throw incomplete(what, 'the next page is one that was read before')
    if (size > 0 && !isNew) throw nothingNew(what)
    followed.add(cursor)
  }
}

/**
 * By offset, each request beginning with the last item of the one before. A removal meanwhile would move items to offsets
 * that were read already; it shows as a first item that wasn't read before.
 */
export async function readByOffset<T extends { readonly id: string }>(
  what: string,
  read: Read<T>,
  ask: (start: number) => Promise<unknown>,
): Promise<Listing<T>> {
  const reader = createReader(what, read)
  for (let start = 0; ; ) {
    const { next, size, isNew, overlaps } = reader.take(await ask(start))
    if (start > 0 && !overlaps) throw incomplete(what, 'something was removed while it was read')
    if (next === null) return reader.listing()
    if (!isNew) throw nothingNew(what)
    start += size - 1
  }
}

function createReader<T extends { readonly id: string }>(what: string, read: Read<T>) {
  const items = new Map<string, T>()
  const ids = new Set<string>()
  let pages = 0

  return {
    /** `isNew`: it holds something that wasn't read before; `overlaps`: its first item was. */
    take(answer: unknown): { next: string | null; size: number; isNew: boolean; overlaps: boolean } {
      if (pages === MOST_ANSWERS) throw incomplete(what, `it has more than ${MOST_ANSWERS} answers`)
      const { results, _links } = readPage(answer, what)
      pages += 1
      const before = ids.size
      let overlaps = false
      for (const [index, result] of results.entries()) {
        const place = `${what}: item ${index} of answer ${pages}`
        const id = idOf(result, place)
        if (index === 0) overlaps = ids.has(id)
        ids.add(id)
        const item = read(result, place)
        if (item !== null) items.set(item.id, item)
      }
      return { next: _links?.next ?? null, size: results.length, isNew: ids.size > before, overlaps }
    },
    listing: (): Listing<T> => ({ items: [...items.values()], pages }),
  }
}

function nothingNew(what: string) {
  return incomplete(what, 'an answer holds nothing new, and more is to come')
}

/** Also of what isn't taken. */
function idOf(result: unknown, place: string): string {
  const read = identified.safeParse(result)
  if (!read.success) throw invalid(place, read.error)
  return String(read.data.id)
}

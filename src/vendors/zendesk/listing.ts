/**
 * Listings by cursor, read to their end or thrown. A cursor is a place in the listing's order, so what is added or removed
 * meanwhile moves nothing else; but an item whose own place changes, by a new title or position, can be seen twice, or never.
 */
import { z } from 'zod'
import { invalidAnswer } from '../answers.ts'
import { incomplete, type Listing, MOST_READINGS, type ReadItem, readItem, unsteady } from '../listing.ts'
import type { Params, ZendeskClient } from './client.ts'

const cursorMeta = z.object({
  meta: z.object({ has_more: z.boolean(), after_cursor: z.string().min(1).nullish() }),
})

const countAnswer = z.object({ count: z.int().nonnegative() })

const PAGE_SIZE = 100
const MOST_PAGES = 20_000

export interface ListingOptions {
  /** Of the items in an answer. */
  readonly key: string
  /** Names the listing in messages. */
  readonly what: string
  readonly params?: Params
  /** Gets each answer, for what else stands in it. */
  readonly beside?: (answer: unknown) => void
}

export async function readListing<T>(
  client: ZendeskClient,
  path: string,
  { key, what, params = {}, beside = () => {} }: ListingOptions,
  read: ReadItem<T>,
): Promise<Listing<T>> {
  const listing = `Zendesk: ${what}`
  const items = new Map<string, T>()
  const cursors = new Set<string>()
  let duplicates = 0
  let after: string | null = null
  for (let pages = 1; pages <= MOST_PAGES; pages += 1) {
    const asked: Params = { ...params, 'page[size]': PAGE_SIZE, ...(after !== null && { 'page[after]': after }) }
    const answer = await client.get(path, asked)
    const page = readPage(answer, key, `${listing}: page ${pages}`)
    beside(answer)
    for (const [index, item] of page.items.entries()) {
      const { id, value } = readItem(item, `${listing}: page ${pages}, item ${index}`, read)
      if (items.has(id)) duplicates += 1
      items.set(id, value)
    }
    after = page.next
    if (after === null) return { items: [...items.values()], pages, duplicates }
    if (cursors.has(after)) throw incomplete(listing, `page ${pages} leads back to one that was read`)
    cursors.add(after)
  }
  throw incomplete(listing, `it has more than ${MOST_PAGES} pages`)
}

/**
 * A listing that was read while it stood still: Zendesk counts as many items as were seen, or two readings in a row saw
 * the same ones.
 */
export async function readSteadyListing<T>(
  client: ZendeskClient,
  path: string,
  options: ListingOptions,
  read: ReadItem<T>,
): Promise<Listing<T>> {
  let pages = 0
  let duplicates = 0
  let before: string | null = null
  for (let reading = 1; ; reading += 1) {
    const ids = new Set<string>()
    const once: Listing<T> = await readListing(client, path, options, (item, id, place) => {
      ids.add(id)
      return read(item, id, place)
    })
    pages += once.pages
    duplicates += once.duplicates
    const seen = [...ids].toSorted().join()
    const counted = await countOf(client, path, options.what)
    if (counted === once.items.length || seen === before) return { items: once.items, pages, duplicates, counted }
    if (reading === MOST_READINGS) throw unsteady(`Zendesk: ${options.what}`, counted, once.items.length)
    before = seen
  }
}

/** Only listings by page number say it. */
async function countOf(client: ZendeskClient, path: string, what: string): Promise<number> {
  const answer = countAnswer.safeParse(await client.get(path, { page: 1, per_page: 1 }))
  if (!answer.success) throw invalidAnswer(`Zendesk: ${what}`, answer.error)
  return answer.data.count
}

function readPage(answer: unknown, key: string, place: string): { items: readonly unknown[]; next: string | null } {
  const page = z.object({ [key]: z.array(z.unknown()) }).safeParse(answer)
  if (!page.success) throw invalidAnswer(place, page.error)
  const cursor = cursorMeta.safeParse(answer)
  if (!cursor.success) throw invalidAnswer(place, cursor.error)
  const { has_more, after_cursor } = cursor.data.meta
  if (has_more && !after_cursor) throw incomplete(place, 'there is more, and no cursor leads to it')
  return { items: page.data[key] ?? [], next: has_more ? (after_cursor ?? null) : null }
}

/**
 * Listings by page number, read to their end or thrown. They are sorted by the time of the last change, so an item that
 * is edited or deleted meanwhile moves others over the border between two pages: an item can be seen twice, or never.
 * A listing therefore counts only if Intercom's own count stayed the same on every page and equals what was seen.
 */
import { z } from 'zod'
import { UnsiloError } from '../../core/errors.ts'
import { type IntercomClient, invalidAnswer } from './client.ts'

export interface Listing<T> {
  readonly items: readonly T[]
  /** Requests that it took, those of listings that moved included. */
  readonly pages: number
  /** Items that were seen again. */
  readonly duplicates: number
}

/** Ids are digits, as text or as a number. */
export const intercomId = z.union([
  z.string().regex(/^\d{1,20}$/),
  z
    .int()
    .nonnegative()
    .transform((number) => String(number)),
])

const identified = z.object({ id: intercomId })

const pageNumbers = z.object({ page: z.int().nullish(), total_pages: z.int().nonnegative().nullish() }).nullish()

const numberedPage = z.object({ data: z.array(z.unknown()), total_count: z.int().nonnegative(), pages: pageNumbers })

const wholeList = z.object({ data: z.array(z.unknown()), pages: pageNumbers })

type Page = z.infer<typeof numberedPage>

const PAGE_SIZE = 50
const MOST_PAGES = 4000
const MOST_READINGS = 4

/**
 * @param what names the listing in messages
 * @param read turns an item into ours; gets its id, and its place for messages
 */
export async function readListing<T>(
  client: IntercomClient,
  path: string,
  what: string,
  read: (item: unknown, id: string, place: string) => T,
): Promise<Listing<T>> {
  let pages = 0
  let duplicates = 0
  for (let reading = 1; ; reading += 1) {
    const once = await readOnce(client, path, what, read)
    pages += once.pages
    duplicates += once.duplicates
    if (once.isSteady) return { items: [...once.items.values()], pages, duplicates }
    if (reading === MOST_READINGS) throw unsteady(what, once)
  }
}

/** A list that Intercom answers whole. */
export async function readWholeList<T>(
  client: IntercomClient,
  path: string,
  what: string,
  read: (item: unknown, id: string, place: string) => T,
): Promise<Listing<T>> {
  const answer = wholeList.safeParse(await client.get(path))
  if (!answer.success) throw invalidAnswer(what, answer.error)
  if ((answer.data.pages?.total_pages ?? 1) > 1) throw incomplete(what, 'it has more than one page')
  const items = answer.data.data.map((item, index) => readItem(item, `${what}: item ${index}`, read).value)
  return { items, pages: 1, duplicates: 0 }
}

async function readOnce<T>(
  client: IntercomClient,
  path: string,
  what: string,
  read: (item: unknown, id: string, place: string) => T,
) {
  const items = new Map<string, T>()
  let duplicates = 0
  let total: number | null = null
  let hasMoved = false
  for (let number = 1; number <= MOST_PAGES; number += 1) {
    const page = readPage(await client.get(path, { page: number, per_page: PAGE_SIZE }), number, what)
    hasMoved ||= total !== null && total !== page.total_count
    total = page.total_count
    for (const [index, item] of page.data.entries()) {
      const { id, value } = readItem(item, `${what}: page ${number}, item ${index}`, read)
      if (items.has(id)) duplicates += 1
      items.set(id, value)
    }
    if (isLast(page, number)) {
      return { items, pages: number, duplicates, total, isSteady: !hasMoved && items.size === total }
    }
  }
  throw incomplete(what, `it has more than ${MOST_PAGES} pages`)
}

function readPage(answer: unknown, number: number, what: string): Page {
  const page = numberedPage.safeParse(answer)
  if (!page.success) throw invalidAnswer(`${what}: page ${number}`, page.error)
  const answered = page.data.pages?.page ?? number
  if (answered !== number) throw incomplete(what, `page ${number} was asked for and page ${answered} came`)
  return page.data
}

/** Where the number of pages isn't said, only an empty page is the end. */
function isLast({ data, pages }: Page, number: number): boolean {
  return data.length === 0 || number >= (pages?.total_pages ?? Number.POSITIVE_INFINITY)
}

function readItem<T>(item: unknown, place: string, read: (item: unknown, id: string, place: string) => T) {
  const found = identified.safeParse(item)
  if (!found.success) throw invalidAnswer(place, found.error)
  return { id: found.data.id, value: read(item, found.data.id, place) }
}

function unsteady(what: string, { items, total }: { items: ReadonlyMap<string, unknown>; total: number }): UnsiloError {
  const last = `the last time ${total} were counted and ${items.size} listed`
  return incomplete(what, `in ${MOST_READINGS} readings it never stood still; ${last}`)
}

export function incomplete(what: string, why: string): UnsiloError {
  return new UnsiloError('LISTING_INCOMPLETE', `Intercom: ${what}: the listing could not be read to its end: ${why}`, {
    hint: 'Nothing was removed. Run again; if it stays, report it.',
  })
}

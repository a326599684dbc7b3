/**
 * Listings by page number, read to their end or thrown. They are sorted by the time of the last change, so an item that
 * is edited or deleted meanwhile moves others over the border between two pages: an item can be seen twice, or never.
 * A listing therefore counts only if Intercom's own count stayed the same on every page and equals what was seen.
 */
import { z } from 'zod'
import { invalidAnswer } from '../answers.ts'
import { incomplete, type Listing, MOST_READINGS, type ReadItem, readItem, unsteady } from '../listing.ts'
import type { IntercomClient } from './client.ts'

const pageNumbers = z.object({ page: z.int().nullish(), total_pages: z.int().nonnegative().nullish() }).nullish()

const numberedPage = z.object({ data: z.array(z.unknown()), total_count: z.int().nonnegative(), pages: pageNumbers })

const wholeList = z.object({ data: z.array(z.unknown()), pages: pageNumbers })

type Page = z.infer<typeof numberedPage>

const PAGE_SIZE = 50
const MOST_PAGES = 4000

/**
 * @param what names the listing in messages
 * @param read turns an item into ours; gets its id, and its place for messages
 */
export async function readListing<T>(
  client: IntercomClient,
  path: string,
  what: string,
  read: ReadItem<T>,
): Promise<Listing<T>> {
  let pages = 0
  let duplicates = 0
  for (let reading = 1; ; reading += 1) {
    const once = await readOnce(client, path, what, read)
    pages += once.pages
    duplicates += once.duplicates
    if (once.isSteady) return { items: [...once.items.values()], pages, duplicates }
    if (reading === MOST_READINGS) throw unsteady(`Intercom: ${what}`, once.total, once.items.size)
  }
}

/** A list that Intercom answers whole. */
export async function readWholeList<T>(
  client: IntercomClient,
  path: string,
  what: string,
  read: ReadItem<T>,
): Promise<Listing<T>> {
  const answer = wholeList.safeParse(await client.get(path))
  if (!answer.success) throw invalidAnswer(`Intercom: ${what}`, answer.error)
  if ((answer.data.pages?.total_pages ?? 1) > 1) throw incomplete(`Intercom: ${what}`, 'it has more than one page')
  const items = answer.data.data.map((item, index) => readItem(item, `Intercom: ${what}: item ${index}`, read).value)
  return { items, pages: 1, duplicates: 0 }
}

async function readOnce<T>(client: IntercomClient, path: string, what: string, read: ReadItem<T>) {
  const items = new Map<string, T>()
  let duplicates = 0
  let total: number | null = null
  let hasMoved = false
  for (let number = 1; number <= MOST_PAGES; number += 1) {
    const page = readPage(await client.get(path, { page: number, per_page: PAGE_SIZE }), number, what)
    hasMoved ||= total !== null && total !== page.total_count
    total = page.total_count
    for (const [index, item] of page.data.entries()) {
      const { id, value } = readItem(item, `Intercom: ${what}: page ${number}, item ${index}`, read)
      if (items.has(id)) duplicates += 1
      items.set(id, value)
    }
    if (isLast(page, number)) {
      return { items, pages: number, duplicates, total, isSteady: !hasMoved && items.size === total }
    }
  }
  throw incomplete(`Intercom: ${what}`, `it has more than ${MOST_PAGES} pages`)
}

function readPage(answer: unknown, number: number, what: string): Page {
  const page = numberedPage.safeParse(answer)
  if (!page.success) throw invalidAnswer(`Intercom: ${what}: page ${number}`, page.error)
  const answered = page.data.pages?.page ?? number
  if (answered !== number)
    throw incomplete(`Intercom: ${what}`, `page ${number} was asked for and page ${answered} came`)
  return page.data
}

/** Where the number of pages isn't said, only an empty page is the end. */
function isLast({ data, pages }: Page, number: number): boolean {
  return data.length === 0 || number >= (pages?.total_pages ?? Number.POSITIVE_INFINITY)
}

/** Reads a cursor listing to its end, or throws: a listing that was cut never looks like a short one. */
import { z } from 'zod'
import { UnsiloError } from '../../src/core/errors.ts'

const listingPage = z.object({
  results: z.array(z.unknown()),
  _links: z.object({ next: z.string().nullish() }).nullish(),
})

/** Of one listing. A million items in full answers: a listing that goes on is no listing of a space. */
const MOST_ANSWERS = 4000

/**
 * @param what names the listing in messages
 * @param read turns an item of `results` into ours; gets the item's place for its messages
 * @param ask requests one page
 */
export async function readAll<T>(
  what: string,
  read: (item: unknown, place: string) => T,
  ask: (cursor: string | undefined) => Promise<unknown>,
): Promise<{ items: T[]; pages: number }> {
  const items: T[] = []
  const pages = await readEach(what, read, ask, (item) => items.push(item))
  return { items, pages }
}

/**
 * `readAll` for what is not to be held: each item is handed over as it is read, before it is known whether the listing
 * has an end. How many pages there were.
 */
export async function readEach<T>(
  what: string,
  read: (item: unknown, place: string) => T,
  ask: (cursor: string | undefined) => Promise<unknown>,
  take: (item: T) => void,
): Promise<number> {
  const followed = new Set<string>()
  for (let pages = 1, cursor: string | undefined; ; pages += 1) {
    const page = readPage(await ask(cursor), what)
    for (const [index, item] of page.results.entries()) take(read(item, `${what}: item ${index} of answer ${pages}`))
    cursor = nextCursor(page._links?.next ?? null, what)
    if (cursor === undefined) return pages
    if (followed.has(cursor)) throw incomplete(what, 'the next page is one that was read before')
    if (pages === MOST_ANSWERS) throw incomplete(what, `it has more than ${MOST_ANSWERS} answers`)
    followed.add(cursor)
  }
}

export function readPage(answer: unknown, what: string): z.infer<typeof listingPage> {
  const page = listingPage.safeParse(answer)
  if (page.success) return page.data
  throw new UnsiloError(
    'ANSWER_INVALID',
    `Confluence: ${what}: the answer is not a listing (${page.error.issues[0]?.path.join('.')})`,
  )
}

/** The link may be relative and its cursor encoded: https://developer.atlassian.com/cloud/confluence/rest/v2/intro/ */
export function nextCursor(next: string | null, what: string): string | undefined {
  if (next === null) return undefined
  const cursor = URL.parse(next, 'http://relative')?.searchParams.get('cursor')
  if (!cursor) throw incomplete(what, 'the link to the next page holds no cursor')
  return cursor
}

export function incomplete(what: string, why: string): UnsiloError {
  return new UnsiloError(
    'LISTING_INCOMPLETE',
    `Confluence: ${what}: the listing could not be read to its end: ${why}`,
    {
      hint: 'Nothing was removed. Run again; if it stays, report it.',
    },
  )
}

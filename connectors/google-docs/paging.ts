/** Reads a listing to its end, or throws. Pages may be short or empty before the end. */
import { z } from 'zod'
import { UnsiloError } from '../../src/core/errors.ts'
import { invalid } from './answers.ts'

export interface Listing<T> {
  readonly items: readonly T[]
  /** Requests that it took. */
  readonly pages: number
  /** The last answer. */
  readonly last: unknown
}

const MOST_ANSWERS = 20_000

const page = z.object({ nextPageToken: z.string().min(1).nullish(), incompleteSearch: z.boolean().nullish() })

/**
 * @param what names the listing in messages
 * @param key of the items in the answer
 * @param ask requests one page
 */
export async function readAll<T>(
  what: string,
  key: string,
  read: (item: unknown, place: string) => T,
  ask: (pageToken: string | undefined) => Promise<unknown>,
): Promise<Listing<T>> {
  const items: T[] = []
  const followed = new Set<string>()
  const list = z.object({ [key]: z.array(z.unknown()).nullish() })
  for (let pages = 1, token: string | undefined; ; pages += 1) {
    const answer = await ask(token)
    const found = list.safeParse(answer)
    const next = page.safeParse(answer)
    if (!found.success) throw invalid(what, found.error)
    if (!next.success) throw invalid(what, next.error)
    if (next.data.incompleteSearch === true) throw incomplete(what, 'Drive says that it is incomplete')
    for (const [index, item] of (found.data[key] ?? []).entries())
      items.push(read(item, `${what}: item ${index} of answer ${pages}`))
    token = next.data.nextPageToken ?? undefined
    if (token === undefined) return { items, pages, last: answer }
    if (followed.has(token)) throw incomplete(what, 'the next page is one that was read before')
    if (pages === MOST_ANSWERS) throw incomplete(what, `it has more than ${MOST_ANSWERS} answers`)
    followed.add(token)
  }
}

function incomplete(what: string, why: string): UnsiloError {
  return new UnsiloError('LISTING_INCOMPLETE', `Google: ${what}: the listing could not be read to its end: ${why}`, {
    hint: 'Nothing was removed. Run again; if it stays, report it.',
  })
}

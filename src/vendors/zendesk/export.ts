/**
 * Incremental exports: what changed since a time, or since a cursor, in the order of its changes. What changes meanwhile
 * comes again at the end, so nothing is missed. Zendesk holds back the newest minute.
 * https://developer.zendesk.com/documentation/ticketing/managing-tickets/using-the-incremental-export-api/
 */
import { z } from 'zod'
import { invalidAnswer } from '../answers.ts'
import { incomplete, readItem } from '../listing.ts'
import type { Params, ZendeskClient } from './client.ts'

export interface ExportPage {
  readonly items: readonly { readonly id: string; readonly item: unknown }[]
  readonly answer: unknown
  /** Where the next page begins; of the last one, what changes from now on. */
  readonly after: string | null
  readonly isLast: boolean
}

export interface ExportOptions {
  /** Of the items in an answer, and what messages call them. */
  readonly key: string
  /** Sent with every request. */
  readonly params: Params
  /** A cursor of an earlier export; null begins at `startTime`. */
  readonly after: string | null
  /** Unix seconds, a minute ago at least. */
  readonly startTime: number
}

const page = z.object({ end_of_stream: z.boolean(), after_cursor: z.string().min(1).nullish() })

const MOST_PAGES = 100_000

/** @param path without `/cursor` */
export async function* readExport(
  client: ZendeskClient,
  path: string,
  { key, params, after: since, startTime }: ExportOptions,
): AsyncGenerator<ExportPage> {
  const what = `Zendesk: ${key}`
  const cursors = new Set<string>()
  let after = since
  for (let pages = 1; pages <= MOST_PAGES; pages += 1) {
    const place = `${what}: page ${pages}`
    const from: Params = after === null ? { start_time: startTime } : { cursor: after }
    const answer = await client.get(`${path}/cursor`, { ...from, ...params })
    const list = z.object({ [key]: z.array(z.unknown()) }).safeParse(answer)
    if (!list.success) throw invalidAnswer(place, list.error)
    const end = page.safeParse(answer)
    if (!end.success) throw invalidAnswer(place, end.error)
    const items = (list.data[key] ?? []).map((item, index) => ({
      id: readItem(item, `${place}, item ${index}`, () => null).id,
      item,
    }))
    after = end.data.after_cursor ?? after
    const isLast = end.data.end_of_stream
    yield { items, answer, after, isLast }
    if (isLast) return
    if (after === null || cursors.has(after)) throw incomplete(what, `page ${pages} doesn’t lead to another one`)
    cursors.add(after)
  }
  throw incomplete(what, `it has more than ${MOST_PAGES} pages`)
}

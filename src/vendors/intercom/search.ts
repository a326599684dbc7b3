/**
 * Everything that a search endpoint has, oldest first, or a throw. Its own cursor says nothing of what changes meanwhile,
 * so each request asks anew for what was created since the last item seen: that moment never changes, so edits move
 * nothing. The order is asked for by a parameter that the API description lacks
 * (https://github.com/intercom/Intercom-OpenAPI/issues/114), so nothing is believed that Intercom's own counts don't bear
 * out: what two requests count must differ by what was listed between them.
 */
import { z } from 'zod'
import { invalidAnswer } from '../answers.ts'
import { incomplete, type Listing, numericId } from '../listing.ts'
import type { IntercomClient } from './client.ts'

export interface SearchOptions<T> {
  readonly path: string
  /** The answer's key of the items, which is what messages call them. */
  readonly key: string
  /** 150 at most. */
  readonly pageSize: number
  /** @param place of the item, for messages */
  readonly read: (item: unknown, id: string, place: string) => T
}

interface Item {
  readonly id: string
  readonly createdAt: number
  readonly raw: unknown
}

interface Page {
  readonly items: readonly Item[]
  /** Of all items that the request is about. */
  readonly total: number
  readonly next: string | null
}

interface Filter {
  readonly operator: '>' | '='
  readonly value: number
}

interface Seen {
  pages: number
  duplicates: number
}

const identified = z.object({ id: numericId, created_at: z.int().min(0).max(99_999_999_999) })

const answered = z.object({
  total_count: z.int().nonnegative(),
  pages: z.object({ next: z.object({ starting_after: z.string().min(1).nullish() }).nullish() }).nullish(),
})

const MOST_PAGES = 100_000
const MOST_READINGS = 4

export async function readSearch<T>(client: IntercomClient, options: SearchOptions<T>): Promise<Listing<T>> {
  const { key, read } = options
  const items = new Map<string, T>()
  const seen = { pages: 0, duplicates: 0 }
  let from = 0
  let page: Page = await askSince(client, options, from, seen)
  for (let readings = 1; page.items.length !== page.total; readings += 1) {
    if (readings > MOST_READINGS) return await readByCursor(client, options, seen)
    if (seen.pages > MOST_PAGES) throw incomplete(`Intercom: ${key}`, `it took more than ${MOST_PAGES} requests`)
    const step = await takeStep(client, options, page, seen)
    if (step === null) {
      page = await askSince(client, options, from, seen)
      continue
    }
    for (const [index, item] of step.listed.entries()) take(item, `created since ${from}, item ${index}`)
    from = step.from
    page = step.rest
    readings = 0
  }
  for (const [index, item] of page.items.entries()) take(item, `created since ${from}, item ${index}`)
  return { items: [...items.values()], ...seen }

  function take({ id, raw }: Item, place: string): void {
    if (items.has(id)) seen.duplicates += 1
    items.set(id, read(raw, id, `${key}: ${place}`))
  }
}

interface Step {
  readonly listed: readonly Item[]
  /** Where what was not listed begins, and the first page of it. */
  readonly from: number
  readonly rest: Page
}

/** Null if the counts before and after don't differ by what was listed. */
async function takeStep<T>(
  client: IntercomClient,
  options: SearchOptions<T>,
  page: Page,
  seen: Seen,
): Promise<Step | null> {
  const first = page.items[0]?.createdAt
  const last = page.items.at(-1)?.createdAt
  if (first === undefined || last === undefined) return null
  const isOneMoment = first === last
  const listed = isOneMoment
    ? await readMoment(client, options, last, seen)
    : page.items.filter(({ createdAt }) => createdAt < last)
  const from = isOneMoment ? last + 1 : last
  const rest = await askSince(client, options, from, seen)
  return rest.total === page.total - listed.length ? { listed, from, rest } : null
}

/** More of one second than a page holds: here the endpoint's cursor is followed. */
async function readMoment<T>(
  client: IntercomClient,
  options: SearchOptions<T>,
  moment: number,
  seen: Seen,
): Promise<readonly Item[]> {
  return [...(await follow(client, options, { operator: '=', value: moment }, seen)).items.values()]
}

/**
 * Where times are compared by days, as in a search of contacts, no request can begin where another ended: then the cursor
 * is followed through everything, and that counts only if Intercom's count stood still and is what was seen.
 */
async function readByCursor<T>(client: IntercomClient, options: SearchOptions<T>, seen: Seen): Promise<Listing<T>> {
  for (let reading = 1; reading <= MOST_READINGS; reading += 1) {
    const { items, isSteady } = await follow(client, options, { operator: '>', value: 0 }, seen)
    if (!isSteady) continue
    const place = (index: number) => `${options.key}: item ${index}`
    const read = [...items.values()].map(({ id, raw }, index) => options.read(raw, id, place(index)))
    return { items: read, ...seen }
  }
  throw incomplete(`Intercom: ${options.key}`, `in ${MOST_READINGS} readings its counts never agreed`)
}

async function follow<T>(client: IntercomClient, options: SearchOptions<T>, filter: Filter, seen: Seen) {
  const items = new Map<string, Item>()
  const cursors = new Set<string>()
  const totals = new Set<number>()
  for (let after: string | null = null; ; ) {
    const page: Page = await ask(client, options, filter, after, seen)
    for (const item of page.items) items.set(item.id, item)
    totals.add(page.total)
    const isSteady = totals.size === 1 && items.size === page.total
    if (page.items.length === 0 || page.next === null || items.size >= page.total) return { items, isSteady }
    if (cursors.has(page.next)) throw incomplete(`Intercom: ${options.key}`, 'a cursor came back a second time')
    cursors.add(page.next)
    after = page.next
  }
}

/** Whether `>` means "or equal" is documented both ways, so the second before is asked for and taken off again. */
async function askSince<T>(client: IntercomClient, options: SearchOptions<T>, from: number, seen: Seen): Promise<Page> {
  const page = await ask(client, options, { operator: '>', value: Math.max(0, from - 1) }, null, seen)
  const times = page.items.map(({ createdAt }) => createdAt)
  if (times.some((time, index) => time < (times[index - 1] ?? 0))) {
    throw incomplete(`Intercom: ${options.key}`, 'it did not come in the order of creation that was asked for')
  }
  const items = page.items.filter(({ createdAt }) => createdAt >= from)
  return { ...page, items, total: page.total - (page.items.length - items.length) }
}

async function ask<T>(
  client: IntercomClient,
  { path, key, pageSize }: SearchOptions<T>,
  filter: Filter,
  after: string | null,
  seen: Seen,
): Promise<Page> {
  seen.pages += 1
  const answer = await client.search(path, {
    query: { field: 'created_at', ...filter },
    sort: { field: 'created_at', order: 'ascending' },
    pagination: { per_page: pageSize, ...(after !== null && { starting_after: after }) },
  })
  const where = `Intercom: ${key}: created ${filter.operator} ${filter.value}`
  const head = answered.safeParse(answer)
  if (!head.success) throw invalidAnswer(where, head.error)
  const list = z.object({ [key]: z.array(z.unknown()) }).safeParse(answer)
  if (!list.success) throw invalidAnswer(where, list.error)
  const items = (list.data[key] ?? []).map((raw, index) => readItem(raw, `${where}: item ${index}`))
  return { items, total: head.data.total_count, next: head.data.pages?.next?.starting_after ?? null }
}

function readItem(raw: unknown, place: string): Item {
  const found = identified.safeParse(raw)
  if (!found.success) throw invalidAnswer(place, found.error)
  return { id: found.data.id, createdAt: found.data.created_at, raw }
}

/** What stands where, by fields beside the heads. */
import type { Principal } from '../../core/access.ts'
import {
  type Beside,
  countsOf,
  orderOf,
  placeEnd,
  placeOf,
  type Shelf,
  type ShelfCounts,
  type ShelfQuery,
  type Shelved,
} from '../../core/shelves.ts'
import { toHead } from '../rows.ts'
import type { Opened } from './open.ts'
import { isRead } from './read.ts'
import { anyOf, type Query, readableBy } from './readers.ts'
import { type Aggregation, type Found, rowOf, search, searchAll } from './search.ts'
import { HEAD_FIELDS, headRow, type Stored } from './stored.ts'

type Sorted = 'asc' | 'desc'

const FIELDS = [...HEAD_FIELDS, 'place', 'title', 'article']
/** Places counted at a time. */
const PAGE = 1000

export async function countShelf({ db, index }: Opened, { as, source, path }: Shelf): Promise<ShelfCounts> {
  const place = placeOf(source, path)
  const query = { bool: { filter: [...readableBy({ as }), { range: { place: { gte: place, lt: placeEnd(place) } } }] } }
  const counted: [place: string, documents: number][] = []
  for (let after: object | null = null; ; ) {
    const composite: object = {
      size: PAGE,
      sources: [{ place: { terms: { field: 'place' } } }],
      ...(after && { after }),
    }
    const found: Found<never> = await search(db, index, { query, size: 0, aggs: { places: { composite } } })
    const places: Aggregation | undefined = found.aggregations?.['places']
    const buckets = (places?.buckets ?? []) as readonly { key: { place: string }; doc_count: number }[]
    for (const { key, doc_count } of buckets) counted.push([key.place, doc_count])
    if (buckets.length < PAGE) return countsOf(place, counted)
    after = places?.after_key ?? null
  }
}

export async function readShelf(
  opened: Opened,
  { as, source, path, after, limit }: ShelfQuery,
): Promise<readonly Shelved[]> {
  const behind = after === undefined ? [] : [beyond(['title', 'id'], [orderOf(after.title), after.id], 'asc')]
  const filter = [...readableBy({ as }), { term: { place: placeOf(source, path) } }, ...behind]
  return await shelved(opened, as, filter, ['title', 'id'], 'asc', limit)
}

export async function readBeside(opened: Opened, id: string, as: readonly Principal[]): Promise<Beside | null> {
  const { db, index } = opened
  const query = { bool: { filter: [...readableBy({ as }), { term: { id } }] } }
  const [own] = (await search<Stored>(db, index, { query, size: 1, _source: FIELDS })).hits.hits.map(
    ({ _source }) => _source,
  )
  if (own === undefined || !isRead(db, own, { as })) return null
  const nearest = async (order: Sorted) => {
    const filter = [...readableBy({ as, sources: [own.source] }), beyond(ORDER, [own.place, own.title, id], order)]
    return (await shelved(opened, as, filter, ORDER, order, 1))[0] ?? null
  }
  const [previous, next, translations] = await Promise.all([
    nearest('desc'),
    nearest('asc'),
    translationsOf(opened, own, as),
  ])
  return { previous, next, translations }
}

const ORDER = ['place', 'title', 'id'] as const

async function translationsOf(
  opened: Opened,
  { id, article }: Stored,
  as: readonly Principal[],
): Promise<readonly Shelved[]> {
  if (article === undefined) return []
  const { db, index } = opened
  const query = { bool: { filter: [...readableBy({ as }), { term: { article } }], must_not: [{ term: { id } }] } }
  const found: Shelved[] = []
  for await (const hit of searchAll(db, index, { query, stored_fields: HEAD_FIELDS })) {
    const stored = rowOf<Stored>(hit)
    if (isRead(db, stored, { as })) found.push(toShelved(opened, stored))
  }
  return found
}

/** What comes behind these values, or before them, in the order of the fields. */
function beyond(fields: readonly string[], values: readonly string[], order: Sorted): Query {
  const sign = order === 'asc' ? 'gt' : 'lt'
  return anyOf(
    fields.map((field, at) => {
      const equal = fields.slice(0, at).map((other, nth) => ({ term: { [other]: values[nth] } }))
      return { bool: { filter: [...equal, { range: { [field]: { [sign]: values[at] } } }] } }
    }),
  )
}

async function shelved(
  opened: Opened,
  as: readonly Principal[],
  filter: readonly Query[],
  fields: readonly string[],
  order: Sorted,
  limit: number,
): Promise<readonly Shelved[]> {
  const { db, index } = opened
  const sort = fields.map((field) => ({ [field]: order }))
  const size = Math.min(10_000, Math.max(0, Math.trunc(limit)))
  const query = { bool: { filter } }
  const found = await search<never>(db, index, { query, size, sort, stored_fields: HEAD_FIELDS })
  const all = found.hits.hits.map((hit) => rowOf<Stored>(hit))
  return all.filter((stored) => isRead(db, stored, { as })).map((stored) => toShelved(opened, stored))
}

function toShelved({ db }: Opened, stored: Stored): Shelved {
  return { head: toHead(db, headRow(stored)).head, source: stored.source, language: stored.language }
}

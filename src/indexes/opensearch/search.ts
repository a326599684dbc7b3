/** Questions to the index, of which no part may stay out: a shard that is away is waited for, and never left out of an answer. */
import type { Connection } from './connection.ts'
import type { Refusal } from './errors.ts'
import type { Query } from './readers.ts'

export interface Hit<Source> {
  readonly _id: string
  readonly _score: number | null
  /** Absent where only fields were asked for. */
  readonly _source: Source
  readonly sort?: readonly (string | number)[]
  readonly fields?: Readonly<Record<string, readonly unknown[]>>
  readonly inner_hits?: Readonly<Record<string, { readonly hits: { readonly hits: readonly Hit<never>[] } }>>
}

export interface Found<Source> {
  readonly hits: { readonly hits: readonly Hit<Source>[] }
  readonly aggregations?: Readonly<Record<string, Aggregation>>
}

export interface Aggregation {
  readonly doc_count: number
  readonly value: number | null
  readonly buckets: readonly Bucket[] | Readonly<Record<string, Bucket>>
  readonly after_key?: object
  readonly [inner: string]: unknown
}

export interface Bucket {
  readonly key: unknown
  readonly doc_count: number
}

/** Of a document that is found: neither its source nor its key, which are read and unpacked together. */
export const ONLY_FIELDS = { stored_fields: '_none_' } as const

const PARAMETERS = 'allow_partial_search_results=false'
/** Of a request for many; those that come whole are asked for in smaller ones. */
const PAGE = 5000
const FIELDS_PAGE = 1000

/** @param parameters more of the request's */
export async function search<Source>(
  db: Connection,
  index: string,
  body: object,
  parameters = '',
): Promise<Found<Source>> {
  const path = `/${index}/_search?${PARAMETERS}${parameters}`
  return (await db.ask<Found<Source>>({ method: 'POST', path, body: { track_total_hits: false, ...body } })).body
}

/** One answer a body, in their order. */
export async function searchEach<Source>(
  db: Connection,
  index: string,
  bodies: readonly object[],
): Promise<readonly Found<Source>[]> {
  if (bodies.length === 0) return []
  const head = JSON.stringify({ index, allow_partial_search_results: false })
  const body = bodies.map((each) => `${head}\n${JSON.stringify({ track_total_hits: false, ...each })}\n`).join('')
  const answer = await db.ask<{ responses: readonly Found<Source>[] }>({ method: 'POST', path: '/_msearch', body })
  const { responses } = answer.body
  if (responses.every((response) => 'hits' in response)) return responses
  // One by one, so that what failed is asked again, or told as every failure is.
  const found: Found<Source>[] = []
  for (const each of bodies) found.push(await search<Source>(db, index, each))
  return found
}

/** Everything that a query finds, in order of the field, of which no two are alike. */
export async function* searchAll<Source>(
  db: Connection,
  index: string,
  body: { readonly query: Query } & Readonly<Record<string, unknown>>,
  {
    by = 'id',
    page = PAGE,
    parameters,
  }: { readonly by?: string; readonly page?: number; readonly parameters?: string } = {},
): AsyncGenerator<Hit<Source>> {
  for (let after: readonly unknown[] | null = null; ; ) {
    const behind: object = after === null ? {} : { search_after: after }
    const found: Found<Source> = await search(
      db,
      index,
      { ...body, ...behind, size: page, sort: [{ [by]: 'asc' }] },
      parameters,
    )
    yield* found.hits.hits
    const last = found.hits.hits.at(-1)
    if (last?.sort === undefined || found.hits.hits.length < page) return
    after = last.sort
  }
}

/** What is stored under these keys now, shown or not; without those of which nothing is. */
export async function readByKey<Source>(
  db: Connection,
  index: string,
  keys: readonly string[],
  fields?: readonly string[],
  page = 500,
): Promise<ReadonlyMap<string, Source>> {
  const docs = await readEach<Source>(db, index, keys, fields === undefined ? {} : { _source: fields }, page)
  return new Map(docs.map(({ _id, _source }) => [_id, _source]))
}

/** The same of fields that are kept beside the source, so that it is not read through for them. */
export async function readFieldsByKey<Row>(
  db: Connection,
  index: string,
  keys: readonly string[],
  fields: readonly string[],
): Promise<ReadonlyMap<string, Row>> {
  const docs = await readEach<never>(db, index, keys, { _source: false, stored_fields: fields }, FIELDS_PAGE)
  return new Map(docs.map((doc) => [doc._id, rowOf<Row>(doc)]))
}

/** Fields of one value each. */
export function rowOf<Row>({ fields = {} }: Pick<Hit<never>, 'fields'>): Row {
  return Object.fromEntries(Object.entries(fields).map(([name, [value]]) => [name, value])) as Row
}

type Doc<Source> = Pick<Hit<Source>, '_id' | '_source' | 'fields'> & { readonly found?: boolean }

async function readEach<Source>(
  db: Connection,
  index: string,
  keys: readonly string[],
  what: object,
  page: number,
): Promise<readonly Doc<Source>[]> {
  const found: Doc<Source>[] = []
  for (let at = 0; at < keys.length; at += page) {
    const { body } = await db.ask<{ docs: readonly Doc<Source>[] }>({
      method: 'POST',
      path: `/${index}/_mget`,
      body: { docs: keys.slice(at, at + page).map((_id) => ({ _id, ...what })) },
      // What is on a shard that is away is not absent.
      failure: ({ docs }: { docs: readonly { error?: Refusal }[] }) => docs.find(({ error }) => error)?.error,
    })
    found.push(...body.docs.filter((doc) => doc.found === true))
  }
  return found
}

/** Zendesk's two kinds of listings: by cursor, where `page[size]` asks for it, and else by page number, with a count. */
import type { Answer } from './zendesk-answer.ts'

export interface ListingOptions {
  /** The most items of a page; 100 unless told. */
  readonly pageSize?: number
}

/** @param order of the items: a cursor is a place in it, so an item whose place changes can be seen twice, or never */
export function listing<T>(
  key: string,
  items: readonly T[],
  order: (item: T) => readonly (string | number)[],
  shape: (item: T) => unknown,
  query: URLSearchParams,
  options: ListingOptions,
): Answer {
  const sorted = items.toSorted((a, b) => compare(order(a), order(b)))
  return query.has('page[size]')
    ? byCursor(key, sorted, order, shape, query, options)
    : byNumber(key, sorted.map(shape), query, options)
}

function byCursor<T>(
  key: string,
  sorted: readonly T[],
  order: (item: T) => readonly (string | number)[],
  shape: (item: T) => unknown,
  query: URLSearchParams,
  { pageSize = 100 }: ListingOptions,
): Answer {
  const size = Math.min(Number(query.get('page[size]')), pageSize)
  const cursor = query.get('page[after]')
  const after = cursor === null ? null : (JSON.parse(Buffer.from(cursor, 'base64').toString()) as (string | number)[])
  const rest = after === null ? sorted : sorted.filter((item) => compare(order(item), after) > 0)
  const page = rest.slice(0, size)
  const last = page.at(-1)
  const next = last === undefined ? null : Buffer.from(JSON.stringify(order(last))).toString('base64')
  const hasMore = rest.length > size
  return {
    status: 200,
    body: {
      [key]: page.map(shape),
      meta: { has_more: hasMore, after_cursor: next, before_cursor: null },
      links: { prev: null, next: hasMore ? `https://example.zendesk.com/?page[after]=${next}` : null },
    },
  }
}

function byNumber(key: string, items: readonly unknown[], query: URLSearchParams, { pageSize = 100 }: ListingOptions) {
  const size = Math.min(Number(query.get('per_page') ?? 30), pageSize)
  const page = Number(query.get('page') ?? 1)
  return {
    status: 200,
    body: {
      count: items.length,
      next_page: page * size < items.length ? `https://example.zendesk.com/?page=${page + 1}` : null,
      previous_page: null,
      [key]: items.slice((page - 1) * size, page * size),
    },
  }
}

function compare(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? ''
    if (left !== right) return left < right ? -1 : 1
  }
  return 0
}

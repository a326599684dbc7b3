/** Which documents are for a reader, as a query: by fields beside the heads, which are written with them. */

import type { Reader } from '../../core/store.ts'
import { timeOf } from '../facets.ts'

export type Query = Readonly<Record<string, unknown>>

/** Of documents; each must hold. */
export function readableBy({ as, sources, kinds, locales, labels, updatedSince }: Reader): Query[] {
  const parts: Query[] = [{ term: { type: 'document' } }, { terms: { principals: ['public', ...as] } }]
  if (sources !== undefined) parts.push({ terms: { source: sources } })
  if (kinds !== undefined) parts.push({ terms: { kind: kinds } })
  if (locales !== undefined) parts.push(anyOf(locales.flatMap(within)))
  if (labels !== undefined) parts.push({ terms: { labels } })
  if (updatedSince !== undefined) {
    const since = timeOf(updatedSince)
    parts.push(since === null ? NOTHING : { range: { updated: { gte: since } } })
  }
  return parts
}

export const NOTHING: Query = { match_none: {} }

/** Of none, nothing. */
export function anyOf(should: readonly Query[]): Query {
  return should.length === 0 ? NOTHING : { bool: { should, minimum_should_match: 1 } }
}

/** See `isFor`. */
function within(range: string): Query[] {
  const asked = range.toLowerCase()
  return [{ term: { locale: asked } }, { prefix: { locale: `${asked}-` } }]
}

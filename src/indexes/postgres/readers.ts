/** Which documents are for a reader, as SQL: by columns beside the heads, which are written with them. */
import type { Reader } from '../../core/store.ts'
import type { SqlValue } from './connection.ts'

/** A statement's values, each bound where it stands. */
export interface Parameters {
  readonly values: readonly SqlValue[]
  /** Its place in SQL: `$1`. */
  bind(value: SqlValue): string
}

export function parameters(...first: readonly SqlValue[]): Parameters {
  const values = [...first]
  return { values, bind: (value) => `$${values.push(value)}` }
}

/** A condition on `document d`. */
export function readableBy(
  { as, sources, kinds, locales, labels, updatedSince }: Reader,
  { bind }: Parameters,
): string {
  const parts = [`d.principals && ${bind(['public', ...as])}::text[]`]
  if (sources !== undefined) parts.push(`d.source = ANY (${bind(sources)})`)
  if (kinds !== undefined) parts.push(`d.kind = ANY (${bind(kinds)})`)
  if (locales !== undefined) parts.push(within(locales, bind))
  if (labels !== undefined) parts.push(`d.labels && ${bind(labels)}::text[]`)
  if (updatedSince !== undefined) {
    const since = Date.parse(updatedSince)
    parts.push(`d.updated >= ${bind(Number.isNaN(since) ? null : since)}::double precision`)
  }
  return parts.join(' AND ')
}

/** See `isFor`. Of none, nothing. */
function within(locales: readonly string[], bind: Parameters['bind']): string {
  const ranges = locales.map((locale) => {
    const asked = locale.toLowerCase()
    return `d.locale = ${bind(asked)} OR starts_with(d.locale, ${bind(`${asked}-`)})`
  })
  return `(${['false', ...ranges].join(' OR ')})`
}

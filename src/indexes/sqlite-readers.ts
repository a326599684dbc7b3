/** Which documents are for a reader, as SQL: by tables beside the heads, which are written and verified with them. */

import type { Head } from '../core/document.ts'
import { localeOf } from '../core/reader.ts'
import type { Reader } from '../core/store.ts'
import type { Connection, SqlValue } from './sqlite-connection.ts'

export interface Filter {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** A condition on `document d`. */
export function readableBy({ as, sources, kinds, locales, labels, updatedSince }: Reader): Filter {
  const principals = ['public', ...as]
  const parts: Filter[] = [
    {
      sql: `EXISTS (SELECT 1 FROM access a WHERE a.document = d.key AND a.principal IN (${slots(principals)}))`,
      values: principals,
    },
  ]
  if (sources !== undefined) parts.push({ sql: `d.source IN (${slots(sources)})`, values: sources })
  if (kinds !== undefined) parts.push(ofFacet({ sql: `f.kind IN (${slots(kinds)})`, values: kinds }))
  if (locales !== undefined) parts.push(ofFacet(oneOf(locales.map(within))))
  if (updatedSince !== undefined) parts.push(ofFacet({ sql: 'f.updated >= ?', values: [timeOf(updatedSince)] }))
  if (labels !== undefined) {
    const sql = `EXISTS (SELECT 1 FROM label l WHERE l.document = d.key AND l.label IN (${slots(labels)}))`
    parts.push({ sql, values: labels })
  }
  return { sql: parts.map(({ sql }) => sql).join(' AND '), values: parts.flatMap(({ values }) => values) }
}

export function slots(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ')
}

/** What a head says of these tables. */
export interface Facets {
  readonly kind: string
  readonly locale: string
  /** Milliseconds since 1970; null where the source's time is none. */
  readonly updated: number | null
  readonly labels: readonly string[]
}

export function facetsOf(head: Head, language: string): Facets {
  const { kind, updatedAt, labels = [] } = head
  return { kind, locale: localeOf(head, language), updated: timeOf(updatedAt), labels: [...new Set(labels)].sort() }
}

export function putFacets(db: Connection, document: number, head: Head, language: string): void {
  const { kind, locale, updated, labels } = facetsOf(head, language)
  db.run(
    'INSERT OR REPLACE INTO facet (document, kind, locale, updated) VALUES (?, ?, ?, ?)',
    document,
    kind,
    locale,
    updated,
  )
  db.run('DELETE FROM label WHERE document = ?', document)
  for (const label of labels) db.run('INSERT INTO label (document, label) VALUES (?, ?)', document, label)
}

export function readFacets(db: Connection, document: number): Facets | null {
  const facet = db.get<Omit<Facets, 'labels'>>('SELECT kind, locale, updated FROM facet WHERE document = ?', document)
  const labels = db.all<{ label: string }>('SELECT label FROM label WHERE document = ?', document)
  return facet === undefined ? null : { ...facet, labels: labels.map(({ label }) => label).sort() }
}

function ofFacet({ sql, values }: Filter): Filter {
  return { sql: `EXISTS (SELECT 1 FROM facet f WHERE f.document = d.key AND ${sql})`, values }
}

/** See `isFor`. */
function within(range: string): Filter {
  const asked = range.toLowerCase()
  return { sql: '(f.locale = ? OR (f.locale > ? AND f.locale < ?))', values: [asked, `${asked}-`, `${asked}.`] }
}

/** Of none, nothing. */
function oneOf(parts: readonly Filter[]): Filter {
  return {
    sql: `(${['false', ...parts.map(({ sql }) => sql)].join(' OR ')})`,
    values: parts.flatMap(({ values }) => values),
  }
}

function timeOf(text: string): number | null {
  const time = Date.parse(text)
  return Number.isNaN(time) ? null : time
}

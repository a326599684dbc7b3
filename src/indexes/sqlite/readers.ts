/** Which documents are for a reader, as SQL: by tables beside the heads, which are written and verified with them. */

import type { Head } from '../../core/document.ts'
import type { Reader } from '../../core/store.ts'
import { type Facets, facetsOf, timeOf } from '../facets.ts'
import type { Connection, SqlValue } from './connection.ts'

export interface Filter {
  readonly sql: string
  readonly values: readonly SqlValue[]
}

/** Chunks that hold a word and are looked at until enough are for the reader: of more, those stored last. */
export const MOST_LOOKED_AT = 200_000

/** One of the conditions that make a document one for a reader: rows of which table say so. */
interface Condition extends Filter {
  readonly table: string
  /** Of the table: the document's key. */
  readonly key: string
}

/** A condition on a document: on `document d`, or by its key in `chunk c`, since the rows of documents are wide. */
export function readableBy(reader: Reader, document: 'd.key' | 'c.document' = 'd.key'): Filter {
  const parts = conditionsOf(reader).map(({ table, key, sql, values }): Filter => {
    const isOwn = table === DOCUMENT && document === 'd.key'
    return { sql: isOwn ? sql : `EXISTS (SELECT 1 FROM ${table} WHERE ${key} = ${document} AND ${sql})`, values }
  })
  return { sql: parts.map(({ sql }) => sql).join(' AND '), values: parts.flatMap(({ values }) => values) }
}

/** Statements that select, as `key`, documents: those that all of them select are for the reader. */
export function selectionsFor(reader: Reader): readonly Filter[] {
  return conditionsOf(reader).map(({ table, key, sql, values }) => {
    return { sql: `SELECT ${key} AS key FROM ${table} WHERE ${sql}`, values }
  })
}

const DOCUMENT = 'document d'

function conditionsOf({ as, sources, kinds, locales, labels, updatedSince }: Reader): readonly Condition[] {
  const principals = ['public', ...as]
  const access = { table: 'access a', key: 'a.document' }
  const facet = { table: 'facet f', key: 'f.document' }
  const all: Condition[] = []
  if (labels !== undefined) {
    all.push({ table: 'label l', key: 'l.document', sql: `l.label IN (${slots(labels)})`, values: labels })
  }
  if (sources !== undefined) {
    all.push({ table: DOCUMENT, key: 'd.key', sql: `d.source IN (${slots(sources)})`, values: sources })
  }
  if (kinds !== undefined) all.push({ ...facet, sql: `f.kind IN (${slots(kinds)})`, values: kinds })
  if (locales !== undefined) all.push({ ...facet, ...oneOf(locales.map(within)) })
  if (updatedSince !== undefined) all.push({ ...facet, sql: 'f.updated >= ?', values: [timeOf(updatedSince)] })
  // Last, since most documents that were asked for may be read, and each that wasn't need not be asked who may.
  all.push({ ...access, sql: `a.principal IN (${slots(principals)})`, values: principals })
  return all
}

export function slots(values: readonly unknown[]): string {
  return values.map(() => '?').join(', ')
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

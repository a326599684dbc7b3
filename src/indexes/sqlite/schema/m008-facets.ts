/** What documents are chosen by, beside who may read them, out of their heads. */
import type { Head } from '../../../core/document.ts'
import { type HeadColumns, headSum } from '../../sums.ts'
import type { Connection } from '../connection.ts'
import { putFacets } from '../readers.ts'

const TABLES = `
CREATE TABLE facet (
  document INTEGER PRIMARY KEY REFERENCES document (key) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  locale TEXT NOT NULL,
  updated INTEGER
) STRICT;

CREATE TABLE label (
  document INTEGER NOT NULL REFERENCES document (key) ON DELETE CASCADE,
  label TEXT NOT NULL,
  PRIMARY KEY (document, label)
) STRICT, WITHOUT ROWID;
`

type Row = HeadColumns & { readonly key: number; readonly sum: string }

const HEADS = `SELECT key, id, source, head, recipe, listed, language, edges, chunks, sum FROM document
  WHERE key > ? ORDER BY key LIMIT 500`

/** A head that is damaged is found by nothing, and said to be damaged when it is read. */
export function m008Facets(db: Connection): void {
  db.execute(TABLES)
  for (let rows = db.all<Row>(HEADS, -1); rows.length > 0; rows = db.all<Row>(HEADS, rows.at(-1)?.key ?? null)) {
    for (const row of rows) {
      if (headSum(row) === row.sum) putFacets(db, row.key, JSON.parse(row.head) as Head, row.language)
    }
  }
}

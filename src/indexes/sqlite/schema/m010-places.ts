/** Where documents stand, and which are the same in other languages, out of their heads. */
import type { Head } from '../../../core/document.ts'
import { type HeadColumns, headSum } from '../../sums.ts'
import type { Connection } from '../connection.ts'
import { putPlace } from '../shelves.ts'

const TABLE = `
CREATE TABLE place (
  document INTEGER PRIMARY KEY REFERENCES document (key) ON DELETE CASCADE,
  place TEXT NOT NULL,
  title TEXT NOT NULL,
  readers TEXT NOT NULL,
  article TEXT
) STRICT;
CREATE INDEX place_by_readers ON place (place, readers, document);
CREATE INDEX place_by_title ON place (place, title);
CREATE INDEX place_by_article ON place (article) WHERE article IS NOT NULL;
`

type Row = HeadColumns & { readonly key: number; readonly sum: string }

const HEADS = `SELECT key, id, source, head, recipe, listed, language, edges, chunks, sum FROM document
  WHERE key > ? ORDER BY key LIMIT 500`

/** A head that is damaged stands nowhere, and is said to be damaged when it is read. */
export function m010Places(db: Connection): void {
  db.execute(TABLE)
  for (let rows = db.all<Row>(HEADS, -1); rows.length > 0; rows = db.all<Row>(HEADS, rows.at(-1)?.key ?? null)) {
    for (const row of rows) {
      if (headSum(row) === row.sum) putPlace(db, row.key, row.source, JSON.parse(row.head) as Head)
    }
  }
}

/**
 * Checksums of heads, texts, chunks and states, and a seal of the full-text index; what is stored already gets its sums
 * here. `''` is no checksum of anything.
 */

import {
  type ChunkColumns,
  chunkSum,
  type HeadColumns,
  headSum,
  type StateColumns,
  stateSum,
  type TextColumns,
  textSum,
} from '../../sums.ts'
import type { Connection, SqlValue } from '../connection.ts'

const TABLES = `
ALTER TABLE source ADD COLUMN sum TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN chunks INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN sum TEXT NOT NULL DEFAULT '';
ALTER TABLE document_text ADD COLUMN sum TEXT NOT NULL DEFAULT '';
ALTER TABLE chunk_text ADD COLUMN sum TEXT NOT NULL DEFAULT '';

CREATE TABLE seal (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  sum TEXT NOT NULL
) STRICT;

UPDATE document SET chunks = (SELECT count(*) FROM chunk c WHERE c.document = document.key);
`

const STATES = 'SELECT name, cursor, seen, policy FROM source'
const HEADS = 'SELECT key, id, source, head, recipe, listed, language, edges, chunks FROM document'
const TEXTS = `SELECT d.key, d.id, t.losses, t.markdown, t.template, t.excerpts
  FROM document d JOIN document_text t ON t.document = d.key`
const CHUNKS = `SELECT c.key, d.id, c.ordinal, x.id AS chunk_id, x.start, x."end", x.tokens, x.headings, x.text, x.origin
  FROM chunk c JOIN document d ON d.key = c.document JOIN chunk_text x ON x.chunk = c.key`

type Keyed = { readonly key: number; readonly id: string }

export function m005Sums(db: Connection): void {
  db.execute(TABLES)
  for (const state of db.all<StateColumns>(STATES)) update(db, 'source', 'name', state.name, stateSum(state))
  eachRow<Keyed & HeadColumns>(db, HEADS, 'key', (row) => update(db, 'document', 'key', row.key, headSum(row)))
  eachRow<Keyed & TextColumns>(db, TEXTS, 'd.key', (row) =>
    update(db, 'document_text', 'document', row.key, textSum(row.id, row)),
  )
  eachRow<Keyed & ChunkColumns>(db, CHUNKS, 'c.key', (row) =>
    update(db, 'chunk_text', 'chunk', row.key, chunkSum(row.id, row)),
  )
}

function update(db: Connection, table: string, column: string, value: SqlValue, sum: string): void {
  db.run(`UPDATE ${table} SET sum = ? WHERE ${column} = ?`, sum, value)
}

/** Few at a time: each may be large. */
function eachRow<Row extends { readonly key: number }>(
  db: Connection,
  select: string,
  key: string,
  work: (row: Row) => void,
): void {
  const sql = `${select} WHERE ${key} > ? ORDER BY ${key} LIMIT 50`
  for (let rows = db.all<Row>(sql, -1); ; rows = db.all<Row>(sql, rows.at(-1)?.key ?? null)) {
    if (rows.length === 0) return
    for (const row of rows) work(row)
  }
}

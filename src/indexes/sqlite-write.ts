/** A batch into the tables, in one transaction. What is equal already is not written again. */
import { canonicalJson } from '../core/ids.ts'
import type { Batch, Head, IndexedChunk, IndexedDocument } from '../core/types.ts'
import { checkBatch } from './batch.ts'
import type { Connection } from './sqlite-connection.ts'
import { recordBatch } from './sqlite-ledger.ts'
import { encodeField } from './sqlite-tokens.ts'

export function applyBatch(db: Connection, batch: Batch): void {
  checkBatch(batch)
  db.writing(() => {
    db.run('INSERT INTO source (name) VALUES (?) ON CONFLICT DO NOTHING', batch.source)
    for (const document of batch.put) putDocument(db, document)
    for (const head of batch.refresh) refreshHead(db, batch.source, head)
    for (const id of batch.remove) removeDocument(db, batch.source, id)
    recordBatch(db, batch)
  })
}

/**
 * FTS5 only marks a deleted row of a contentless table; its tokens stay in the file until they are merged away
 * (https://www.sqlite.org/fts5.html#contentless_delete_tables). That merge rewrites the whole index, so it is done once,
 * when the writer closes, and it is due until then whatever happens to the process.
 */
export function purgeRemovedText(db: Connection): void {
  if (db.get('SELECT due FROM purge') === undefined) return
  db.writing(() => {
    db.execute("INSERT INTO fts (fts) VALUES ('optimize')")
    db.execute('DELETE FROM purge')
  })
}

function putDocument(db: Connection, document: IndexedDocument): void {
  removeDocument(db, document.source, document.head.id)
  const { key } = db.run(
    'INSERT INTO document (id, source, head, recipe, listed, language, edges) VALUES (?, ?, ?, ?, ?, ?, ?)',
    document.head.id,
    document.source,
    canonicalJson(document.head),
    canonicalJson(document.recipe),
    document.listed ?? null,
    document.language,
    document.template === undefined ? null : canonicalJson(document.edges ?? null),
  )
  putText(db, key, document)
  grantAccess(db, key, document.head)
  for (const chunk of document.chunks) putChunk(db, key, chunk)
}

function putText(db: Connection, key: number, { losses, markdown, template, excerpts }: IndexedDocument): void {
  db.run(
    'INSERT INTO document_text (document, losses, markdown, template, excerpts) VALUES (?, ?, ?, ?, ?)',
    ...[key, canonicalJson(losses), markdown],
    template === undefined ? null : canonicalJson(template),
    excerpts === undefined ? null : canonicalJson(excerpts),
  )
}

function putChunk(db: Connection, document: number, chunk: IndexedChunk): void {
  const { ordinal, id, start, end, tokens, headings, text, terms, origin } = chunk
  const { key } = db.run('INSERT INTO chunk (document, ordinal) VALUES (?, ?)', document, ordinal)
  db.run(
    'INSERT INTO chunk_text (chunk, id, start, "end", tokens, headings, text, origin) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    ...[key, id, start, end, tokens, JSON.stringify(headings), text, origin ?? null],
  )
  db.run(
    'INSERT INTO fts (rowid, title, headings, body) VALUES (?, ?, ?, ?)',
    ...[key, encodeField(terms.title), encodeField(terms.headings), encodeField(terms.body)],
  )
}

function refreshHead(db: Connection, source: string, head: Head): void {
  const stored = db.get<{ key: number; head: string }>(
    'SELECT key, head FROM document WHERE id = ? AND source = ?',
    head.id,
    source,
  )
  const text = canonicalJson(head)
  if (stored === undefined || stored.head === text) return
  db.run('UPDATE document SET head = ? WHERE key = ?', text, stored.key)
  db.run('DELETE FROM access WHERE document = ?', stored.key)
  grantAccess(db, stored.key, head)
}

function grantAccess(db: Connection, document: number, head: Head): void {
  const principals = head.access === 'public' ? ['public'] : new Set(head.access)
  for (const principal of principals) db.run('INSERT INTO access VALUES (?, ?)', document, principal)
}

/** Text, access and chunks go by cascade, their rows of the full-text index by trigger. */
function removeDocument(db: Connection, source: string, id: string): void {
  const stored = db.get<{ key: number }>('SELECT key FROM document WHERE id = ? AND source = ?', id, source)
  if (stored === undefined) return
  db.run('DELETE FROM document WHERE key = ?', stored.key)
  db.run('INSERT INTO purge VALUES (1) ON CONFLICT DO NOTHING')
}

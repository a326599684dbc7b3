/** A batch into the tables, in one transaction. What is equal already is not written again. */

import type { Head, IndexedChunk, IndexedDocument } from '../../core/document.ts'
import { canonicalJson } from '../../core/ids.ts'
import { passageOf } from '../../core/passage.ts'
import type { Batch } from '../../core/store.ts'
import { checkBatch } from '../batch.ts'
import { HEAD_COLUMNS, type HeadRow, toHead } from '../rows.ts'
import { chunkSum, headSum, textSum, wordsSum } from '../sums.ts'
import { removeBackups } from './backup.ts'
import type { Connection } from './connection.ts'
import { forgetLedger, nameSource, recordBatch } from './ledger.ts'
import { putFacets } from './readers.ts'
import { breakSeal } from './seal.ts'
import { putPlace } from './shelves.ts'
import { encodeField } from './tokens.ts'
import { keepVector, readVectors } from './vectors.ts'
import { forgetTokens, putTokens } from './vocabulary.ts'

export function applyBatch(db: Connection, batch: Batch): void {
  checkBatch(batch)
  db.writing(() => {
    nameSource(db, batch.source)
    if (batch.put.length + batch.remove.length > 0) breakSeal(db)
    for (const document of batch.put) putDocument(db, document)
    putTokens(db, tokensOf(batch.put))
    for (const head of batch.refresh) refreshHead(db, batch.source, head)
    for (const id of batch.remove) removeDocument(db, batch.source, id)
    recordBatch(db, batch)
  })
}

export function forgetSource(db: Connection, source: string): void {
  db.writing(() => {
    breakSeal(db)
    if (db.run('DELETE FROM document WHERE source = ?', source).changes > 0) oweRemoval(db)
    forgetLedger(db, source)
  })
}

/**
 * FTS5 only marks a deleted row of a contentless table; its tokens stay in the file until they are merged away
 * (https://www.sqlite.org/fts5.html#contentless_delete_tables). That merge rewrites the whole index, so it is done once,
 * when the writer closes, and it is due until then whatever happens to the process.
 */
export function purgeRemovedText(db: Connection): void {
  if (!owesRemoval(db)) return
  removeBackups(db.path)
  db.writing(() => {
    breakSeal(db)
    db.execute("INSERT INTO fts (fts) VALUES ('optimize')")
    forgetTokens(db)
    db.execute('DELETE FROM purge')
  })
}

/** Whether a removed text may still stand in the file's full-text index, or in a copy beside it. */
export function owesRemoval(db: Connection): boolean {
  return db.get('SELECT due FROM purge') !== undefined
}

export function oweRemoval(db: Connection): void {
  db.run('INSERT INTO purge VALUES (1) ON CONFLICT DO NOTHING')
}

/** Passages that say what they said before keep the vectors that they had. */
export function putDocument(
  db: Connection,
  document: IndexedDocument,
  vectors = readVectors(db, document.head.id),
): void {
  removeDocument(db, document.source, document.head.id)
  const row = {
    id: document.head.id,
    source: document.source,
    head: canonicalJson(document.head),
    recipe: canonicalJson(document.recipe),
    listed: document.listed ?? null,
    language: document.language,
    edges: document.template === undefined ? null : canonicalJson(document.edges ?? null),
    chunks: document.chunks.length,
  }
  const { key } = db.run(
    `INSERT INTO document (id, source, head, recipe, listed, language, edges, chunks, sum)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[row.id, row.source, row.head, row.recipe, row.listed, row.language, row.edges, row.chunks, headSum(row)],
  )
  putText(db, key, document)
  grantAccess(db, key, document.head)
  putFacets(db, key, document.head, document.language)
  putPlace(db, key, document.source, document.head)
  for (const chunk of document.chunks) {
    const chunkKey = putChunk(db, key, row.id, chunk)
    keepVector(db, vectors, chunkKey, () => passageOf(row.id, document.head.title, chunk))
  }
}

/** Each once: most words of a document are in others too. */
export function tokensOf(documents: readonly IndexedDocument[]): ReadonlySet<string> {
  const tokens = new Set<string>()
  for (const { chunks } of documents) {
    for (const { terms } of chunks) {
      for (const field of [terms.title, terms.headings, terms.body]) for (const token of field) tokens.add(token)
    }
  }
  return tokens
}

function putText(db: Connection, key: number, { head, losses, markdown, template, excerpts }: IndexedDocument): void {
  const row = {
    losses: canonicalJson(losses),
    markdown,
    template: template === undefined ? null : canonicalJson(template),
    excerpts: excerpts === undefined ? null : canonicalJson(excerpts),
  }
  db.run(
    'INSERT INTO document_text (document, losses, markdown, template, excerpts, sum) VALUES (?, ?, ?, ?, ?, ?)',
    ...[key, row.losses, markdown, row.template, row.excerpts, textSum(head.id, row)],
  )
}

function putChunk(db: Connection, document: number, id: string, chunk: IndexedChunk): number {
  const { ordinal, start, end, tokens, text, terms, origin = null } = chunk
  const row = {
    ordinal,
    chunk_id: chunk.id,
    start,
    end,
    tokens,
    headings: JSON.stringify(chunk.headings),
    text,
    origin,
  }
  const { key } = db.run('INSERT INTO chunk (document, ordinal) VALUES (?, ?)', document, ordinal)
  db.run(
    `INSERT INTO chunk_text (chunk, id, start, "end", tokens, headings, text, origin, sum)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[key, chunk.id, start, end, tokens, row.headings, text, origin, chunkSum(id, row)],
  )
  db.run(
    'INSERT INTO chunk_words (chunk, origin, words, sum) VALUES (?, ?, ?, ?)',
    ...[key, origin, terms.words, wordsSum(id, { ordinal, origin, words: terms.words })],
  )
  db.run(
    'INSERT INTO fts (rowid, title, headings, body) VALUES (?, ?, ?, ?)',
    ...[key, encodeField(terms.title), encodeField(terms.headings), encodeField(terms.body)],
  )
  return key
}

function refreshHead(db: Connection, source: string, head: Head): void {
  const sql = `SELECT d.key, ${HEAD_COLUMNS} FROM document d WHERE d.id = ? AND d.source = ?`
  const stored = db.get<HeadRow & { readonly key: number }>(sql, head.id, source)
  if (stored === undefined) return
  // A new checksum over a damaged row would make it trusted.
  toHead(db, stored)
  const text = canonicalJson(head)
  if (stored.head === text) return
  const sum = headSum({ ...stored, head: text })
  db.run('UPDATE document SET head = ?, sum = ? WHERE key = ?', text, sum, stored.key)
  db.run('DELETE FROM access WHERE document = ?', stored.key)
  grantAccess(db, stored.key, head)
  putFacets(db, stored.key, head, stored.language)
  putPlace(db, stored.key, source, head)
}

function grantAccess(db: Connection, document: number, head: Head): void {
  const principals = head.access === 'public' ? ['public'] : new Set(head.access)
  for (const principal of principals) db.run('INSERT INTO access VALUES (?, ?)', document, principal)
}

/** Text, access, chunks and their vectors go by cascade, their rows of the full-text index by trigger. */
function removeDocument(db: Connection, source: string, id: string): void {
  const stored = db.get<{ key: number }>('SELECT key FROM document WHERE id = ? AND source = ?', id, source)
  if (stored === undefined) return
  db.run('DELETE FROM document WHERE key = ?', stored.key)
  oweRemoval(db)
}

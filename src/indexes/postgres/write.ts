/** A batch into the tables, in the caller's transaction. Many rows a statement: each is a way to the server and back. */

import type { Head, IndexedChunk, IndexedDocument } from '../../core/document.ts'
import { canonicalJson } from '../../core/ids.ts'
import type { Batch } from '../../core/store.ts'
import { facetsOf } from '../facets.ts'
import { HEAD_COLUMNS, type HeadRow, toHead } from '../rows.ts'
import { standingOf } from '../standing.ts'
import { chunkSum, headSum, textSum, wordsSum } from '../sums.ts'
import type { Session, SqlValue } from './connection.ts'
import { encodeText, vectorOf } from './encoding.ts'
import { forgetLedger, lastOfEach, nameSource, recordBatch } from './ledger.ts'
import { keepVectors, readVectors } from './vectors.ts'
import { type Counts, countChange, countTokens, noCounts, takeAway } from './vocabulary.ts'

/** Rows in a statement, and documents removed by one. */
const SLICE = 500

/** @param vectors the schema of pgvector, or null */
export async function applyBatch(session: Session, batch: Batch, vectors: string | null): Promise<void> {
  const put = batch.put.map((document) => ({ id: document.head.id, document }))
  const counts = noCounts()
  await nameSource(session, batch.source)
  await putDocuments(
    session,
    batch.source,
    lastOfEach(put).map(({ document }) => document),
    counts,
    vectors,
  )
  const refreshed = await refreshHeads(session, batch.source, lastOfEach(batch.refresh))
  await removeDocuments(session, batch.source, batch.remove, counts)
  await countTokens(session, counts)
  await recordBatch(session, batch)
  if (batch.put.length + refreshed + batch.remove.length > 0) await countChange(session, counts)
}

export async function forgetSource(session: Session, source: string): Promise<void> {
  const counts = noCounts()
  const sql = `SELECT id FROM @.document WHERE source = $1 ORDER BY id LIMIT ${SLICE}`
  for (;;) {
    const ids = (await session.all<{ id: string }>(sql, source)).map(({ id }) => id)
    if (ids.length === 0) break
    await removeDocuments(session, source, ids, counts)
  }
  await countTokens(session, counts)
  await forgetLedger(session, source)
  await countChange(session, counts)
}

async function putDocuments(
  session: Session,
  source: string,
  documents: readonly IndexedDocument[],
  counts: Counts,
  vectors: string | null,
): Promise<void> {
  if (documents.length === 0) return
  const ids = documents.map(({ head }) => head.id)
  const kept = vectors === null ? new Map() : await readVectors(session, ids)
  await removeDocuments(session, source, ids, counts)
  const keys = await putHeads(session, source, documents)
  for (const { chunks } of documents) counts.chunks += chunks.length
  await putTexts(session, documents, keys)
  const chunks = documents.flatMap((document) => document.chunks.map((chunk) => ({ document, chunk })))
  for (let at = 0; at < chunks.length; at += SLICE) {
    const slice = chunks.slice(at, at + SLICE)
    const chunkKeys = await putChunks(session, slice, keys, counts)
    if (vectors !== null && kept.size > 0) await keepVectors(session, kept, slice, chunkKeys, vectors)
  }
}

/** A document and one of its chunks. */
export interface Part {
  readonly document: IndexedDocument
  readonly chunk: IndexedChunk
}

/** Their keys by id. */
async function putHeads(
  session: Session,
  source: string,
  documents: readonly IndexedDocument[],
): Promise<ReadonlyMap<string, number>> {
  const rows = documents.map((document) => {
    const row = {
      id: document.head.id,
      source,
      head: canonicalJson(document.head),
      recipe: canonicalJson(document.recipe),
      listed: document.listed ?? null,
      language: document.language,
      edges: document.template === undefined ? null : canonicalJson(document.edges ?? null),
      chunks: document.chunks.length,
    }
    return { ...row, sum: headSum(row), ...chosenBy(source, document.head, document.language) }
  })
  const sql = `INSERT INTO @.document (id, source, head, recipe, listed, language, edges, chunks, sum, ${CHOSEN})
    SELECT n.id, $1, n.head, n.recipe, n.listed, n.language, n.edges, n.chunks, n.sum, ${CHOSEN_OF_N}
    FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::int[], $9::text[],
      $10::text[], $11::text[], $12::text[], $13::float8[], $14::text[], $15::text[], $16::text[], $17::text[])
      AS n (id, head, recipe, listed, language, edges, chunks, sum, ${CHOSEN})
    RETURNING key, id`
  const names = ['id', 'head', 'recipe', 'listed', 'language', 'edges', 'chunks', 'sum', ...CHOSEN_NAMES] as const
  const made = await session.all<{ key: number; id: string }>(sql, source, ...columns(rows, names))
  return new Map(made.map(({ key, id }) => [id, key]))
}

const CHOSEN_NAMES = ['principals', 'kind', 'locale', 'updated', 'labels', 'place', 'title', 'article'] as const
const CHOSEN = CHOSEN_NAMES.join(', ')
const CHOSEN_OF_N = `ARRAY(SELECT json_array_elements_text(n.principals::json)), n.kind, n.locale, n.updated,
  ARRAY(SELECT json_array_elements_text(n.labels::json)), n.place, n.title, n.article`

/** Lists as JSON: one statement takes lists of no two lengths otherwise. */
export function chosenBy(source: string, head: Head, language: string) {
  const { kind, locale, updated, labels } = facetsOf(head, language)
  const principals = head.access === 'public' ? ['public'] : [...new Set(head.access)]
  const { place, title, article } = standingOf(source, head)
  return { principals: listed(principals), kind, locale, updated, labels: listed(labels), place, title, article }
}

function listed(texts: readonly string[]): string {
  return JSON.stringify(texts.map((text) => encodeText(text.toWellFormed())))
}

async function putTexts(
  session: Session,
  documents: readonly IndexedDocument[],
  keys: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = documents.map(({ head, losses, markdown, template, excerpts }) => {
    const row = {
      losses: canonicalJson(losses),
      markdown,
      template: template === undefined ? null : canonicalJson(template),
      excerpts: excerpts === undefined ? null : canonicalJson(excerpts),
    }
    return { document: keys.get(head.id) ?? null, ...row, sum: textSum(head.id, row) }
  })
  await session.run(
    `INSERT INTO @.document_text (document, losses, markdown, template, excerpts, sum)
      SELECT * FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])`,
    ...columns(rows, ['document', 'losses', 'markdown', 'template', 'excerpts', 'sum']),
  )
}

/** Their keys, in their order. */
async function putChunks(
  session: Session,
  parts: readonly Part[],
  keys: ReadonlyMap<string, number>,
  counts: Counts,
): Promise<readonly number[]> {
  const rows = parts.map(({ document, chunk }) => {
    const { vector, lexemes } = vectorOf(chunk)
    for (const lexeme of lexemes) counts.added.set(lexeme, (counts.added.get(lexeme) ?? 0) + 1)
    return { document: keys.get(document.head.id) ?? 0, ordinal: chunk.ordinal, origin: chunk.origin ?? null, vector }
  })
  const made = await session.all<{ key: number; document: number; ordinal: number }>(
    `INSERT INTO @.chunk (document, ordinal, origin, terms)
      SELECT n.document, n.ordinal, n.origin, n.terms::tsvector
      FROM unnest($1::bigint[], $2::int[], $3::text[], $4::text[]) AS n (document, ordinal, origin, terms)
      RETURNING key, document, ordinal`,
    ...columns(rows, ['document', 'ordinal', 'origin', 'vector']),
  )
  const known = new Map(made.map(({ key, document, ordinal }) => [`${document}#${ordinal}`, key]))
  const chunkKeys = rows.map(({ document, ordinal }) => known.get(`${document}#${ordinal}`) ?? 0)
  await putChunkTexts(session, parts, chunkKeys)
  return chunkKeys
}

async function putChunkTexts(session: Session, parts: readonly Part[], keys: readonly number[]): Promise<void> {
  const rows = parts.map(({ document: { head }, chunk }, at) => {
    const { id: chunk_id, ordinal, start, end, tokens, text, origin = null } = chunk
    const row = { ordinal, chunk_id, start, end, tokens, headings: JSON.stringify(chunk.headings), text, origin }
    const { words } = chunk.terms
    const sums = { sum: chunkSum(head.id, row), words_sum: wordsSum(head.id, { ordinal, origin, words }) }
    return { chunk: keys[at] ?? 0, ...row, words, ...sums }
  })
  await session.run(
    `INSERT INTO @.chunk_text (chunk, id, start, "end", tokens, headings, text, origin, sum)
      SELECT * FROM unnest($1::bigint[], $2::text[], $3::int[], $4::int[], $5::int[], $6::text[], $7::text[],
        $8::text[], $9::text[])`,
    ...columns(rows, ['chunk', 'chunk_id', 'start', 'end', 'tokens', 'headings', 'text', 'origin', 'sum']),
  )
  await session.run(
    'INSERT INTO @.chunk_words (chunk, words, sum) SELECT * FROM unnest($1::bigint[], $2::bytea[], $3::bigint[])',
    ...columns(rows, ['chunk', 'words', 'words_sum']),
  )
}

/** How many changed. */
async function refreshHeads(session: Session, source: string, heads: readonly Head[]): Promise<number> {
  if (heads.length === 0) return 0
  const next = new Map(heads.map((head) => [head.id, head]))
  const sql = `SELECT ${HEAD_COLUMNS} FROM @.document d WHERE d.id = ANY ($1) AND d.source = $2 ORDER BY d.id`
  const rows = (await session.all<HeadRow>(sql, [...next.keys()], source)).flatMap((stored) => {
    // A new checksum over a damaged row would make it trusted.
    const head = next.get(stored.id) ?? toHead(session, stored).head
    toHead(session, stored)
    const text = canonicalJson(head)
    if (stored.head === text) return []
    const sum = headSum({ ...stored, head: text })
    return [{ id: stored.id, head: text, sum, ...chosenBy(source, head, stored.language) }]
  })
  if (rows.length === 0) return 0
  return await session.run(
    `UPDATE @.document d SET head = n.head, sum = n.sum, (${CHOSEN}) = ROW (${CHOSEN_OF_N})
      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::float8[], $8::text[],
        $9::text[], $10::text[], $11::text[]) AS n (id, head, sum, ${CHOSEN}) WHERE d.id = n.id`,
    ...columns(rows, ['id', 'head', 'sum', ...CHOSEN_NAMES]),
  )
}

/** Text, chunks and their vectors go by cascade. */
async function removeDocuments(
  session: Session,
  source: string,
  ids: readonly string[],
  counts: Counts,
): Promise<void> {
  for (let at = 0; at < ids.length; at += SLICE) {
    const slice = ids.slice(at, at + SLICE)
    await takeAway(session, source, slice, counts)
    const sql = 'DELETE FROM @.document WHERE source = $1 AND id = ANY ($2) RETURNING chunks'
    const removed = await session.all<{ chunks: number }>(sql, source, slice)
    for (const { chunks } of removed) counts.chunks -= chunks
  }
}

function columns<Row>(rows: readonly Row[], names: readonly (keyof Row)[]): readonly SqlValue[] {
  return names.map((name) => rows.map((row) => row[name])) as unknown as readonly SqlValue[]
}

/** Documents out of the index. */
import type { Principal } from '../../core/access.ts'
import type { Chunk, Includer, StoredDocument, StoredHead } from '../../core/document.ts'
import { isFor } from '../../core/reader.ts'
import type { ChunkPlace, FoundPassage, IdPage, IndexStats, NeighbourQuery, Reader } from '../../core/store.ts'
import { toChunk, toDocument, toHead, toIncluder } from '../rows.ts'
import type { Opened } from './open.ts'
import { type Query, readableBy } from './readers.ts'
import { ONLY_FIELDS, readByKey, readFieldsByKey, rowOf, search, searchAll } from './search.ts'
import {
  CHUNK_FIELDS,
  chunkRow,
  chunksIn,
  DOCUMENT_FIELDS,
  documentKey,
  documentRow,
  HEAD_FIELDS,
  headRow,
  type Stored,
  urlKey,
} from './stored.ts'

/** Whole documents read at a time: few, since each may be large. */
const PAGE = 20

export async function readHeads(
  opened: Opened,
  source: string,
  ids: readonly string[],
): Promise<Map<string, StoredHead>> {
  const keys = [...new Set(ids)].map(documentKey)
  const stored = await readFieldsByKey<Stored>(opened.db, opened.index, keys, HEAD_FIELDS)
  return inOrder(ids, stored, (row) => (row.source === source ? toHead(opened.db, headRow(row)) : undefined))
}

export async function readStored(opened: Opened, ids: readonly string[]): Promise<Map<string, StoredDocument>> {
  const stored = await readKeyed(opened, ids, DOCUMENT_FIELDS, PAGE)
  return inOrder(ids, stored, (row) => toDocument(opened.db, documentRow(row)))
}

export async function readIds(opened: Opened, source: string, page?: IdPage): Promise<string[]> {
  if (page === undefined) return await idsOf(opened, [{ term: { source } }])
  const { after, limit } = page
  const behind = after === undefined ? [] : [{ range: { id: { gt: after } } }]
  return await idsOf(opened, [{ term: { source } }, ...behind], limit)
}

export async function readIncluders({ db, index }: Opened, source: string): Promise<Includer[]> {
  const filter = [DOCUMENT, { term: { source } }, { term: { has_edges: true } }]
  const found: Includer[] = []
  for await (const hit of searchAll(
    db,
    index,
    { query: { bool: { filter } }, stored_fields: HEAD_FIELDS },
    { page: 500 },
  )) {
    found.push(toIncluder(db, headRow(rowOf<Stored>(hit))))
  }
  return found
}

export async function readDocument(
  opened: Opened,
  id: string,
  as: readonly Principal[],
): Promise<StoredDocument | null> {
  const { db, index } = opened
  const query = { bool: { filter: [{ term: { id } }, ...readableBy({ as })] } }
  const found = await search<Stored>(db, index, { query, size: 1, _source: DOCUMENT_FIELDS })
  return (
    permitted(
      opened,
      found.hits.hits.map(({ _source }) => _source),
      as,
    )[0] ?? null
  )
}

/** A page at a time, so that nothing stays open while the caller works. */
export async function* readDocuments(
  opened: Opened,
  as: readonly Principal[],
  sources?: readonly string[],
): AsyncGenerator<StoredDocument> {
  const query = { bool: { filter: readableBy({ as, ...(sources && { sources }) }) } }
  const all = searchAll<Stored>(opened.db, opened.index, { query, _source: DOCUMENT_FIELDS }, { page: PAGE })
  for await (const { _source } of all) yield* permitted(opened, [_source], as)
}

export async function readChunks(opened: Opened, id: string): Promise<Chunk[]> {
  const stored = (await readKeyed(opened, [id], CHUNK_FIELDS, PAGE)).get(documentKey(id))
  return stored === undefined ? [] : chunksIn(stored).map((chunk) => toChunk(opened.db, chunkRow(id, chunk)))
}

export async function readNeighbours(
  { db, index }: Opened,
  { document: id, ordinal, most, as }: NeighbourQuery,
): Promise<Chunk[]> {
  const query = { bool: { filter: [{ term: { id } }, ...readableBy({ as })] } }
  const found = await search<Stored>(db, index, { query, size: 1, _source: [...HEAD_FIELDS, ...CHUNK_FIELDS] })
  const [stored] = found.hits.hits.map(({ _source }) => _source)
  if (stored === undefined || !isRead(db, stored, { as })) return []
  const near = chunksIn(stored).filter((chunk) => Math.abs(chunk.ordinal - ordinal) <= most)
  return near.map((chunk) => toChunk(db, chunkRow(id, chunk)))
}

/** What stands at these places, in their order: by the fields beside the heads, and once more by the heads. */
export async function readPassages(
  { db, index }: Opened,
  places: readonly ChunkPlace[],
  reader: Reader,
): Promise<FoundPassage[]> {
  const ids = [...new Set(places.map(({ document }) => document))]
  const known = new Map<string, Stored>()
  for (let at = 0; at < ids.length; at += PAGE) {
    const filter = [{ terms: { id: ids.slice(at, at + PAGE) } }, ...readableBy(reader)]
    const fields = [...HEAD_FIELDS, ...CHUNK_FIELDS]
    const found = await search<Stored>(db, index, { query: { bool: { filter } }, size: PAGE, _source: fields })
    for (const { _source } of found.hits.hits) if (isRead(db, _source, reader)) known.set(_source.id, _source)
  }
  return places.flatMap(({ document: id, ordinal }) => {
    const stored = known.get(id)
    const chunk = stored && chunksIn(stored).find((each) => each.ordinal === ordinal)
    if (stored === undefined || chunk === undefined) return []
    const { head, recipe } = toHead(db, headRow(stored))
    const document = { head, recipe, source: stored.source, language: stored.language }
    return [{ document, chunk: toChunk(db, chunkRow(id, chunk)) }]
  })
}

export async function readStats({ db, index }: Opened, source: string): Promise<IndexStats> {
  const query = { bool: { filter: [DOCUMENT, { term: { source } }] } }
  const aggs = { documents: { value_count: { field: 'id' } }, chunks: { sum: { field: 'chunk_count' } } }
  const { aggregations } = await search(db, index, { query, size: 0, aggs })
  return { documents: aggregations?.['documents']?.value ?? 0, chunks: aggregations?.['chunks']?.value ?? 0 }
}

export async function readLocated(opened: Opened, url: string): Promise<string[]> {
  return await idsOf(opened, [{ term: { url: urlKey(url) } }])
}

/** Access once more, on the result, by the head itself. */
export function isRead(db: Opened['db'], stored: Stored, reader: Reader): boolean {
  const { head } = toHead(db, headRow(stored))
  return isFor({ head, source: stored.source, language: stored.language }, reader)
}

const DOCUMENT: Query = { term: { type: 'document' } }

async function idsOf(
  { db, index }: Opened,
  parts: readonly Query[],
  limit = Number.POSITIVE_INFINITY,
): Promise<string[]> {
  const ids: string[] = []
  const query = { bool: { filter: [DOCUMENT, ...parts] } }
  const page = Math.max(1, Math.min(limit, 5000))
  for await (const { sort } of searchAll(db, index, { query, ...ONLY_FIELDS }, { page })) {
    if (ids.length >= limit) return ids
    ids.push(String(sort?.[0]))
  }
  return ids
}

async function readKeyed(
  { db, index }: Opened,
  ids: readonly string[],
  fields: readonly string[],
  page: number,
): Promise<ReadonlyMap<string, Stored>> {
  return await readByKey<Stored>(db, index, [...new Set(ids)].map(documentKey), fields, page)
}

function inOrder<T>(
  ids: readonly string[],
  stored: ReadonlyMap<string, Stored>,
  toValue: (stored: Stored) => T | undefined,
): Map<string, T> {
  const found = new Map<string, T>()
  for (const id of ids) {
    const row = stored.get(documentKey(id))
    const value = row && toValue(row)
    if (value !== undefined) found.set(id, value)
  }
  return found
}

/** What is not for the reader is not looked at any further. */
function permitted({ db }: Opened, stored: readonly Stored[], as: readonly Principal[]): StoredDocument[] {
  return stored.filter((each) => isRead(db, each, { as })).map((each) => toDocument(db, documentRow(each)))
}

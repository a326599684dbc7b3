/** The vectors of chunks, stored with them: what the k-NN plugin finds is compared once more by the arithmetic of all drivers. */
import { UnsiloError } from '../../core/errors.ts'
import { sha256 } from '../../core/ids.ts'
import { passageOf } from '../../core/passage.ts'
import type { Candidate } from '../../core/store.ts'
import type { Embedded, Passage, StoredVector, VectorQuery, Vectors } from '../../core/vectors.ts'
import { damagedDocument } from '../damage.ts'
import { byRank } from '../memory/query.ts'
import { isBehind } from '../memory/vectors.ts'
import { toChunk, toHead } from '../rows.ts'
import { bytesSum } from '../sums.ts'
import { byUtf8 } from '../utf8.ts'
import { cosineWith, quantize } from '../vectors.ts'
import { show, type Target, type Write, writeAll } from './bulk.ts'
import { CANDIDATE_FIELDS, candidatesIn } from './lexical.ts'
import type { Opened } from './open.ts'
import { readableBy } from './readers.ts'
import { ONLY_FIELDS, readByKey, search, searchAll } from './search.ts'
import {
  CHUNK_FIELDS,
  chunkRow,
  chunksIn,
  documentKey,
  HEAD_FIELDS,
  headRow,
  type Stored,
  type StoredChunk,
} from './stored.ts'

/** Of a chunk, where it has one. The numbers stand once more in a field of the embedder's own, where they are compared. */
export interface VectorFields {
  readonly embedder: string
  /** Of the passage. */
  readonly hash: string
  /** Whole numbers of eight bits, in base64. */
  readonly numbers: string
  readonly vector_sum: string
}

type Unembedded = Parameters<Vectors['unembedded']>

const PAGE = 20
/** Documents that the plugin looks for, beyond those that are asked for: it finds all but a few of the best. */
const [TIMES, SPARE, MOST] = [3, 100, 10_000]
const MOST_INNER = 100

/**
 * @param sources Whose documents may be written; absent: all. A vector is stored with its document, and whoever writes that one
 *   at the same time would lose what it says.
 */
export async function embed(
  opened: Opened,
  target: Target,
  sources: readonly string[] | undefined,
  embedder: string,
  vectors: readonly Embedded[],
): Promise<void> {
  const { db, index } = opened
  const [first] = vectors
  if (first === undefined) return
  await makeField(opened, embedder, first.vector.length)
  const byDocument = Map.groupBy(vectors, ({ document }) => document)
  const ids = [...byDocument.keys()]
  for (let at = 0; at < ids.length; at += PAGE) {
    const slice = ids.slice(at, at + PAGE)
    const stored = await readByKey<Stored>(db, index, slice.map(documentKey), undefined, PAGE)
    const own = [...stored].filter(([, { source }]) => sources?.includes(source) ?? true)
    const writes = own.map(([id, document]): Write => {
      const made = byDocument.get(document.id) ?? []
      return { type: 'put', id, body: embedded(opened, document, embedder, made) }
    })
    await writeAll(db, target, writes)
  }
  await show(db, index)
}

/** Chunks that say what one of the document did keep that one's vector. */
export function withVectors(document: Stored, before: readonly StoredChunk[]): Stored {
  const known = new Map(before.flatMap((chunk) => (chunk.hash === undefined ? [] : [[chunk.hash, chunk] as const])))
  if (known.size === 0) return document
  const { title } = JSON.parse(document.head) as { title: string }
  const chunks = document.chunks.map((chunk) => {
    const { hash } = passageIn(document.id, title, chunk)
    const { embedder, numbers } = known.get(hash) ?? {}
    if (embedder === undefined || numbers === undefined) return chunk
    const values = new Int8Array(Buffer.from(numbers, 'base64'))
    return { ...chunk, ...vectorFields(document.id, chunk.ordinal, embedder, hash, values) }
  })
  return { ...document, chunks }
}

export async function readEmbedded({ db, index }: Opened, ids: readonly string[]): Promise<StoredVector[]> {
  const fields = ['id', 'ordinal', 'embedder', 'hash', 'numbers', 'vector_sum'].map((name) =>
    name === 'id' ? name : `chunks.${name}`,
  )
  const keys = [...new Set(ids)].map(documentKey)
  const stored = await readByKey<Stored>(db, index, keys, fields, PAGE)
  const inOrder = [...stored.values()].sort((a, b) => byUtf8(a.id, b.id))
  return inOrder.flatMap((document) => chunksIn(document).flatMap((chunk) => vectorIn(db.path, document.id, chunk)))
}

function vectorIn(path: string, document: string, chunk: StoredChunk): StoredVector[] {
  const { ordinal, embedder, hash, numbers, vector_sum } = chunk
  if (embedder === undefined || hash === undefined || numbers === undefined) return []
  const bytes = Buffer.from(numbers, 'base64')
  if (vectorSumOf(document, ordinal, embedder, bytes) !== vector_sum) throw damagedDocument(path, document, 'vector')
  return [{ document, ordinal, embedder, hash, vector: Float32Array.from(new Int8Array(bytes)) }]
}

/** @param sources Absent: all. */
export async function readUnembedded(
  opened: Opened,
  sources: readonly string[] | undefined,
  ...[embedder, limit, after]: Unembedded
): Promise<Passage[]> {
  const { db, index } = opened
  const from = after === undefined ? [] : [{ range: { id: { gte: after.document } } }]
  const query = { bool: { filter: [...lacking(sources, embedder), ...from] } }
  const fields = [...HEAD_FIELDS, ...CHUNK_FIELDS, 'chunks.embedder']
  const found: Passage[] = []
  for await (const { _source } of searchAll<Stored>(db, index, { query, _source: fields }, { page: PAGE })) {
    const { title } = toHead(db, headRow(_source)).head
    for (const chunk of chunksIn(_source)) {
      if (found.length >= limit) return found
      if (chunk.embedder === embedder) continue
      const passage = passageOf(_source.id, title, toChunk(db, chunkRow(_source.id, chunk)))
      if (isBehind(passage, after)) found.push(passage)
    }
  }
  return found
}

export async function countUnembedded(
  { db, index }: Opened,
  sources: readonly string[] | undefined,
  embedder: string,
): Promise<{ texts: number; tokens: number }> {
  const waiting = { bool: { must_not: [{ term: { 'chunks.embedder': embedder } }] } }
  const aggs = { chunks: { nested: { path: 'chunks' }, aggs: { waiting: { filter: waiting, aggs: { tokens: SUM } } } } }
  const query = { bool: { filter: lacking(sources, embedder) } }
  const { aggregations } = await search(db, index, { query, size: 0, aggs })
  const found = aggregations?.['chunks']?.['waiting'] as { doc_count: number; tokens: { value: number } } | undefined
  return { texts: found?.doc_count ?? 0, tokens: found?.tokens.value ?? 0 }
}

const SUM = { sum: { field: 'chunks.tokens' } }

/** The filter is the plugin's own: so many are looked for among those that are for the reader. */
export async function nearest({ db, index }: Opened, query: VectorQuery): Promise<Candidate[]> {
  const limit = Math.trunc(query.limit)
  const vector = [...quantize(query.vector)]
  if (limit < 1 || vector.every((value) => value === 0) || !(await hasField({ db, index }, query))) return []
  const inner = {
    size: MOST_INNER,
    ...ONLY_FIELDS,
    docvalue_fields: [...CANDIDATE_FIELDS, 'chunks.numbers', 'chunks.vector_sum'],
  }
  const k = Math.min(MOST, TIMES * limit + SPARE)
  const filter = { bool: { filter: readableBy(query) } }
  const knn = { [`chunks.${fieldOf(query.embedder)}`]: { vector, k, expand_nested_docs: true, filter } }
  const found = await search(db, index, {
    query: { nested: { path: 'chunks', score_mode: 'max', query: { knn }, inner_hits: inner } },
    ...{ size: k, ...ONLY_FIELDS, docvalue_fields: ['id', 'updated'] },
  })
  const cosine = cosineWith(query.vector)
  const candidates = found.hits.hits.flatMap((hit) =>
    candidatesIn(hit, db.path).map(({ fields, ...candidate }) => {
      const numbers = Buffer.from(String(fields['chunks.numbers']?.[0] ?? ''), 'base64')
      const sum = vectorSumOf(candidate.document, candidate.ordinal, query.embedder, numbers)
      if (sum !== fields['chunks.vector_sum']?.[0]) throw damagedDocument(db.path, candidate.document, 'vector')
      return { ...candidate, score: cosine(new Int8Array(numbers)) }
    }),
  )
  return candidates.sort(byRank).slice(0, limit)
}

export function noVectors(path: string): UnsiloError {
  return new UnsiloError(
    'CONFIG_INVALID',
    `${path} can hold no vectors: its cluster had no k-NN plugin when it was made.`,
    {
      hint: 'Install opensearch-knn on every node and run `unsilo index init --rebuild`, or take `embedder` out of the configuration. Words find all the same.',
    },
  )
}

function embedded({ db }: Opened, document: Stored, embedder: string, made: readonly Embedded[]): Stored {
  const { title } = toHead(db, headRow(document)).head
  const byOrdinal = new Map(made.map((each) => [each.ordinal, each]))
  const chunks = document.chunks.map((chunk) => {
    const vector = byOrdinal.get(chunk.ordinal)
    const { hash } = passageOf(document.id, title, toChunk(db, chunkRow(document.id, chunk)))
    if (vector === undefined || vector.hash !== hash) return chunk
    return {
      ...withoutVector(chunk),
      ...vectorFields(document.id, chunk.ordinal, embedder, hash, quantize(vector.vector)),
    }
  })
  return { ...document, chunks }
}

/** Nothing is like a vector of nothing but zeros, which the plugin refuses. */
function vectorFields(id: string, ordinal: number, embedder: string, hash: string, values: Int8Array): VectorFields {
  const numbers = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
  const vector_sum = vectorSumOf(id, ordinal, embedder, numbers)
  const compared = values.every((value) => value === 0) ? {} : { [fieldOf(embedder)]: [...values] }
  return { embedder, hash, numbers: numbers.toString('base64'), vector_sum, ...compared }
}

function withoutVector(chunk: StoredChunk): StoredChunk {
  return Object.fromEntries(
    Object.entries(chunk).filter(([name]) => !name.startsWith('vector_')),
  ) as unknown as StoredChunk
}

function vectorSumOf(id: string, ordinal: number, embedder: string, numbers: Uint8Array): string {
  return bytesSum(`${id}#${ordinal};${embedder}`, numbers)
}

function passageIn(id: string, title: string, { ordinal, headings, text, tokens }: StoredChunk): Passage {
  return passageOf(id, title, { ordinal, headings: JSON.parse(headings) as string[], text, tokens })
}

/** Documents with a chunk that has no vector of this embedder, if somebody may read them. */
function lacking(sources: readonly string[] | undefined, embedder: string) {
  const waiting = { bool: { must_not: [{ term: { 'chunks.embedder': embedder } }] } }
  return [
    { term: { type: 'document' } },
    ...(sources === undefined ? [] : [{ terms: { source: sources } }]),
    { exists: { field: 'principals' } },
    { nested: { path: 'chunks', score_mode: 'none', query: waiting } },
  ]
}

function fieldOf(embedder: string): string {
  return `vector_${sha256(embedder).slice(0, 16)}`
}

/** Each embedder has one of its own, since those of a field are of one length. */
async function makeField({ db, index }: Opened, embedder: string, dimension: number): Promise<void> {
  const method = { name: 'hnsw', engine: 'lucene', space_type: 'cosinesimil' }
  const field = { type: 'knn_vector', dimension, data_type: 'byte', method }
  const body = { properties: { chunks: { type: 'nested', properties: { [fieldOf(embedder)]: field } } } }
  await db.ask({ method: 'PUT', path: `/${index}/_mapping`, body })
}

/** One that nobody embedded with yet, or whose vectors have another length, finds nothing. */
async function hasField(
  { db, index }: Pick<Opened, 'db' | 'index'>,
  { embedder, vector }: VectorQuery,
): Promise<boolean> {
  const path = `/${index}/_mapping/field/chunks.${fieldOf(embedder)}`
  const { body } = await db.ask<
    Record<string, { mappings: Record<string, { mapping: Record<string, { dimension: number }> }> }>
  >({
    method: 'GET',
    path,
    accept: [404],
  })
  const [field] = Object.values(Object.values(body)[0]?.mappings ?? {})
  return field !== undefined && Object.values(field.mapping)[0]?.dimension === vector.length
}

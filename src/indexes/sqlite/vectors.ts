/** Vectors into and out of the tables, one a chunk. They go with their chunk, by cascade. */

import type { Chunk } from '../../core/document.ts'
import { passageOf } from '../../core/passage.ts'
import type { Embedded, Passage, StoredVector, Vectors } from '../../core/vectors.ts'
import { damaged, damagedDocument } from '../damage.ts'
import { CHUNK_COLUMNS, type ChunkRow, HEAD_COLUMNS, type HeadRow, toChunk, toHead } from '../rows.ts'
import { embedderSum, vectorSum } from '../sums.ts'
import { byUtf8 } from '../utf8.ts'
import { checkVectors, quantize } from '../vectors.ts'
import type { Connection } from './connection.ts'

/** Of one document, by the hash of the passage. */
export type KeptVectors = ReadonlyMap<string, KeptVector>

interface KeptVector {
  readonly embedder: Embedder
  readonly hash: string
  readonly numbers: Uint8Array
}

/** As it stands in its table. */
export interface Embedder {
  readonly key: number
  readonly identity: string
}

interface VectorRow {
  readonly chunk: number
  readonly embedder: number
  readonly hash: string
  readonly numbers: Uint8Array
  readonly sum: string
}

interface EmbeddedRow extends VectorRow {
  readonly document: string
  readonly ordinal: number
}

type Unembedded = Parameters<Vectors['unembedded']>

/** Those that are as they were written: what lacks one is embedded again. */
export function readVectors(db: Connection, document: string): KeptVectors {
  return keptOf(surveyVectors(db, document))
}

/** Of each vector of a document, in order of their places: itself, or null where it is not as it was written. */
export function surveyVectors(db: Connection, document: string): readonly (KeptVector | null)[] {
  const sql = `SELECT v.chunk, v.embedder, v.hash, v.numbers, v.sum FROM document d
    JOIN chunk c ON c.document = d.key JOIN vector v ON v.chunk = c.key WHERE d.id = ? ORDER BY c.ordinal`
  const rows = db.all<VectorRow>(sql, document)
  if (rows.length === 0) return []
  const embedders = new Map(readEmbedders(db).map((embedder) => [embedder.key, embedder]))
  return rows.map(({ chunk, embedder: key, hash, numbers, sum }) => {
    const embedder = embedders.get(key)
    if (embedder === undefined || vectorSum({ chunk, identity: embedder.identity, hash, numbers }) !== sum) return null
    return { embedder, hash, numbers }
  })
}

export function keptOf(vectors: readonly (KeptVector | null)[]): KeptVectors {
  return new Map(vectors.flatMap((one): [string, KeptVector][] => (one === null ? [] : [[one.hash, one]])))
}

/** The chunk's own again, if it says what another of the document said before. */
export function keepVector(db: Connection, kept: KeptVectors, key: number, passage: () => Passage): void {
  const stored = kept.size === 0 ? undefined : kept.get(passage().hash)
  if (stored !== undefined) putVector(db, key, stored)
}

export function embed(db: Connection, identity: string, vectors: readonly Embedded[]): void {
  checkVectors(identity, vectors)
  db.writing(() => {
    const embedder = findEmbedder(db, identity) ?? addEmbedder(db, identity)
    for (const { document, ordinal, hash, vector } of vectors) {
      const row = passageRow(db, document, ordinal)
      if (row === undefined || toPassage(db, row).hash !== hash) continue
      putVector(db, row.key, { embedder, hash, numbers: Buffer.from(quantize(vector).buffer) })
    }
  })
}

/** Throws INDEX_DAMAGED where one is not as it was written. */
export function readEmbedded(db: Connection, ids: readonly string[]): StoredVector[] {
  const sql = `SELECT d.id AS document, c.ordinal, v.chunk, v.embedder, v.hash, v.numbers, v.sum FROM document d
    JOIN chunk c ON c.document = d.key JOIN vector v ON v.chunk = c.key WHERE d.id = ? ORDER BY c.ordinal`
  return db.reading(() => {
    const embedders = new Map(readEmbedders(db).map(({ key, identity }) => [key, identity]))
    return [...new Set(ids)].sort(byUtf8).flatMap((id) =>
      db.all<EmbeddedRow>(sql, id).map(({ document, ordinal, chunk, embedder: key, hash, numbers, sum }) => {
        const embedder = embedders.get(key)
        if (embedder === undefined || vectorSum({ chunk, identity: embedder, hash, numbers }) !== sum) {
          throw damagedDocument(db.path, id, 'vector')
        }
        return { document, ordinal, embedder, hash, vector: Float32Array.from(numbersOf(numbers)) }
      }),
    )
  })
}

export function numbersOf({ buffer, byteOffset, byteLength }: Uint8Array): Int8Array {
  return new Int8Array(buffer, byteOffset, byteLength)
}

export function findEmbedder(db: Connection, identity: string): Embedder | null {
  return readEmbedders(db).find((embedder) => embedder.identity === identity) ?? null
}

/** Throws INDEX_DAMAGED where one is not as it was written: its vectors would be as good as not there. */
export function readEmbedders(db: Connection): readonly Embedder[] {
  const rows = db.all<Embedder & { readonly sum: string }>('SELECT key, identity, sum FROM embedder')
  const used = db.get<{ key: number }>('SELECT embedder AS key FROM vector LIMIT 1')
  const isHere = used === undefined || rows.some(({ key }) => key === used.key)
  if (isHere && rows.every(({ key, identity, sum }) => embedderSum(key, identity) === sum)) return rows
  throw damaged(db.path, 'is damaged: it has lost by which model its vectors were made.')
}

export function putEmbedder(db: Connection, { key, identity }: Embedder): void {
  const sql = 'INSERT INTO embedder (key, identity, sum) VALUES (?, ?, ?)'
  db.run(sql, key, identity, embedderSum(key, identity))
}

function addEmbedder(db: Connection, identity: string): Embedder {
  const { next } = db.get<{ next: number }>('SELECT coalesce(max(key), 0) + 1 AS next FROM embedder') ?? { next: 1 }
  const embedder = { key: next, identity }
  putEmbedder(db, embedder)
  return embedder
}

export function readUnembedded(db: Connection, ...[identity, limit, after]: Unembedded): Passage[] {
  const [place, values] =
    after === undefined ? ['true', []] : ['(d.id, c.ordinal) > (?, ?)', [after.document, after.ordinal]]
  const sql = `${PASSAGES} WHERE ${place} AND ${READABLE} AND ${LACKING} ORDER BY d.id, c.ordinal LIMIT ?`
  return db.reading(() =>
    db.all<PassageRow>(sql, ...values, findEmbedder(db, identity)?.key ?? null, limit).map((row) => toPassage(db, row)),
  )
}

export function countUnembedded(db: Connection, identity: string): { texts: number; tokens: number } {
  const sql = `SELECT count(*) AS texts, coalesce(sum(x.tokens), 0) AS tokens
    FROM chunk c JOIN chunk_text x ON x.chunk = c.key WHERE ${READABLE} AND ${LACKING}`
  return (
    db.reading(() => db.get<{ texts: number; tokens: number }>(sql, findEmbedder(db, identity)?.key ?? null)) ?? NONE
  )
}

const NONE = { texts: 0, tokens: 0 }

/** Somebody may read it. */
const READABLE = 'EXISTS (SELECT 1 FROM access a WHERE a.document = c.document)'
/** Parameter: the embedder's key; null is no vector's. */
const LACKING = 'NOT EXISTS (SELECT 1 FROM vector v WHERE v.chunk = c.key AND v.embedder = ?)'
const PASSAGES = `SELECT c.key, ${CHUNK_COLUMNS}, ${HEAD_COLUMNS}
  FROM document d CROSS JOIN chunk c ON c.document = d.key CROSS JOIN chunk_text x ON x.chunk = c.key`

type PassageRow = ChunkRow & HeadRow & { readonly key: number }

function passageRow(db: Connection, document: string, ordinal: number): PassageRow | undefined {
  return db.get<PassageRow>(`${PASSAGES} WHERE d.id = ? AND c.ordinal = ?`, document, ordinal)
}

function toPassage(db: Connection, row: PassageRow): Passage {
  const chunk: Chunk = toChunk(db, row)
  return passageOf(row.id, toHead(db, row).head.title, chunk)
}

function putVector(db: Connection, chunk: number, { embedder, hash, numbers }: KeptVector): void {
  const sum = vectorSum({ chunk, identity: embedder.identity, hash, numbers })
  const sql = `INSERT INTO vector (chunk, embedder, hash, numbers, sum) VALUES (?, ?, ?, ?, ?) ON CONFLICT (chunk)
    DO UPDATE SET embedder = excluded.embedder, hash = excluded.hash, numbers = excluded.numbers, sum = excluded.sum`
  db.run(sql, chunk, embedder.key, hash, numbers, sum)
}

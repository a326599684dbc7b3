/** Vectors into and out of the tables, one a chunk. They go with their chunk, by cascade. */

import type { Chunk } from '../../core/document.ts'
import { UnsiloError } from '../../core/errors.ts'
import { passageOf } from '../../core/passage.ts'
import type { Embedded, Passage, StoredVector, Vectors } from '../../core/vectors.ts'
import { CHUNK_COLUMNS, type ChunkRow, HEAD_COLUMNS, type HeadRow, toChunk, toHead } from '../rows.ts'
import { checkVectors, quantize } from '../vectors.ts'
import type { Connection, Session } from './connection.ts'
import { CHUNKS } from './read.ts'
import { parameters } from './readers.ts'
import type { Part } from './write.ts'

/** By document id and the hash of the passage. */
export type KeptVectors = ReadonlyMap<string, KeptVector>

interface KeptVector {
  readonly embedder: number
  readonly hash: string
  /** `[1,-2,…]` */
  readonly numbers: string
}

interface VectorRow extends KeptVector {
  readonly chunk: number
}

type Unembedded = Parameters<Vectors['unembedded']>
type PassageRow = ChunkRow & HeadRow & { readonly key: number }

/** Rows in a statement. */
const SLICE = 500

export async function readVectors(session: Session, ids: readonly string[]): Promise<KeptVectors> {
  const sql = `SELECT d.id, v.embedder, v.hash, v.numbers::text AS numbers FROM @.document d
    JOIN @.chunk c ON c.document = d.key JOIN @.vector v ON v.chunk = c.key WHERE d.id = ANY ($1)`
  const rows = await session.all<KeptVector & { readonly id: string }>(sql, ids)
  return new Map(rows.map((row) => [keptAs(row.id, row.hash), row]))
}

/** The chunk's own again, if it says what another of the document said before. */
export async function keepVectors(
  session: Session,
  kept: KeptVectors,
  parts: readonly Part[],
  keys: readonly number[],
  extension: string,
): Promise<void> {
  const rows = parts.flatMap(({ document: { head }, chunk }, at): VectorRow[] => {
    const stored = kept.get(keptAs(head.id, passageOf(head.id, head.title, chunk).hash))
    return stored === undefined ? [] : [{ ...stored, chunk: keys[at] ?? 0 }]
  })
  await putVectors(session, rows, extension)
}

/** In the caller's transaction. */
export async function embed(
  session: Session,
  identity: string,
  vectors: readonly Embedded[],
  extension: string,
): Promise<void> {
  const embedder = await embedderFor(session, identity, vectors[0]?.vector.length ?? 0)
  for (let at = 0; at < vectors.length; at += SLICE) {
    const slice = vectors.slice(at, at + SLICE)
    const passages = await passagesAt(session, slice)
    const rows = slice.flatMap(({ document, ordinal, hash, vector }): VectorRow[] => {
      const row = passages.get(`${document}#${ordinal}`)
      if (row === undefined || toPassage(session, row).hash !== hash) return []
      return [{ chunk: row.key, embedder, hash, numbers: `[${quantize(vector).join(',')}]` }]
    })
    await putVectors(session, rows, extension)
  }
}

/** Throws UNEXPECTED: before anything is asked of the database. */
export function checkEmbedded(identity: string, vectors: readonly Embedded[]): void {
  checkVectors(identity, vectors)
}

export interface Embedder {
  readonly key: number
  readonly dimensions: number
}

export async function embedderOf(session: Session, identity: string): Promise<Embedder | null> {
  const sql = 'SELECT key, dimensions FROM @.embedder WHERE identity = $1'
  return (await session.get<Embedder>(sql, identity)) ?? null
}

export async function readEmbedded(db: Connection, ids: readonly string[]): Promise<StoredVector[]> {
  const sql = `SELECT d.id AS document, c.ordinal, e.identity AS embedder, v.hash, v.numbers::text AS numbers
    FROM @.document d JOIN @.chunk c ON c.document = d.key JOIN @.vector v ON v.chunk = c.key
    JOIN @.embedder e ON e.key = v.embedder WHERE d.id = ANY ($1) ORDER BY d.id, c.ordinal`
  const rows = await db.all<Omit<StoredVector, 'vector'> & { readonly numbers: string }>(sql, ids)
  return rows.map(({ numbers, ...rest }) => ({ ...rest, vector: Float32Array.from(JSON.parse(numbers) as number[]) }))
}

export async function readUnembedded(db: Connection, ...[identity, limit, after]: Unembedded): Promise<Passage[]> {
  const asked = parameters(identity, limit)
  const place =
    after === undefined
      ? 'true'
      : `(d.id, c.ordinal) > (${asked.bind(after.document)}, ${asked.bind(after.ordinal)}::int)`
  const sql = `SELECT c.key, ${CHUNK_COLUMNS}, ${HEAD_COLUMNS} FROM ${CHUNKS}
    WHERE ${place} AND ${LACKING} ORDER BY d.id, c.ordinal LIMIT $2`
  return (await db.all<PassageRow>(sql, ...asked.values)).map((row) => toPassage(db, row))
}

export async function countUnembedded(db: Connection, identity: string): Promise<{ texts: number; tokens: number }> {
  const sql = `SELECT count(*) AS texts, coalesce(sum(x.tokens), 0) AS tokens FROM ${CHUNKS} WHERE ${LACKING}`
  return (await db.get<{ texts: number; tokens: number }>(sql, identity)) ?? { texts: 0, tokens: 0 }
}

export function noVectors(path: string): UnsiloError {
  return new UnsiloError('CONFIG_INVALID', `${path} can hold no vectors: it has no pgvector of 0.7 or newer.`, {
    hint: 'Install pgvector and run CREATE EXTENSION vector in this database, or take `embedder` out of the configuration. Words find all the same.',
  })
}

/** Of what somebody may read. Parameter: the embedder's identity. */
const LACKING = `d.principals <> '{}' AND NOT EXISTS (
  SELECT FROM @.vector v JOIN @.embedder e ON e.key = v.embedder WHERE v.chunk = c.key AND e.identity = $1)`

async function embedderFor(session: Session, identity: string, dimensions: number): Promise<number> {
  const sql = 'INSERT INTO @.embedder (identity, dimensions) VALUES ($1, $2) ON CONFLICT DO NOTHING'
  await session.run(sql, identity, dimensions)
  return (await embedderOf(session, identity))?.key ?? 0
}

async function passagesAt(session: Session, places: readonly Embedded[]): Promise<ReadonlyMap<string, PassageRow>> {
  const sql = `SELECT c.key, ${CHUNK_COLUMNS}, ${HEAD_COLUMNS} FROM ${CHUNKS}
    JOIN unnest($1::text[], $2::int[]) AS a (id, ordinal) ON a.id = d.id AND a.ordinal = c.ordinal`
  const ids = places.map(({ document }) => document)
  const ordinals = places.map(({ ordinal }) => ordinal)
  const rows = await session.all<PassageRow>(sql, ids, ordinals)
  return new Map(rows.map((row) => [`${row.id}#${row.ordinal}`, row]))
}

function toPassage(session: Session, row: PassageRow): Passage {
  const chunk: Chunk = toChunk(session, row)
  return passageOf(row.id, toHead(session, row).head.title, chunk)
}

async function putVectors(session: Session, rows: readonly VectorRow[], extension: string): Promise<void> {
  const last = [...new Map(rows.map((row) => [row.chunk, row])).values()]
  if (last.length === 0) return
  await session.run(
    `INSERT INTO @.vector (chunk, embedder, hash, numbers)
      SELECT n.chunk, n.embedder, n.hash, n.numbers::"${extension}".halfvec
      FROM unnest($1::bigint[], $2::int[], $3::text[], $4::text[]) AS n (chunk, embedder, hash, numbers)
      ON CONFLICT (chunk) DO UPDATE SET embedder = excluded.embedder, hash = excluded.hash, numbers = excluded.numbers`,
    ...[last.map(({ chunk }) => chunk), last.map(({ embedder }) => embedder)],
    ...[last.map(({ hash }) => hash), last.map(({ numbers }) => numbers)],
  )
}

function keptAs(document: string, hash: string): string {
  return `${document}#${hash}`
}

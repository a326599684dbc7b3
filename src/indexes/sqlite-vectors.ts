/** Vectors into and out of the tables, one a chunk. They go with their chunk, by cascade. */

import type { Chunk } from '../core/document.ts'
import { passageOf } from '../core/passage.ts'
import type { Embedded, Passage, Vectors } from '../core/vectors.ts'
import type { Connection } from './sqlite-connection.ts'
import { CHUNK_COLUMNS, type ChunkRow, HEAD_COLUMNS, type HeadRow, toChunk, toHead } from './sqlite-tables.ts'
import { checkVectors, quantize } from './vectors.ts'

/** Of one document, by the hash of the passage. */
export type KeptVectors = ReadonlyMap<string, StoredVector>

interface StoredVector {
  readonly embedder: number
  readonly hash: string
  readonly numbers: Buffer
}

type Unembedded = Parameters<Vectors['unembedded']>

export function readVectors(db: Connection, document: string): KeptVectors {
  const sql = `SELECT v.embedder, v.hash, v.numbers FROM document d
    JOIN chunk c ON c.document = d.key JOIN vector v ON v.chunk = c.key WHERE d.id = ?`
  return new Map(db.all<StoredVector>(sql, document).map((stored) => [stored.hash, stored]))
}

/** The chunk's own again, if it says what another of the document said before. */
export function keepVector(db: Connection, kept: KeptVectors, key: number, passage: () => Passage): void {
  const stored = kept.size === 0 ? undefined : kept.get(passage().hash)
  if (stored !== undefined) putVector(db, key, stored)
}

export function embed(db: Connection, identity: string, vectors: readonly Embedded[]): void {
  checkVectors(identity, vectors)
  db.writing(() => {
    db.run('INSERT INTO embedder (identity) VALUES (?) ON CONFLICT DO NOTHING', identity)
    const embedder = embedderKey(db, identity) ?? 0
    for (const { document, ordinal, hash, vector } of vectors) {
      const { buffer } = quantize(vector)
      const row = passageRow(db, document, ordinal)
      if (row === undefined || toPassage(db, row).hash !== hash) continue
      putVector(db, row.key, { embedder, hash, numbers: Buffer.from(buffer) })
    }
  })
}

export function embedderKey(db: Connection, identity: string): number | null {
  return db.get<{ key: number }>('SELECT key FROM embedder WHERE identity = ?', identity)?.key ?? null
}

export function readUnembedded(db: Connection, ...[identity, limit, after]: Unembedded): Passage[] {
  const [place, values] =
    after === undefined ? ['true', []] : ['(d.id, c.ordinal) > (?, ?)', [after.document, after.ordinal]]
  const sql = `${PASSAGES} WHERE ${place} AND ${READABLE} AND ${LACKING} ORDER BY d.id, c.ordinal LIMIT ?`
  return db.reading(() =>
    db.all<PassageRow>(sql, ...values, embedderKey(db, identity), limit).map((row) => toPassage(db, row)),
  )
}

export function countUnembedded(db: Connection, identity: string): { texts: number; tokens: number } {
  const sql = `SELECT count(*) AS texts, coalesce(sum(x.tokens), 0) AS tokens
    FROM chunk c JOIN chunk_text x ON x.chunk = c.key WHERE ${READABLE} AND ${LACKING}`
  return db.reading(() => db.get<{ texts: number; tokens: number }>(sql, embedderKey(db, identity))) ?? NONE
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

function putVector(db: Connection, chunk: number, { embedder, hash, numbers }: StoredVector): void {
  const sql = 'INSERT OR REPLACE INTO vector (chunk, embedder, hash, numbers) VALUES (?, ?, ?, ?)'
  db.run(sql, chunk, embedder, hash, numbers)
}

/**
 * The retriever by vectors. A small index is compared in full; of a large one, codes are kept in memory until the file
 * changes, and what they find near is compared in full. What the asker may not read takes no part in either.
 */
import { readerOf } from '../core/reader.ts'
import type { Candidate } from '../core/store.ts'
import type { VectorQuery } from '../core/vectors.ts'
import { type Coded, type Codes, encodeAll, meanOf, nearestKeys } from './codes.ts'
import type { Connection } from './sqlite-connection.ts'
import { fileVersion } from './sqlite-counts.ts'
import type { ReadCandidate } from './sqlite-hits.ts'
import { readableBy } from './sqlite-readers.ts'
import { embedderKey } from './sqlite-vectors.ts'
import { byUtf8 } from './utf8.ts'
import { cosineWith } from './vectors.ts'

/** Vectors up to which all are compared. */
const COMPARED_IN_FULL = 20_000
/** What the codes find near, and is compared in full: so many for each hit, and at least so many. */
const OVERSAMPLED = 50
const FEWEST_COMPARED = 1000
/** Vectors that their mean is taken of. */
const SAMPLE = 10_000
const PAGE = 1000
const MASKS_KEPT = 16

interface Ranked {
  readonly key: number
  readonly id: string
  readonly ordinal: number
  readonly score: number
}

interface VectorRow {
  readonly key: number
  readonly id: string
  readonly ordinal: number
  readonly numbers: Buffer
}

/** What is known of one embedder's vectors while the file stays as it is. */
interface Known {
  readonly version: string
  readonly embedder: number
  readonly count: number
  codes: Codes | null
  /** 1 at the key of each document that somebody may read, by who asks for what. */
  readonly masks: Map<string, Uint8Array>
}

/** @param inFull vectors up to which all are compared */
export function nearestOf(
  db: Connection,
  candidates: () => ReadCandidate,
  inFull = COMPARED_IN_FULL,
): (query: VectorQuery) => Candidate[] {
  let known: Known | null = null
  return (query) =>
    db.reading(() => {
      const embedder = embedderKey(db, query.embedder)
      if (embedder === null || query.limit < 1) return []
      const version = fileVersion(db)
      if (known?.version !== version || known.embedder !== embedder) {
        known = { version, embedder, count: countVectors(db, embedder), codes: null, masks: new Map() }
      }
      const rows = known.count <= inFull ? allRows(db, known, query) : nearRows(db, known, query)
      const read = candidates()
      return best(rows, query).map(({ key, score }) => ({ ...read(key), score }))
    })
}

function best(rows: readonly VectorRow[], { vector, limit }: VectorQuery): Ranked[] {
  const cosine = cosineWith(vector)
  const ranked = rows.map(({ key, id, ordinal, numbers }) => ({ key, id, ordinal, score: cosine(numbersOf(numbers)) }))
  ranked.sort((a, b) => b.score - a.score || byUtf8(a.id, b.id) || a.ordinal - b.ordinal)
  return ranked.slice(0, Math.trunc(limit))
}

const ROWS = `SELECT v.chunk AS key, d.id, c.ordinal, v.numbers
  FROM vector v JOIN chunk c ON c.key = v.chunk JOIN document d ON d.key = c.document`

function allRows(db: Connection, { embedder }: Known, query: VectorQuery): VectorRow[] {
  const filter = readableBy(query)
  return db.all<VectorRow>(`${ROWS} WHERE v.embedder = ? AND ${filter.sql}`, embedder, ...filter.values)
}

function nearRows(db: Connection, known: Known, query: VectorQuery): VectorRow[] {
  known.codes ??= readCodes(db, known, query.vector.length)
  const readable = maskOf(db, known, query)
  const most = Math.max(FEWEST_COMPARED, OVERSAMPLED * query.limit)
  const keys = nearestKeys(known.codes, query.vector, (owner) => readable[owner] === 1, most)
  const sql = `${ROWS} WHERE v.embedder = ? AND v.chunk IN (SELECT value FROM json_each(?))`
  return db.all<VectorRow>(sql, known.embedder, JSON.stringify(keys))
}

function maskOf(db: Connection, { masks }: Known, query: VectorQuery): Uint8Array {
  const reader = readerOf(query)
  const asked = JSON.stringify(reader)
  const seen = masks.get(asked)
  if (seen !== undefined) return seen
  const filter = readableBy(reader)
  const rows = db.all<{ key: number }>(`SELECT d.key FROM document d WHERE ${filter.sql}`, ...filter.values)
  const mask = new Uint8Array(rows.reduce((most, { key }) => Math.max(most, key), 0) + 1)
  for (const { key } of rows) mask[key] = 1
  if (masks.size >= MASKS_KEPT) masks.clear()
  masks.set(asked, mask)
  return mask
}

function readCodes(db: Connection, { embedder, count }: Known, dimensions: number): Codes {
  const step = Math.max(1, Math.floor(count / SAMPLE))
  const mean = meanOf(sampled(eachVector(db, embedder), step), dimensions)
  return encodeAll(eachVector(db, embedder), count, mean)
}

function* sampled(vectors: Iterable<Coded>, step: number): Generator<Int8Array> {
  let at = 0
  for (const { numbers } of vectors) if (at++ % step === 0) yield numbers
}

interface CodedRow {
  readonly key: number
  readonly owner: number
  readonly numbers: Buffer
}

/** Some at a time: all of them need not fit into memory. */
function* eachVector(db: Connection, embedder: number): Generator<Coded> {
  const sql = `SELECT v.chunk AS key, c.document AS owner, v.numbers FROM vector v JOIN chunk c ON c.key = v.chunk
    WHERE v.chunk > ? AND v.embedder = ? ORDER BY v.chunk LIMIT ${PAGE}`
  for (let after = -1; ; ) {
    const rows = db.all<CodedRow>(sql, after, embedder)
    for (const { key, owner, numbers } of rows) yield { key, owner, numbers: numbersOf(numbers) }
    const last = rows.at(-1)
    if (last === undefined) return
    after = last.key
  }
}

function countVectors(db: Connection, embedder: number): number {
  return db.get<{ count: number }>('SELECT count(*) AS count FROM vector WHERE embedder = ?', embedder)?.count ?? 0
}

function numbersOf({ buffer, byteOffset, byteLength }: Buffer): Int8Array {
  return new Int8Array(buffer, byteOffset, byteLength)
}

/**
 * Vectors by segments of neighbouring keys, and the codes of each segment in the file: made when a writer closes, dropped
 * by trigger when a vector of the segment changes, and trusted only as they were written. Whatever is missing of them is
 * made of the vectors again, so they decide how long a question takes and not what it is answered.
 */
import { type Coded, type Codes, encodeAll, meanOf, wordsOf } from '../codes.ts'
import { damaged, damagedDocument } from '../damage.ts'
import { bytesSum, vectorSum } from '../sums.ts'
import type { Connection } from './connection.ts'
import { type Embedder, numbersOf, readEmbedders } from './vectors.ts'

/** Vectors up to which all are compared, and no codes are made. */
export const COMPARED_IN_FULL = 20_000

/** Keys in a segment. The schema's triggers say so too. */
const KEYS = 1024
/** Row of `segment` for all of them together. */
const ALL = -1
/** Vectors that their mean is taken of. */
const SAMPLE = 4096
/** Segments in a transaction. */
const WRITTEN_AT_ONCE = 16

export interface Segment {
  readonly number: number
  /** How many there are, of whichever embedder. */
  readonly vectors: number
  /** How often any of them changed. */
  readonly changes: number
}

export interface Mean {
  readonly numbers: Float32Array
  /** What codes made with it are bound to. */
  readonly sum: string
  /** How many vectors there were when it was taken. */
  readonly vectors: number
}

/** All together, as `number` -1. Throws INDEX_DAMAGED where that is lost. */
export function readTotal(db: Connection): Segment {
  const total = db.get<Segment>('SELECT number, vectors, changes FROM segment WHERE number = ?', ALL)
  if (total === undefined) throw damaged(db.path, 'is damaged: it has lost how many vectors it holds.')
  return total
}

/** Those that hold vectors, in order. Throws INDEX_DAMAGED where one is lost. */
export function readSegments(db: Connection): readonly Segment[] {
  const sql = 'SELECT number, vectors, changes FROM segment WHERE number > ? AND vectors <> 0 ORDER BY number'
  const segments = db.all<Segment>(sql, ALL)
  const sum = segments.reduce((so, { vectors }) => so + vectors, 0)
  if (sum === readTotal(db).vectors) return segments
  throw damaged(db.path, 'is damaged: it has lost vectors.')
}

interface VectorRow {
  readonly key: number
  readonly owner: number
  readonly embedder: number
  readonly hash: string
  readonly numbers: Buffer
  readonly sum: string
}

/** By embedder's key, in order of their own. Throws INDEX_DAMAGED where one is lost, or is not as it was written. */
export function readVectorsOf(db: Connection, { number, vectors }: Segment): ReadonlyMap<number, readonly Coded[]> {
  const sql = `SELECT v.chunk AS key, c.document AS owner, v.embedder, v.hash, v.numbers, v.sum
    FROM vector v JOIN chunk c ON c.key = v.chunk WHERE v.chunk >= ? AND v.chunk < ? ORDER BY v.chunk`
  const rows = db.all<VectorRow>(sql, number * KEYS, (number + 1) * KEYS)
  if (rows.length !== vectors) throw damaged(db.path, 'is damaged: it has lost vectors.')
  const identities = new Map(readEmbedders(db).map(({ key, identity }) => [key, identity]))
  const found = new Map<number, Coded[]>()
  for (const { key, owner, embedder, ...row } of rows) {
    checkVector(db, identities.get(embedder) ?? '', { key, ...row })
    const own = found.get(embedder)
    const coded = { key, owner, numbers: numbersOf(row.numbers) }
    if (own === undefined) found.set(embedder, [coded])
    else own.push(coded)
  }
  return found
}

/** Throws INDEX_DAMAGED, naming its document. */
export function checkVector(
  db: Connection,
  identity: string,
  { key: chunk, hash, numbers, sum }: Pick<VectorRow, 'key' | 'hash' | 'numbers' | 'sum'>,
): void {
  if (vectorSum({ chunk, identity, hash, numbers }) === sum) return
  const sql = 'SELECT d.id FROM chunk c JOIN document d ON d.key = c.document WHERE c.key = ?'
  throw damagedDocument(db.path, db.get<{ id: string }>(sql, chunk)?.id ?? '', 'vector')
}

// --- means ------------------------------------------------------------------------------------------------------

/** Null where there is none, or it is not as it was written. */
export function readMean(db: Connection, { key }: Embedder): Mean | null {
  const sql = 'SELECT numbers, sum, vectors FROM mean WHERE embedder = ?'
  const row = db.get<{ numbers: Buffer; sum: string; vectors: number }>(sql, key)
  if (row === undefined || meanSum(key, row.numbers) !== row.sum) return null
  return { numbers: new Float32Array(aligned(row.numbers)), sum: row.sum, vectors: row.vectors }
}

/** Of vectors from all over the file; null where there is none. */
export function makeMean(db: Connection, { key }: Embedder): Mean | null {
  const { first, last } = db.get<{ first: number; last: number }>(
    'SELECT min(chunk) AS first, max(chunk) AS last FROM vector',
  ) ?? { first: 0, last: 0 }
  const step = Math.max(1, (last + 1 - first) / SAMPLE)
  const sql = 'SELECT numbers FROM vector WHERE chunk >= ? AND chunk < ? AND embedder = ? ORDER BY chunk LIMIT 1'
  const sample: Int8Array[] = []
  for (let from = first; from <= last; from += step) {
    const row = db.get<{ numbers: Buffer }>(sql, Math.ceil(from), Math.ceil(from + step), key)
    if (row !== undefined) sample.push(numbersOf(row.numbers))
  }
  const [one] = sample
  if (one === undefined) return null
  const numbers = meanOf(sample, one.length)
  return { numbers, sum: meanSum(key, bytesOf(numbers)), vectors: readTotal(db).vectors }
}

function meanSum(embedder: number, bytes: Uint8Array): string {
  return bytesSum(`mean ${embedder}`, bytes)
}

// --- codes ------------------------------------------------------------------------------------------------------

/** As they stand in the file; null where they do not, or not as they were written, or with another mean. */
export function readCodes(db: Connection, segment: Segment, embedder: Embedder, mean: Mean): Codes | null {
  const sql = 'SELECT sum, codes FROM code WHERE segment = ? AND embedder = ?'
  const row = db.get<{ sum: string; codes: Buffer }>(sql, segment.number, embedder.key)
  if (row === undefined || codesSum(segment, embedder, mean, row.codes) !== row.sum) return null
  const words = new Uint32Array(aligned(row.codes))
  const count = words.length / (2 + wordsOf(mean.numbers.length))
  return { keys: words.subarray(0, count), owners: words.subarray(count, 2 * count), words: words.subarray(2 * count) }
}

/** Vectors that are counted otherwise than they are there, and codes that are not as they were written. Changes nothing. */
export function vectorDamage(db: Connection): readonly string[] {
  const counted = db.all<Pick<Segment, 'number' | 'vectors'>>(COUNTED)
  const segments = new Map(readSegments(db).map((segment) => [segment.number, segment]))
  const isLost =
    counted.length !== segments.size || counted.some(({ number, vectors }) => segments.get(number)?.vectors !== vectors)
  const embedders = readEmbedders(db)
  const isSound = ({ segment, embedder: key }: { readonly segment: number; readonly embedder: number }) => {
    const [of, embedder] = [segments.get(segment), embedders.find((one) => one.key === key)]
    const mean = embedder === undefined ? null : readMean(db, embedder)
    return of !== undefined && embedder !== undefined && mean !== null && readCodes(db, of, embedder, mean) !== null
  }
  const codes = db.all<{ segment: number; embedder: number }>('SELECT segment, embedder FROM code')
  return [
    ...(isLost ? ['there are more vectors, or fewer, than were written'] : []),
    ...(codes.every(isSound) ? [] : ['the codes of vectors are not as they were written']),
  ]
}

const COUNTED = `SELECT chunk / ${KEYS} AS number, count(*) AS vectors FROM vector GROUP BY 1`

/** Whether codes of a segment stand in the file, of whichever embedder's vectors. */
function isCoded(db: Connection, { number }: Segment): boolean {
  return db.get('SELECT 1 FROM code WHERE segment = ? LIMIT 1', number) !== undefined
}

/** The codes that a large index lacks, some at a time: whoever ends in between left what is right. */
export function fillCodes(db: Connection, inFull = COMPARED_IN_FULL): void {
  if (readTotal(db).vectors <= inFull) return
  db.writing(() => forgetOutgrown(db))
  const missing = readSegments(db).filter((segment) => !isCoded(db, segment))
  const kept = new Map<number, readonly [Embedder, Mean] | null>()
  while (missing.length > 0) {
    const some = missing.splice(0, WRITTEN_AT_ONCE)
    db.writing(() => {
      for (const segment of some) writeCodes(db, segment, kept)
    })
  }
}

/** A mean serves until there are twice as many vectors as when it was taken; then all are coded anew. */
function forgetOutgrown(db: Connection): void {
  const sql = 'SELECT 1 FROM mean WHERE vectors * 2 <= ? LIMIT 1'
  if (db.get(sql, readTotal(db).vectors) !== undefined) db.execute('DELETE FROM code; DELETE FROM mean')
}

function writeCodes(db: Connection, segment: Segment, kept: Map<number, readonly [Embedder, Mean] | null>): void {
  for (const [key, vectors] of readVectorsOf(db, segment)) {
    const known = kept.get(key) ?? keepMean(db, key)
    kept.set(key, known)
    if (known === null) continue
    const [embedder, mean] = known
    const { keys, owners, words } = encodeAll(vectors, mean.numbers)
    const codes = Buffer.concat([keys, owners, words].map(bytesOf))
    const sql = 'INSERT OR REPLACE INTO code (segment, embedder, sum, codes) VALUES (?, ?, ?, ?)'
    db.run(sql, segment.number, key, codesSum(segment, embedder, mean, codes), codes)
  }
}

function keepMean(db: Connection, key: number): readonly [Embedder, Mean] | null {
  const embedder = readEmbedders(db).find((one) => one.key === key)
  if (embedder === undefined) return null
  const known = readMean(db, embedder)
  const mean = known ?? makeMean(db, embedder)
  if (mean === null) return null
  if (known === null) {
    db.run('DELETE FROM code WHERE embedder = ?', key)
    const sql = 'INSERT OR REPLACE INTO mean (embedder, vectors, numbers, sum) VALUES (?, ?, ?, ?)'
    db.run(sql, key, mean.vectors, bytesOf(mean.numbers), mean.sum)
  }
  return [embedder, mean]
}

function codesSum({ number, changes }: Segment, { key }: Embedder, mean: Mean, codes: Uint8Array): string {
  return bytesSum(`codes ${number} ${changes} ${key} ${mean.sum}`, codes)
}

function bytesOf({ buffer, byteOffset, byteLength }: Uint32Array | Float32Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** Numbers of four bytes can only be read where four bytes begin. */
function aligned({ buffer, byteOffset, byteLength }: Buffer): ArrayBuffer {
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
}

/** Everything of a file that can still be read, each part by itself: what is damaged hides nothing else. */
import { isDeepStrictEqual } from 'node:util'
import { type Access, type Principal, sameAccess } from '../../core/access.ts'
import type { Chunk, StoredDocument } from '../../core/document.ts'
import type { Damage } from '../../core/repair.ts'
import { facetsOf } from '../facets.ts'
import { CHUNK_COLUMNS, type ChunkRow, DOCUMENT_COLUMNS, type DocumentRow, toChunk, toDocument } from '../rows.ts'
import { standingOf } from '../standing.ts'
import { type WordsColumns, wordsSum } from '../sums.ts'
import type { Connection } from './connection.ts'
import { readFacets } from './readers.ts'
import { readPlace } from './shelves.ts'
import { type KeptVectors, keptOf, surveyVectors } from './vectors.ts'

export interface Surveyed {
  readonly id: string
  /** Null: its head or its text can't be trusted. */
  readonly document: StoredDocument | null
  /** All of them in order; null: not all can be trusted. */
  readonly chunks: readonly Chunk[] | null
  /** Those that can be trusted. */
  readonly vectors: KeptVectors
  readonly damage: readonly Damage[]
}

/** Each document whose key can be found in any way. */
export function* surveyDocuments(db: Connection): Generator<Surveyed> {
  const listed = 'SELECT key AS value FROM document INDEXED BY document_by_source'
  const indexed = attempted(() => db.all<{ value: number }>(listed)) ?? []
  const keys = new Set([...everyKey<number>(db, 'document', 'key'), ...indexed.map(({ value }) => value)])
  for (const key of keys) {
    const surveyed = surveyDocument(db, key)
    if (surveyed !== null) yield surveyed
  }
}

/** Every value of a table's key, read forwards and then backwards, one by one: a damaged page ends a scan. */
export function everyKey<T extends string | number>(db: Connection, table: string, column: string): readonly T[] {
  const found = new Set<T>()
  for (const [order, after] of [
    ['ASC', '>'],
    ['DESC', '<'],
  ] as const) {
    const first = `SELECT ${column} AS value FROM ${table} ORDER BY ${column} ${order} LIMIT 1`
    const next = `SELECT ${column} AS value FROM ${table} WHERE ${column} ${after} ? ORDER BY ${column} ${order} LIMIT 1`
    let row = attempted(() => db.get<{ value: T }>(first))
    while (row && !found.has(row.value)) {
      const { value } = row
      found.add(value)
      row = attempted(() => db.get<{ value: T }>(next, value))
    }
  }
  return [...found]
}

/** The value, or null where SQLite can't read it. */
export function attempted<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}

function surveyDocument(db: Connection, key: number): Surveyed | null {
  const id = attempted(() => db.get<{ id: string }>('SELECT id FROM document WHERE key = ?', key)?.id)
  if (typeof id !== 'string') return null
  const document = attempted(() => readDocument(db, key))
  if (document === null) {
    return {
      id,
      document,
      chunks: null,
      vectors: new Map(),
      damage: [{ document: id, what: 'its head or text does not match its checksum' }],
    }
  }
  const chunks = attempted(() => readChunks(db, key))
  const access = attempted(() => readAccess(db, key))
  const facets = attempted(() => readFacets(db, key))
  const place = attempted(() => readPlace(db, key))
  const words = attempted(() => wordsHold(db, key))
  const vectors = attempted(() => surveyVectors(db, id))
  return {
    ...{ id, document, chunks, vectors: keptOf(vectors ?? []) },
    damage: [
      ...(chunks === null
        ? [{ document: id, what: 'its passages do not match their checksums, or some are lost' }]
        : []),
      ...(words === true
        ? []
        : [{ document: id, what: 'the words that its passages are ranked by are not as written' }]),
      ...(access === null || !sameAccess(access, document.head.access)
        ? [{ document: id, what: 'the table of who may read what says otherwise than its head' }]
        : []),
      ...(isDeepStrictEqual(facets, facetsOf(document.head, document.language))
        ? []
        : [{ document: id, what: 'the tables of kinds, locales, times and labels say otherwise than its head' }]),
      ...(isDeepStrictEqual(place, standingOf(document.source, document.head))
        ? []
        : [{ document: id, what: 'the table of where documents stand says otherwise than its head' }]),
      ...(vectors?.every((one) => one !== null)
        ? []
        : [{ document: id, what: 'its vectors do not match their checksums' }]),
    ],
  }
}

function readDocument(db: Connection, key: number): StoredDocument | null {
  const sql = `SELECT ${DOCUMENT_COLUMNS} FROM document d JOIN document_text t ON t.document = d.key WHERE d.key = ?`
  const row = db.get<DocumentRow>(sql, key)
  return row === undefined ? null : toDocument(db, row)
}

/** Null where there are not as many as there were. */
function readChunks(db: Connection, key: number): readonly Chunk[] | null {
  const sql = `SELECT d.id, ${CHUNK_COLUMNS} FROM document d JOIN chunk c ON c.document = d.key
    JOIN chunk_text x ON x.chunk = c.key WHERE d.key = ? ORDER BY c.ordinal`
  const chunks = db.all<ChunkRow>(sql, key).map((row) => toChunk(db, row))
  const count = db.get<{ chunks: number }>('SELECT chunks FROM document WHERE key = ?', key)?.chunks
  return chunks.length === count ? chunks : null
}

function wordsHold(db: Connection, key: number): boolean {
  const sql = `SELECT d.id, c.ordinal, w.origin, w.words, w.sum FROM document d JOIN chunk c ON c.document = d.key
    JOIN chunk_words w ON w.chunk = c.key WHERE d.key = ?`
  const rows = db.all<WordsColumns & { readonly id: string; readonly sum: number }>(sql, key)
  return rows.every((row) => wordsSum(row.id, row) === row.sum)
}

function readAccess(db: Connection, key: number): Access {
  const rows = db.all<{ principal: string }>('SELECT principal FROM access WHERE document = ?', key)
  const principals = rows.map(({ principal }) => principal)
  return principals.includes('public') ? 'public' : (principals as Principal[])
}

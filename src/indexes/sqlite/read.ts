/** Documents out of the tables. */

import { canRead, type Principal } from '../../core/access.ts'
import type { Chunk, Includer, StoredDocument, StoredHead } from '../../core/document.ts'
import type { IdPage, IndexStats, NeighbourQuery } from '../../core/store.ts'
import {
  CHUNK_COLUMNS,
  type ChunkRow,
  DOCUMENT_COLUMNS,
  type DocumentRow,
  HEAD_COLUMNS,
  type HeadRow,
  toChunk,
  toDocument,
  toHead,
  toIncluder,
} from '../rows.ts'
import type { Connection } from './connection.ts'
import { type Filter, readableBy } from './readers.ts'

const DOCUMENT = `SELECT ${DOCUMENT_COLUMNS} FROM document d JOIN document_text t ON t.document = d.key`

/** Documents read at a time by `readDocuments`: few, since each may be large. */
const PAGE = 20

export function readHeads(db: Connection, source: string, ids: readonly string[]): Map<string, StoredHead> {
  return lookUp(db, ids, (id) => {
    const row = db.get<HeadRow>(`SELECT ${HEAD_COLUMNS} FROM document d WHERE d.id = ? AND d.source = ?`, id, source)
    return row && toHead(db, row)
  })
}

export function readStored(db: Connection, ids: readonly string[]): Map<string, StoredDocument> {
  return lookUp(db, ids, (id) => {
    const row = db.get<DocumentRow>(`${DOCUMENT} WHERE d.id = ?`, id)
    return row && toDocument(db, row)
  })
}

export function readIds(db: Connection, source: string, page?: IdPage): string[] {
  const { after = '', limit = -1 } = page ?? {}
  const sql = 'SELECT id FROM document WHERE source = ? AND id > ? ORDER BY id LIMIT ?'
  return db.all<{ id: string }>(sql, source, after, limit).map((row) => row.id)
}

export function readIncluders(db: Connection, source: string): Includer[] {
  const sql = `SELECT ${HEAD_COLUMNS} FROM document d WHERE d.source = ? AND d.edges IS NOT NULL ORDER BY d.id`
  return db.all<HeadRow>(sql, source).map((row) => toIncluder(db, row))
}

export function readDocument(db: Connection, id: string, as: readonly Principal[]): StoredDocument | null {
  const filter = readableBy({ as })
  return db.reading(() => {
    const row = db.get<DocumentRow>(`${DOCUMENT} WHERE d.id = ? AND ${filter.sql}`, id, ...filter.values)
    return row === undefined ? null : (permitted(db, [row], as)[0] ?? null)
  })
}

/** A page at a time, so that no read transaction stays open while the caller works: it would hold back the writer's WAL. */
export async function* readDocuments(
  db: Connection,
  as: readonly Principal[],
  sources?: readonly string[],
): AsyncGenerator<StoredDocument> {
  const filter = readableBy({ as, ...(sources && { sources }) })
  for (let after: string | undefined; ; ) {
    const page = readPage(db, filter, after)
    for (const document of permitted(db, page, as)) yield document
    const last = page.at(-1)
    if (last === undefined) return
    after = last.id
  }
}

export function readChunks(db: Connection, id: string): Chunk[] {
  const sql = `SELECT d.id, ${CHUNK_COLUMNS} FROM document d JOIN chunk c ON c.document = d.key
    JOIN chunk_text x ON x.chunk = c.key WHERE d.id = ? ORDER BY c.ordinal`
  return db.all<ChunkRow>(sql, id).map((row) => toChunk(db, row))
}

export function readNeighbours(db: Connection, { document, ordinal, most, as }: NeighbourQuery): Chunk[] {
  const filter = readableBy({ as })
  const head = `SELECT ${HEAD_COLUMNS} FROM document d WHERE d.id = ? AND ${filter.sql}`
  const around = `SELECT d.id, ${CHUNK_COLUMNS} FROM document d JOIN chunk c ON c.document = d.key
    JOIN chunk_text x ON x.chunk = c.key WHERE d.id = ? AND c.ordinal BETWEEN ? AND ? ORDER BY c.ordinal`
  return db.reading(() => {
    const row = db.get<HeadRow>(head, document, ...filter.values)
    if (row === undefined || !canRead(toHead(db, row).head.access, as)) return []
    return db.all<ChunkRow>(around, document, ordinal - most, ordinal + most).map((chunk) => toChunk(db, chunk))
  })
}

export function readStats(db: Connection, source: string): IndexStats {
  const sql = `SELECT count(*) AS documents,
      (SELECT count(*) FROM document d JOIN chunk c ON c.document = d.key WHERE d.source = ?) AS chunks
    FROM document WHERE source = ?`
  return db.get<IndexStats>(sql, source, source) ?? { documents: 0, chunks: 0 }
}

/** By the url as it stands in canonical JSON, where no text can look like a key. */
export function readLocated(db: Connection, url: string): string[] {
  const sql = 'SELECT id FROM document WHERE instr(head, ?) > 0 ORDER BY id'
  return db.all<{ id: string }>(sql, `"url":${JSON.stringify(url)}`).map((row) => row.id)
}

function lookUp<T>(db: Connection, ids: readonly string[], find: (id: string) => T | undefined): Map<string, T> {
  return db.reading(() => {
    const found = new Map<string, T>()
    for (const id of ids) {
      const value = find(id)
      if (value !== undefined) found.set(id, value)
    }
    return found
  })
}

function readPage(db: Connection, filter: Filter, after: string | undefined): DocumentRow[] {
  const [place, values] = after === undefined ? ['true', []] : ['d.id > ?', [after]]
  const sql = `${DOCUMENT} WHERE ${place} AND ${filter.sql} ORDER BY d.id LIMIT ${PAGE}`
  return db.reading(() => db.all<DocumentRow>(sql, ...values, ...filter.values))
}

/** Access once more, on the result, by the head itself; what is not for the reader is not looked at any further. */
function permitted(db: Connection, rows: readonly DocumentRow[], as: readonly Principal[]): StoredDocument[] {
  return rows.filter((row) => canRead(toHead(db, row).head.access, as)).map((row) => toDocument(db, row))
}

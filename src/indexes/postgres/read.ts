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
import { parameters, readableBy } from './readers.ts'

const DOCUMENT = `SELECT ${DOCUMENT_COLUMNS} FROM @.document d JOIN @.document_text t ON t.document = d.key`
export const CHUNKS = '@.document d JOIN @.chunk c ON c.document = d.key JOIN @.chunk_text x ON x.chunk = c.key'

/** Documents read at a time by `readDocuments`: few, since each may be large. */
const PAGE = 20

export async function readHeads(
  db: Connection,
  source: string,
  ids: readonly string[],
): Promise<Map<string, StoredHead>> {
  const sql = `SELECT ${HEAD_COLUMNS} FROM @.document d WHERE d.id = ANY ($1) AND d.source = $2`
  const rows = await db.all<HeadRow>(sql, ids, source)
  return inOrder(ids, rows, (row) => toHead(db, row))
}

export async function readStored(db: Connection, ids: readonly string[]): Promise<Map<string, StoredDocument>> {
  const rows = await db.all<DocumentRow>(`${DOCUMENT} WHERE d.id = ANY ($1)`, ids)
  return inOrder(ids, rows, (row) => toDocument(db, row))
}

export async function readIds(db: Connection, source: string, page?: IdPage): Promise<string[]> {
  const { after = '', limit = null } = page ?? {}
  const sql = 'SELECT id FROM @.document WHERE source = $1 AND id > $2 ORDER BY id LIMIT $3'
  return idsOf(await db.all(sql, source, after, limit))
}

export async function readIncluders(db: Connection, source: string): Promise<Includer[]> {
  const sql = `SELECT ${HEAD_COLUMNS} FROM @.document d WHERE d.source = $1 AND d.edges IS NOT NULL ORDER BY d.id`
  return (await db.all<HeadRow>(sql, source)).map((row) => toIncluder(db, row))
}

export async function readDocument(
  db: Connection,
  id: string,
  as: readonly Principal[],
): Promise<StoredDocument | null> {
  const asked = parameters(id)
  const row = await db.get<DocumentRow>(`${DOCUMENT} WHERE d.id = $1 AND ${readableBy({ as }, asked)}`, ...asked.values)
  return row === undefined ? null : (permitted(db, [row], as)[0] ?? null)
}

/** A page at a time, so that no transaction stays open while the caller works. */
export async function* readDocuments(
  db: Connection,
  as: readonly Principal[],
  sources?: readonly string[],
): AsyncGenerator<StoredDocument> {
  for (let after = ''; ; ) {
    const asked = parameters(after)
    const filter = readableBy({ as, ...(sources && { sources }) }, asked)
    const sql = `${DOCUMENT} WHERE d.id > $1 AND ${filter} ORDER BY d.id LIMIT ${PAGE}`
    const page = await db.all<DocumentRow>(sql, ...asked.values)
    for (const document of permitted(db, page, as)) yield document
    const last = page.at(-1)
    if (last === undefined) return
    after = last.id
  }
}

export async function readChunks(db: Connection, id: string): Promise<Chunk[]> {
  const sql = `SELECT d.id, ${CHUNK_COLUMNS} FROM ${CHUNKS} WHERE d.id = $1 ORDER BY c.ordinal`
  return (await db.all<ChunkRow>(sql, id)).map((row) => toChunk(db, row))
}

export async function readNeighbours(
  db: Connection,
  { document, ordinal, most, as }: NeighbourQuery,
): Promise<Chunk[]> {
  const asked = parameters(document, ordinal - most, ordinal + most)
  const filter = readableBy({ as }, asked)
  const sql = `SELECT ${HEAD_COLUMNS}, ${CHUNK_COLUMNS} FROM ${CHUNKS}
    WHERE d.id = $1 AND c.ordinal BETWEEN $2 AND $3 AND ${filter} ORDER BY c.ordinal`
  const rows = await db.all<ChunkRow & HeadRow>(sql, ...asked.values)
  return rows.filter((row) => canRead(toHead(db, row).head.access, as)).map((row) => toChunk(db, row))
}

export async function readStats(db: Connection, source: string): Promise<IndexStats> {
  const sql = 'SELECT count(*) AS documents, coalesce(sum(chunks), 0) AS chunks FROM @.document WHERE source = $1'
  return (await db.get<IndexStats>(sql, source)) ?? { documents: 0, chunks: 0 }
}

/** By the url as it stands in canonical JSON, where no text can look like a key. */
export async function readLocated(db: Connection, url: string): Promise<string[]> {
  const sql = 'SELECT id FROM @.document WHERE strpos(head, $1) > 0 ORDER BY id'
  return idsOf(await db.all(sql, `"url":${JSON.stringify(url)}`))
}

function idsOf(rows: readonly { readonly id: string }[]): string[] {
  return rows.map(({ id }) => id)
}

function inOrder<Row extends { readonly id: string }, T>(
  ids: readonly string[],
  rows: readonly Row[],
  toValue: (row: Row) => T,
): Map<string, T> {
  const known = new Map(rows.map((row) => [row.id, row]))
  const found = new Map<string, T>()
  for (const id of ids) {
    const row = known.get(id)
    if (row !== undefined) found.set(id, toValue(row))
  }
  return found
}

/** Access once more, on the result, by the head itself; what is not for the reader is not looked at any further. */
function permitted(db: Connection, rows: readonly DocumentRow[], as: readonly Principal[]): StoredDocument[] {
  return rows.filter((row) => canRead(toHead(db, row).head.access, as)).map((row) => toDocument(db, row))
}

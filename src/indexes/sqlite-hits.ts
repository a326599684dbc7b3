/**
 * What was found, read and verified. A question asks for much of it twice, for every word and for any, so what was read is
 * kept until it is answered (the event loop turns), or the file changes. Kept for longer, questions that come again would
 * be quick while nobody writes, and slow beside a writer.
 */
import { isFor } from '../core/reader.ts'
import type { LexicalHit, Reader } from '../core/store.ts'
import type { Connection } from './sqlite-connection.ts'
import { fileVersion } from './sqlite-counts.ts'
import { damaged } from './sqlite-errors.ts'
import { CHUNK_COLUMNS, type ChunkRow, HEAD_COLUMNS, type HeadRow, toChunk, toHead } from './sqlite-tables.ts'

type Hit = Omit<LexicalHit, 'score'>

/** Null where the head says that it is not for this reader, whatever the tables that are asked say. */
export type ReadHit = (key: number, reader: Reader) => Hit | null

interface Row extends ChunkRow, HeadRow {
  readonly document: number
}

const KEPT = 2000

/** Inside a transaction: what is kept is of the same moment as what is read. */
export function hitsOf(db: Connection): () => ReadHit {
  let version = ''
  const hits = new Map<number, Hit>()
  const documents = new Map<number, Hit['document']>()

  function read(key: number, reader: Reader): Hit | null {
    const row = db.get<Row>(SQL, key)
    if (row === undefined) throw damaged(db.path, `is damaged: it has lost passage ${key}.`)
    const document = documents.get(row.document) ?? toHitDocument(db, row)
    documents.set(row.document, document)
    if (!isFor(document, reader)) return null
    const hit = { document, chunk: toChunk(db, row) }
    hits.set(key, hit)
    return hit
  }

  function forget(): void {
    hits.clear()
    documents.clear()
  }

  return () => {
    const next = fileVersion(db)
    if (hits.size === 0) setImmediate(forget)
    if (next !== version || hits.size + documents.size > KEPT) forget()
    version = next
    return (key, reader) => {
      const hit = hits.get(key)
      if (hit === undefined) return read(key, reader)
      return isFor(hit.document, reader) ? hit : null
    }
  }
}

const SQL = `SELECT c.document, ${CHUNK_COLUMNS}, ${HEAD_COLUMNS}
  FROM chunk c JOIN chunk_text x ON x.chunk = c.key JOIN document d ON d.key = c.document WHERE c.key = ?`

function toHitDocument(db: Connection, row: Row): Hit['document'] {
  const { head, recipe } = toHead(db, row)
  return { head, recipe, source: row.source, language: row.language }
}

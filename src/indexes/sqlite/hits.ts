/**
 * What was found, read and verified: of candidates by their vectors what ranking asks, of passages all. What was read is kept
 * until the question is answered (the event loop turns), or the file changes. Kept for longer, questions that come again
 * would be quick while nobody writes, and slow beside a writer.
 */
import { isFor } from '../../core/reader.ts'
import type { Candidate, ChunkPlace, FoundPassage, Reader } from '../../core/store.ts'
import { damaged } from '../damage.ts'
import {
  type CandidateRow,
  CHUNK_COLUMNS,
  type ChunkRow,
  HEAD_COLUMNS,
  type HeadRow,
  toCandidate,
  toChunk,
  toHead,
  type Unscored,
} from '../rows.ts'
import type { Connection } from './connection.ts'
import { keptOf } from './kept.ts'

/** A chunk that was found, and what it is worth. */
interface Ranked {
  readonly key: number
  readonly score: number
}

export type ReadCandidates = (ranked: readonly Ranked[]) => Candidate[]

interface KeyedRow extends CandidateRow {
  readonly key: number
}

interface PassageRow extends ChunkRow, HeadRow {}

const KEPT = 2000

/** Inside a transaction. */
export function candidatesOf(db: Connection): () => ReadCandidates {
  const kept = keptOf(db, () => new Map<number, Unscored>())
  return () => {
    const known = kept()
    if (known.size === 0) setImmediate(() => known.clear())
    if (known.size > KEPT) known.clear()
    return (ranked) => {
      const unknown = ranked.map(({ key }) => key).filter((key) => !known.has(key))
      for (const row of readRows(db, unknown)) known.set(row.key, toCandidate(db, row))
      return ranked.map(({ key, score }) => {
        const candidate = known.get(key)
        if (candidate === undefined) throw damaged(db.path, `is damaged: it has lost passage ${key}.`)
        return { ...candidate, score }
      })
    }
  }
}

/** Without those whose head says that they are not for this reader, whatever the tables that were asked say. */
export function readPassages(db: Connection, places: readonly ChunkPlace[], reader: Reader): FoundPassage[] {
  const documents = new Map<string, FoundPassage['document']>()
  const read = ({ document: id, ordinal }: ChunkPlace): FoundPassage[] => {
    const key = db.get<{ key: number }>(KEY, id, ordinal)?.key
    if (key === undefined) return []
    const row = db.get<PassageRow>(PASSAGE, key)
    if (row === undefined) throw damaged(db.path, `is damaged: it has lost passage ${key}.`)
    const document = documents.get(id) ?? toDocument(db, row)
    documents.set(id, document)
    return isFor(document, reader) ? [{ document, chunk: toChunk(db, row) }] : []
  }
  return db.reading(() => places.flatMap(read))
}

const KEY = 'SELECT c.key FROM document d JOIN chunk c ON c.document = d.key WHERE d.id = ? AND c.ordinal = ?'

const PASSAGE = `SELECT ${CHUNK_COLUMNS}, ${HEAD_COLUMNS}
  FROM chunk c JOIN chunk_text x ON x.chunk = c.key JOIN document d ON d.key = c.document WHERE c.key = ?`

/** The text is looked at only where there are no words. */
const CANDIDATES = `SELECT c.key, d.id, c.ordinal, f.updated, w.words, w.sum, CASE WHEN w.chunk IS NOT NULL THEN w.origin
    ELSE (SELECT x.origin FROM chunk_text x WHERE x.chunk = c.key) END AS origin
  FROM json_each(?) j CROSS JOIN chunk c ON c.key = j.value CROSS JOIN document d ON d.key = c.document
    LEFT JOIN facet f ON f.document = c.document LEFT JOIN chunk_words w ON w.chunk = c.key`

/** All at once: a statement costs more than a row. */
function readRows(db: Connection, keys: readonly number[]): readonly KeyedRow[] {
  return keys.length === 0 ? [] : db.all<KeyedRow>(CANDIDATES, JSON.stringify(keys))
}

function toDocument(db: Connection, row: PassageRow): FoundPassage['document'] {
  const { head, recipe } = toHead(db, row)
  return { head, recipe, source: row.source, language: row.language }
}

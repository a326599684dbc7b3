/**
 * One embedder's vectors in memory, segment by segment: of a small index themselves, of a large one their codes. After a
 * change of the file only segments that changed are read again.
 */
import type { Coded, Codes } from '../codes.ts'
import { encodeAll } from '../codes.ts'
import {
  COMPARED_IN_FULL,
  type Mean,
  makeMean,
  readCodes,
  readMean,
  readSegments,
  readTotal,
  readVectorsOf,
  type Segment,
} from './codes.ts'
import type { Connection } from './connection.ts'
import type { Embedder } from './vectors.ts'

/** In order of their keys. */
export interface HeldInFull {
  readonly vectors: readonly (readonly Coded[])[]
}

export interface HeldByCode {
  readonly codes: readonly Codes[]
  readonly mean: Mean
}

type Held = HeldInFull | HeldByCode

interface Kept<Content> {
  readonly changes: number
  readonly content: Content
}

/** What was read, and of which moment it is. */
interface Known {
  readonly embedder: number
  readonly mean: Mean | null
  readonly changes: number
  readonly held: Held
  readonly vectors: ReadonlyMap<number, Kept<readonly Coded[]>>
  readonly codes: ReadonlyMap<number, Kept<Codes>>
}

/**
 * Inside a transaction. Throws INDEX_DAMAGED.
 * @param inFull vectors up to which they are held themselves
 */
export function segmentsOf(db: Connection, inFull = COMPARED_IN_FULL): (embedder: Embedder) => Held {
  let known: Known | null = null
  return (embedder) => {
    const total = readTotal(db)
    const before: Known | null = known?.embedder === embedder.key ? known : null
    if (before?.changes === total.changes) return before.held
    known = total.vectors <= inFull ? withVectors(db, embedder, total, before) : withCodes(db, embedder, total, before)
    return known.held
  }
}

function withVectors(db: Connection, { key }: Embedder, { changes }: Segment, before: Known | null): Known {
  const vectors = keptOrRead(db, before?.vectors, (segment) => readVectorsOf(db, segment).get(key) ?? [])
  const held = { vectors: [...vectors.values()].map(({ content }) => content) }
  return { embedder: key, mean: null, changes, held, vectors, codes: new Map() }
}

function withCodes(db: Connection, embedder: Embedder, total: Segment, before: Known | null): Known {
  const mean = meanFor(db, embedder, total, before?.mean ?? null)
  const { key } = embedder
  const { changes } = total
  const none = { embedder: key, mean, changes, held: { vectors: [] }, vectors: new Map(), codes: new Map() }
  if (mean === null) return none
  const codes = keptOrRead(
    db,
    mean.sum === before?.mean?.sum ? before.codes : undefined,
    (segment) =>
      readCodes(db, segment, embedder, mean) ?? encodeAll(readVectorsOf(db, segment).get(key) ?? [], mean.numbers),
  )
  return { ...none, held: { mean, codes: [...codes.values()].map(({ content }) => content) }, codes }
}

/** What stands in the file; while nothing does, one of our own until it is outgrown. */
function meanFor(db: Connection, embedder: Embedder, { vectors }: Segment, own: Mean | null): Mean | null {
  const stored = readMean(db, embedder)
  if (stored !== null) return stored
  return own !== null && vectors < own.vectors * 2 ? own : makeMean(db, embedder)
}

function keptOrRead<Content>(
  db: Connection,
  before: ReadonlyMap<number, Kept<Content>> | undefined,
  read: (segment: Segment) => Content,
): ReadonlyMap<number, Kept<Content>> {
  return new Map(
    readSegments(db).map((segment): [number, Kept<Content>] => {
      const { number, changes } = segment
      const kept = before?.get(number)
      return [number, kept?.changes === changes ? kept : { changes, content: read(segment) }]
    }),
  )
}

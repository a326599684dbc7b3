/**
 * The retriever by vectors. A small index is compared in full; of a large one codes are looked through, and what they find
 * near is compared in full. What is not for the asker takes no part in either.
 */
import type { Candidate } from '../../core/store.ts'
import type { VectorQuery } from '../../core/vectors.ts'
import { nearestKeys } from '../codes.ts'
import { damaged } from '../damage.ts'
import { byUtf8 } from '../utf8.ts'
import { cosineWith } from '../vectors.ts'
import { checkVector } from './codes.ts'
import type { Connection } from './connection.ts'
import type { ReadCandidates } from './hits.ts'
import { type Mask, masksOf } from './masks.ts'
import { type HeldByCode, type HeldInFull, segmentsOf } from './segments.ts'
import { findEmbedder, numbersOf } from './vectors.ts'

/** How many are looked at by their codes for each hit, and at least. */
const LOOKED = { each: 50, least: 2500 }
/** How many of those are compared in full. */
const COMPARED = { each: 12, least: 600 }

interface Scored {
  readonly key: number
  readonly score: number
}

interface Ranked extends Scored {
  readonly id: string
  readonly ordinal: number
}

/** @param inFull vectors up to which all are compared */
export function nearestOf(
  db: Connection,
  candidates: () => ReadCandidates,
  inFull?: number,
): (query: VectorQuery) => Candidate[] {
  const segments = segmentsOf(db, inFull)
  const masks = masksOf(db)
  return (query) =>
    db.reading(() => {
      const embedder = findEmbedder(db, query.embedder)
      if (embedder === null || query.limit < 1) return []
      const held = segments(embedder)
      const readable = masks(query)
      const scored = 'codes' in held ? scoredByCode(db, held, readable, query) : scoredInFull(held, readable, query)
      const read = candidates()
      return read(best(db, scored, Math.trunc(query.limit)))
    })
}

interface VectorRow {
  readonly key: number
  readonly hash: string
  readonly numbers: Buffer
  readonly sum: string
}

function scoredInFull({ vectors }: HeldInFull, readable: Mask, { vector }: VectorQuery): readonly Scored[] {
  const cosine = cosineWith(vector)
  const scored: Scored[] = []
  for (const segment of vectors) {
    for (const { key, owner, numbers } of segment) {
      if (readable[owner] === 1) scored.push({ key, score: cosine(numbers) })
    }
  }
  return scored
}

function scoredByCode(
  db: Connection,
  { codes, mean }: HeldByCode,
  readable: Mask,
  { vector, limit, embedder }: VectorQuery,
): readonly Scored[] {
  const looked = Math.max(LOOKED.least, LOOKED.each * limit)
  const most = Math.max(COMPARED.least, COMPARED.each * limit)
  const keys = nearestKeys(codes, mean.numbers, vector, { readable, looked, most })
  const sql = 'SELECT chunk AS key, hash, numbers, sum FROM vector WHERE chunk IN (SELECT value FROM json_each(?))'
  const rows = db.all<VectorRow>(sql, JSON.stringify(keys))
  if (rows.length < keys.length) throw damaged(db.path, 'is damaged: it has lost vectors.')
  const cosine = cosineWith(vector)
  return rows.map((row) => {
    checkVector(db, embedder, row)
    return { key: row.key, score: cosine(numbersOf(row.numbers)) }
  })
}

/** Equals by document and place, which are looked up of those alone that may be among the best. */
function best(db: Connection, scored: readonly Scored[], limit: number): readonly Ranked[] {
  const scores = Float64Array.from(scored, ({ score }) => score).sort()
  const least = scores[scores.length - limit] ?? Number.NEGATIVE_INFINITY
  const among = new Map(scored.flatMap(({ key, score }) => (score >= least ? [[key, score]] : [])))
  const sql = `SELECT c.key, d.id, c.ordinal FROM json_each(?) j
    CROSS JOIN chunk c ON c.key = j.value CROSS JOIN document d ON d.key = c.document`
  const places = db.all<Omit<Ranked, 'score'>>(sql, JSON.stringify([...among.keys()]))
  if (places.length < among.size) throw damaged(db.path, 'is damaged: it has lost passages.')
  return places
    .map((place) => ({ ...place, score: among.get(place.key) ?? -1 }))
    .sort((a, b) => b.score - a.score || byUtf8(a.id, b.id) || a.ordinal - b.ordinal)
    .slice(0, limit)
}

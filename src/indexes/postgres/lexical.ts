/** The lexical retriever: a GIN index says which chunks hold the words; each word counts as in every driver. */
import { isFor } from '../../core/reader.ts'
import {
  type Candidate,
  type ChunkPlace,
  FIELD_WEIGHTS,
  type FoundPassage,
  type LexicalQuery,
  type Reader,
} from '../../core/store.ts'
import type { CandidateRow } from '../rows.ts'
import { CHUNK_COLUMNS, type ChunkRow, HEAD_COLUMNS, type HeadRow, toChunk, toHead } from '../rows.ts'
import { toCandidate } from './candidates.ts'
import type { Connection } from './connection.ts'
import { anyOf, queryOf } from './encoding.ts'
import { type Parameters, parameters, readableBy } from './readers.ts'

/** The filter stands before ranking and limit. */
export async function searchLexical(db: Connection, query: LexicalQuery): Promise<Candidate[]> {
  const match = queryOf(query.groups, query.match)
  const limit = Math.trunc(query.limit)
  if (match === null || limit < 1) return []
  const asked = parameters(match, limit)
  const { onlyInPlace = [], perDocument } = query
  const place = onlyInPlace.length === 0 ? 'true' : `(c.origin IS NULL OR c.origin <> ALL (${asked.bind(onlyInPlace)}))`
  const few = perDocument === undefined ? 'true' : `r.place <= ${asked.bind(perDocument)}::int`
  const sql = `SELECT f.id, f.ordinal, f.updated, f.origin, f.score, w.words, w.sum FROM (
      SELECT r.* FROM (
        SELECT s.*, row_number() OVER (PARTITION BY s.id ORDER BY s.score DESC, s.ordinal) AS place FROM (
          SELECT c.key, c.ordinal, c.origin, c.id, c.updated, ${scoreOf(query, asked)} AS score FROM (
            SELECT c.key, c.ordinal, c.origin, d.id, d.updated, ${UNPACKED}
            FROM @.chunk c JOIN @.document d ON d.key = c.document
            WHERE c.terms @@ $1::tsquery AND ${COSTLY} AND ${place} AND ${readableBy(query, asked)} OFFSET 0) c) s) r
      WHERE ${few} ORDER BY r.score DESC, r.id, r.ordinal LIMIT $2) f
    LEFT JOIN @.chunk_words w ON w.chunk = f.key ORDER BY f.score DESC, f.id, f.ordinal`
  const rows = await db.all<CandidateRow & { readonly score: number }>(sql, ...asked.values)
  return rows.map((row) => toCandidate(db, row, row.score))
}

/** What stands at these places, in their order: by the columns beside the heads, and once more by the heads. */
export async function readPassages(
  db: Connection,
  places: readonly ChunkPlace[],
  reader: Reader,
): Promise<FoundPassage[]> {
  if (places.length === 0) return []
  const asked = parameters(
    places.map(({ document }) => document),
    places.map(({ ordinal }) => ordinal),
  )
  const sql = `SELECT ${CHUNK_COLUMNS}, ${HEAD_COLUMNS}
    FROM unnest($1::text[], $2::int[]) WITH ORDINALITY AS a (id, ordinal, at)
    JOIN @.document d ON d.id = a.id JOIN @.chunk c ON c.document = d.key AND c.ordinal = a.ordinal
    JOIN @.chunk_text x ON x.chunk = c.key WHERE ${readableBy(reader, asked)} ORDER BY a.at`
  return (await db.all<ChunkRow & HeadRow>(sql, ...asked.values)).flatMap((row) => {
    const { head, recipe } = toHead(db, row)
    const document = { head, recipe, source: row.source, language: row.language }
    return isFor(document, reader) ? [{ document, chunk: toChunk(db, row) }] : []
  })
}

/** See `groupScore`. In whole steps, so that the last bits of a floating-point sum do not decide between equals. */
function scoreOf({ groups, match, weights }: LexicalQuery, asked: Parameters): string {
  const parts = groups.flatMap((group, at) => {
    const tokens = [...new Set(group)]
    if (tokens.length === 0) return []
    const count = match === 'all' ? fieldsHolding(tokens, asked) : occurrences(tokens, asked)
    const title = `(${holds(tokens, 'A', asked)})::int * ${FIELD_WEIGHTS.title - FIELD_WEIGHTS.body}`
    const headings = `(${holds(tokens, 'B', asked)})::int * ${FIELD_WEIGHTS.headings - FIELD_WEIGHTS.body}`
    const weight = `${asked.bind(weights?.[at] ?? 1)}::float8`
    return [
      `(SELECT ${weight} * n * ${K1 + 1}::float8 / (n + ${K1}::float8) FROM (SELECT (${count} + ${title} + ${headings})::float8 AS n) g)`,
    ]
  })
  return `floor((${parts.join(' + ')}) * ${STEPS}::float8 + 0.5) / ${STEPS}::float8`
}

/** Each function would unpack the stored form for itself; of what is put together here there is none. */
const UNPACKED = "c.terms || ''::tsvector AS terms"
/**
 * Always so, and only its beginning is computed. Postgres reckons that holding a word costs nothing, and sooner unpacks the words
 * of all chunks than it asks the index; so many functions weigh as much as a page that is read.
 */
const COSTLY = `(c.ordinal >= 0 OR coalesce(${Array.from({ length: 4 }, () => "to_tsvector('simple', c.origin)").join(', ')}) IS NULL)`
const K1 = 1.2
const STEPS = 1e9

function holds(tokens: readonly string[], weights: string, asked: Parameters): string {
  return `c.terms @@ ${asked.bind(anyOf(tokens, weights))}::tsquery`
}

function fieldsHolding(tokens: readonly string[], asked: Parameters): string {
  return `(${['A', 'B', 'C'].map((weight) => `(${holds(tokens, weight, asked)})::int`).join(' + ')})`
}

/**
 * Postgres tells how often a text holds a token only as its rank, which grows with each occurrence by less:
 * https://github.com/postgres/postgres/blob/REL_15_STABLE/src/backend/utils/adt/tsrank.c (calc_rank_or).
 */
function occurrences(tokens: readonly string[], asked: Parameters): string {
  const ranks = asked.bind(BETWEEN_RANKS)
  const counted = tokens.map(
    (token) =>
      `width_bucket(ts_rank('{1,1,1,1}'::real[], c.terms, ${asked.bind(anyOf([token]))}::tsquery)::float8, ${ranks}::float8[])`,
  )
  return `(${counted.join(' + ')})`
}

/** What lies between no occurrence and one, between one and two … of as many as Postgres keeps. */
const BETWEEN_RANKS: readonly number[] = (() => {
  const ranks = [0]
  let sum = 0
  for (let count = 1; count <= 255; count += 1) {
    sum = Math.fround(sum + Math.fround(1 / (count * count)))
    ranks.push(Math.fround(sum / 1.64493406685))
  }
  return ranks.slice(1).map((rank, at) => (rank + (ranks[at] ?? 0)) / 2)
})()

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
  const { counts, score } = scoreOf(query, asked)
  const sql = `WITH held AS (
      SELECT c.key, c.document, c.ordinal, c.origin, d.id, ${UNPACKED} FROM @.chunk c JOIN @.document d ON d.key = c.document
      WHERE c.terms @@ $1::tsquery AND ${COSTLY} AND ${place} AND ${readableBy(query, asked)} OFFSET 0),
    counted AS (SELECT c.key, c.document, c.ordinal, c.origin, c.id, ${counts} FROM held c OFFSET 0),
    scored AS (SELECT n.key, n.document, n.ordinal, n.origin, n.id, ${score} AS score FROM counted n),
    placed AS (
      SELECT s.*, row_number() OVER (PARTITION BY s.document ORDER BY s.score DESC, s.ordinal) AS place FROM scored s),
    best AS (SELECT r.* FROM placed r WHERE ${few} ORDER BY r.score DESC, r.id, r.ordinal LIMIT $2)
    SELECT f.id, f.ordinal, d.updated, f.origin, f.score, w.words, w.sum FROM best f
    JOIN @.document d ON d.key = f.document LEFT JOIN @.chunk_words w ON w.chunk = f.key
    ORDER BY f.score DESC, f.id, f.ordinal`
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

/** See `groupScore`: how much a chunk holds of each group, as columns, and what these are worth together. */
function scoreOf(query: LexicalQuery, asked: Parameters): { readonly counts: string; readonly score: string } {
  const { groups, match, weights } = query
  const countOf = match === 'all' ? fieldsHolding(asked) : occurrences(asked)
  const parts = groups.flatMap((group, at) => {
    const tokens = [...new Set(group)]
    if (tokens.length === 0) return []
    const title = `(${holds(tokens, 'A', asked)})::int * ${FIELD_WEIGHTS.title - FIELD_WEIGHTS.body}`
    const headings = `(${holds(tokens, 'B', asked)})::int * ${FIELD_WEIGHTS.headings - FIELD_WEIGHTS.body}`
    const count = `(${countOf(tokens)} + ${title} + ${headings})::float8`
    const weight = `${asked.bind(weights?.[at] ?? 1)}::float8`
    return [
      {
        count: `CASE WHEN ${holds(tokens, '', asked)} THEN ${count} ELSE 0 END AS of_${at}`,
        score: `${weight} * n.of_${at} * ${K1 + 1}::float8 / (n.of_${at} + ${K1}::float8)`,
      },
    ]
  })
  const sum = parts.map(({ score }) => score).join(' + ')
  return { counts: parts.map(({ count }) => count).join(', '), score: inSteps(sum) }
}

/** So that the last bits of a floating-point sum do not decide between equals. */
function inSteps(sum: string): string {
  return `floor((${sum}) * ${STEPS}::float8 + 0.5) / ${STEPS}::float8`
}

/** Each function would unpack the stored form for itself; a copy has none. Of the weights of no words nothing changes. */
const UNPACKED = "setweight(c.terms, 'A', '{}') AS terms"
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

type CountOf = (tokens: readonly string[]) => string

function fieldsHolding(asked: Parameters): CountOf {
  return (tokens) => `(${['A', 'B', 'C'].map((weight) => `(${holds(tokens, weight, asked)})::int`).join(' + ')})`
}

/**
 * Postgres tells how often a text holds a token only as its rank, which grows with each occurrence by less:
 * https://github.com/postgres/postgres/blob/REL_15_STABLE/src/backend/utils/adt/tsrank.c (calc_rank_or).
 */
function occurrences(asked: Parameters): CountOf {
  const ranks = `${asked.bind(BETWEEN_RANKS)}::float8[]`
  const rankOf = (token: string) => `ts_rank('{1,1,1,1}'::real[], c.terms, ${asked.bind(anyOf([token]))}::tsquery)`
  return (tokens) => `(${tokens.map((token) => `width_bucket(${rankOf(token)}::float8, ${ranks})`).join(' + ')})`
}

/** What lies between no occurrence and one, between one and two … of as many as Postgres keeps. */
const BETWEEN_RANKS: string = (() => {
  const ranks = [0]
  let sum = 0
  for (let count = 1; count <= 255; count += 1) {
    sum = Math.fround(sum + Math.fround(1 / (count * count)))
    ranks.push(Math.fround(sum / 1.64493406685))
  }
  return `{${ranks.slice(1).map((rank, at) => (rank + (ranks[at] ?? 0)) / 2)}}`
})()

/** The lexical retriever: FTS5 says where words are held; what that is worth is computed of what the asker may read alone. */
import type { Candidate, LexicalQuery } from '../core/store.ts'
import { groupScore, inSteps, type Occurrences } from './lexical-score.ts'
import { fewEach } from './memory-query.ts'
import type { Connection } from './sqlite-connection.ts'
import type { ReadCandidate } from './sqlite-hits.ts'
import { type Filter, readableBy, slots } from './sqlite-readers.ts'
import { encodeToken, matchExpression } from './sqlite-tokens.ts'

interface Found {
  readonly key: number
  readonly document: number
}

type Ranked = readonly [key: number, score: number]

/** Chunks that match and are looked at, since SQLite can't be interrupted: of more, those stored last. */
const MOST_MATCHES = 200_000
/** Where each occurrence of a token is: of this connection alone, the file stays as it is. */
const OCCURRENCES = 'CREATE VIRTUAL TABLE IF NOT EXISTS temp.fts_at USING fts5vocab (main, fts, instance)'

/** What is found is for the reader by the tables beside the heads; what is read of it then is checked once more by its head. */
export function searchLexical(
  db: Connection,
  candidates: () => ReadCandidate,
  query: LexicalQuery,
  most = MOST_MATCHES,
): Candidate[] {
  const match = matchExpression(query.groups, query.match)
  if (match === null || query.limit < 1) return []
  db.execute(OCCURRENCES)
  return db.reading(() => {
    const read = candidates()
    return rank(db, match, query, most).map(([key, score]) => ({ ...read(key), score }))
  })
}

export function countChunks(db: Connection): number {
  return db.get<{ chunks: number }>('SELECT count(*) AS chunks FROM chunk')?.chunks ?? 0
}

/** Chunks that hold the term in any field. */
export function countTerm(db: Connection, term: string): number {
  return db.get<{ doc: number }>('SELECT doc FROM fts_term WHERE term = ?', encodeToken(term))?.doc ?? 0
}

/** The key of the last chunk that is not looked at any more; 0 where all that match are. */
export function lastPassed(db: Connection, match: string, most = MOST_MATCHES): number {
  const sql = 'SELECT rowid AS key FROM fts WHERE fts MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ?'
  return db.get<{ key: number }>(sql, match, most)?.key ?? 0
}

/** Best first: who may read is asked from the best on, until there are enough. */
function rank(db: Connection, match: string, query: LexicalQuery, most: number): readonly Ranked[] {
  const limit = Math.trunc(query.limit)
  const ranked: Found[] = []
  const scores = new Map<number, number>()
  const equals = byScore(scoresOf(db, match, query, lastPassed(db, match, most)))
  let few: readonly Found[] = []
  for (const [score, keys] of equals) {
    const found = readableOf(db, keys, query)
    for (const each of found) {
      ranked.push(each)
      scores.set(each.key, score)
    }
    few = fewEach(ranked, ({ document }) => document, query.perDocument)
    if (few.length >= limit) break
  }
  return few.slice(0, limit).map(({ key }) => [key, scores.get(key) ?? 0])
}

/** Keys of equal scores, best first. */
function byScore(scores: ReadonlyMap<number, number>): readonly (readonly [score: number, keys: readonly number[]])[] {
  const equals = new Map<number, number[]>()
  for (const [key, sum] of scores) {
    const score = inSteps(sum)
    const keys = equals.get(score)
    if (keys === undefined) equals.set(score, [key])
    else keys.push(key)
  }
  return [...equals].sort(([a], [b]) => b - a)
}

function scoresOf(db: Connection, match: string, query: LexicalQuery, after: number): ReadonlyMap<number, number> {
  const scores = new Map<number, number>()
  const all = query.match === 'all' ? match : null
  if (all !== null && keysOf(db, all, after).length === 0) return scores
  for (const [at, group] of query.groups.entries()) {
    const weight = query.weights?.[at] ?? 1
    for (const [key, occurrences] of occurrencesOf(db, group, all, after)) {
      scores.set(key, (scores.get(key) ?? 0) + groupScore(occurrences, weight))
    }
  }
  return scores
}

/** @param all what must match besides; null: nothing must */
function occurrencesOf(
  db: Connection,
  group: readonly string[],
  all: string | null,
  after: number,
): ReadonlyMap<number, Occurrences> {
  const held = matchExpression([group], 'any')
  if (held === null) return new Map()
  const within = (field: string) => keysOf(db, `${field} : (${held})${all === null ? '' : ` AND (${all})`}`, after)
  const [titles, headings] = [new Set(within('title')), new Set(within('headings'))]
  const keys = all === null ? instancesOf(db, group, after) : [...titles, ...headings, ...within('body')]
  const counts = new Map<number, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  const occurrences = new Map<number, Occurrences>()
  for (const [key, count] of counts) {
    occurrences.set(key, { count, inTitle: titles.has(key), inHeadings: headings.has(key) })
  }
  return occurrences
}

/** As one text: that costs a tenth of a row for each. */
function keysOf(db: Connection, match: string, after: number): readonly number[] {
  return listed(db, 'SELECT group_concat(rowid) AS keys FROM fts WHERE fts MATCH ? AND rowid > ?', match, after)
}

/** A key for each occurrence. */
function instancesOf(db: Connection, group: readonly string[], after: number): readonly number[] {
  const sql = 'SELECT group_concat(doc) AS keys FROM temp.fts_at WHERE term = ? AND doc > ?'
  return [...new Set(group)].flatMap((token) => listed(db, sql, encodeToken(token), after))
}

function listed(db: Connection, sql: string, text: string, after: number): readonly number[] {
  return JSON.parse(`[${db.get<{ keys: string | null }>(sql, text, after)?.keys ?? ''}]`) as number[]
}

/** Of those, the ones that are for the reader, by document and place. */
function readableOf(db: Connection, keys: readonly number[], query: LexicalQuery): readonly Found[] {
  const filter = readableBy(query)
  const place = inPlace(query.onlyInPlace ?? [])
  const sql = `SELECT c.key, c.document
    FROM json_each(?) j CROSS JOIN chunk c ON c.key = j.value CROSS JOIN document d ON d.key = c.document
    WHERE ${filter.sql} AND ${place.sql} ORDER BY d.id, c.ordinal`
  return db.all<Found>(sql, JSON.stringify(keys), ...filter.values, ...place.values)
}

/** A condition on `chunk c`. Where the text is stored too, so it is only looked at if there is something to leave out. */
function inPlace(ids: readonly string[]): Filter {
  if (ids.length === 0) return { sql: 'true', values: [] }
  const included = `SELECT 1 FROM chunk_text x WHERE x.chunk = c.key AND x.origin IN (${slots(ids)})`
  return { sql: `NOT EXISTS (${included})`, values: ids }
}

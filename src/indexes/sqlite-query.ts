/**
 * The lexical retriever: FTS5 says which chunks hold which words, and the words of the most promising of them, what that is
 * worth. FTS5's own ranking reads all that it holds of each word: 30 ms for one in most of a million chunks.
 */
import type { Candidate, LexicalQuery } from '../core/store.ts'
import { MOST_BY_COUNT, scoreOfOne, wordsScorer } from './lexical-score.ts'
import { fewEach } from './memory-query.ts'
import type { Connection } from './sqlite-connection.ts'
import type { ReadCandidates } from './sqlite-hits.ts'
import { MOST_LOOKED_AT, readableBy, slots } from './sqlite-readers.ts'
import { matchExpression } from './sqlite-tokens.ts'
import { byUtf8 } from './utf8.ts'

/** How much work a query is, since SQLite can't be interrupted. */
export interface Caps {
  /** Chunks that match and are looked at, of each word where any is enough: of more, those stored last. */
  readonly matches: number
  /** The same, where too few of those are for the reader: a large source that is hidden must not stand before a small one. */
  readonly hidden: number
  /** Of those, chunks that are for the reader and whose words are scanned: of more, those with the most telling words. */
  readonly scanned: number
}

const CAPS: Caps = { matches: 25_000, hidden: MOST_LOOKED_AT, scanned: 1500 }
/** Chunks whose words are scanned for each that is asked for. */
const SCANNED_EACH = 5
/** Where every word must match, FTS5 goes through the chunks of all of them for each that matches. */
const MOST_TOGETHER = 10_000
/** Chunks of which is asked at once who may read them. */
const AT_ONCE = 500

interface Scored {
  readonly key: number
  readonly document: number
  readonly ordinal: number
  readonly score: number
}

/** Chunks that hold the same words, in their title or not. */
interface Tier {
  /** What they are worth with each word once. */
  readonly worth: number
  readonly keys: readonly number[]
}

/** What is found is for the reader by the tables beside the heads; what is read of it then is checked once more by its head. */
export function searchLexical(
  db: Connection,
  candidates: () => ReadCandidates,
  query: LexicalQuery,
  caps: Caps = CAPS,
): Candidate[] {
  if (matchExpression(query.groups, query.match) === null || query.limit < 1) return []
  return db.reading(() => {
    const read = candidates()
    return read(rank(db, query, caps))
  })
}

function rank(db: Connection, query: LexicalQuery, caps: Caps): readonly Scored[] {
  const limit = Math.trunc(query.limit)
  const last = keysOf(db, caps)
  const found = scan(db, query, tiersOf(db, query, last.keysOf), caps)
  const isShort = found.length < Math.min(limit, caps.scanned) && last.isCut()
  const all = isShort ? scan(db, query, tiersOf(db, query, readableKeysOf(db, query, caps)), caps) : found
  return inOrder(db, bestOf(all, query), limit)
}

/** Until those that are left can't be worth more than the ones that are found. */
function scan(db: Connection, query: LexicalQuery, tiers: readonly Tier[], { scanned }: Caps): Scored[] {
  const limit = Math.trunc(query.limit)
  const read = readerOfRows(db, query)
  const found: Scored[] = []
  let room = Math.min(scanned, limit * SCANNED_EACH)
  let [best, sorted]: [readonly Scored[], number] = [[], 0]
  for (const { worth, keys } of tiers) {
    if (found.length - sorted >= limit) {
      best = bestOf(found, query)
      sorted = found.length
    }
    if (room === 0 || (best[limit - 1]?.score ?? 0) > worth * MOST_BY_COUNT) break
    for (let at = 0; at < keys.length && room > 0; at += AT_ONCE) {
      const rows = read(keys.slice(at, at + AT_ONCE), room)
      for (const row of rows) found.push(row)
      room -= rows.length
    }
  }
  return found
}

/** Best first, equals of one document in its order. */
function bestOf(found: Scored[], { perDocument }: LexicalQuery): readonly Scored[] {
  found.sort((a, b) => b.score - a.score || a.document - b.document || a.ordinal - b.ordinal)
  return fewEach(found, ({ document }) => document, perDocument)
}

/** Equals by the ids of their documents, which are read of those only that may be among so many. */
function inOrder(db: Connection, best: readonly Scored[], limit: number): readonly Scored[] {
  const least = best[limit - 1]?.score ?? Number.NEGATIVE_INFINITY
  const some = best.filter(({ score }) => score >= least)
  const keys = JSON.stringify([...new Set(some.map(({ document }) => document))])
  const sql = 'SELECT d.key, d.id FROM json_each(?) j CROSS JOIN document d ON d.key = j.value'
  const ids = new Map(db.all<{ key: number; id: string }>(sql, keys).map(({ key, id }) => [key, id]))
  const idOf = ({ document }: Scored) => ids.get(document) ?? ''
  return some.sort((a, b) => b.score - a.score || byUtf8(idOf(a), idOf(b)) || a.ordinal - b.ordinal).slice(0, limit)
}

// --- which chunks ---------------------------------------------------------------------------------------------------

/** The most telling first, within each those stored last. */
function tiersOf(db: Connection, query: LexicalQuery, keysOf: KeysOf): readonly Tier[] {
  const worths = new Map<number, number>()
  const every = query.match === 'all' ? matchExpression(query.groups, 'all') : null
  const all = every === null ? null : keysOf(every, 'all')
  for (const [at, group] of query.groups.entries()) {
    const held = matchExpression([group], 'any')
    const keys = all ?? (held === null ? [] : keysOf(held, 'any'))
    if (held === null || keys.length === 0) continue
    const titles = new Set(
      keysFrom(db, `title : (${held})${every === null ? '' : ` AND (${every})`}`, keys.at(-1) ?? 0),
    )
    const weight = query.weights?.[at] ?? 1
    const [one, inTitle] = [scoreOfOne(weight, false), scoreOfOne(weight, true)]
    for (const key of keys) worths.set(key, (worths.get(key) ?? 0) + (titles.has(key) ? inTitle : one))
  }
  const tiers = new Map<number, number[]>()
  for (const [key, worth] of worths) {
    const keys = tiers.get(worth)
    if (keys === undefined) tiers.set(worth, [key])
    else keys.push(key)
  }
  return [...tiers].map(([worth, keys]) => ({ worth, keys })).sort((a, b) => b.worth - a.worth)
}

/** Chunks that match, those stored last first. */
type KeysOf = (expression: string, match: LexicalQuery['match']) => readonly number[]

/** Whoever may read them. As one text, which costs a tenth of a row for each. */
function keysOf(db: Connection, { matches }: Caps): { readonly keysOf: KeysOf; isCut(): boolean } {
  const sql = `SELECT group_concat(key) AS keys FROM (${LAST_MATCHES})`
  let isCut = false
  return {
    keysOf: (expression, match) => {
      const most = match === 'all' ? Math.min(matches, MOST_TOGETHER) : matches
      const keys = listed(db.get<Listed>(sql, expression, most))
      isCut ||= keys.length === most
      return keys
    },
    isCut: () => isCut,
  }
}

function readableKeysOf(db: Connection, query: LexicalQuery, { matches, hidden }: Caps): KeysOf {
  const filter = readableBy(query, 'c.document')
  const sql = `SELECT group_concat(key) AS keys FROM (
    SELECT m.key FROM (${LAST_MATCHES}) m CROSS JOIN chunk c ON c.key = m.key WHERE ${filter.sql} LIMIT ?)`
  return (expression) => listed(db.get<Listed>(sql, expression, hidden, ...filter.values, matches))
}

const LAST_MATCHES = 'SELECT rowid AS key FROM fts WHERE fts MATCH ? ORDER BY rowid DESC LIMIT ?'

function keysFrom(db: Connection, match: string, first: number): readonly number[] {
  return listed(
    db.get<Listed>('SELECT group_concat(rowid) AS keys FROM fts WHERE fts MATCH ? AND rowid >= ?', match, first),
  )
}

interface Listed {
  readonly keys: string | null
}

function listed(row: Listed | undefined): readonly number[] {
  return JSON.parse(`[${row?.keys ?? ''}]`) as number[]
}

// --- what they are worth --------------------------------------------------------------------------------------------

interface Row extends Omit<Scored, 'score'> {
  readonly words: Buffer | null
}

/** What has no words yet counts as holding each word once. */
function readerOfRows(
  db: Connection,
  query: LexicalQuery,
): (keys: readonly number[], most: number) => readonly Scored[] {
  const filter = readableBy(query, 'c.document')
  const included = query.onlyInPlace ?? []
  const place = included.length === 0 ? 'true' : `ifnull(${ORIGIN} NOT IN (${slots(included)}), true)`
  const sql = `SELECT c.key, c.document, c.ordinal, w.words
    FROM json_each(?) j CROSS JOIN chunk c ON c.key = j.value LEFT JOIN chunk_words w ON w.chunk = c.key
    WHERE ${filter.sql} AND ${place} LIMIT ?`
  const score = wordsScorer(query)
  const unknown = query.groups.reduce((sum, _, at) => sum + scoreOfOne(query.weights?.[at] ?? 1, false), 0)
  return (keys, most) =>
    db
      .all<Row>(sql, JSON.stringify(keys), ...filter.values, ...included, most)
      .map(({ key, document, ordinal, words }) => {
        return { key, document, ordinal, score: words === null ? unknown : score(words) }
      })
}

const ORIGIN = `CASE WHEN w.chunk IS NOT NULL THEN w.origin
  ELSE (SELECT x.origin FROM chunk_text x WHERE x.chunk = c.key) END`

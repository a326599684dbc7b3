/**
 * The lexical retriever: FTS5 says which chunks hold which words, and the words of the most promising of them, what that is
 * worth. FTS5's own ranking reads all that it holds of each word: 30 ms for one in most of a million chunks.
 */
import type { Candidate, LexicalQuery } from '../../core/store.ts'
import { MOST_BY_COUNT, scoreOfOne, wordsScorer } from '../lexical-score.ts'
import { fewEach } from '../memory/query.ts'
import { toCandidate } from '../rows.ts'
import { byUtf8 } from '../utf8.ts'
import type { Connection } from './connection.ts'
import { type Keys, type KeysOf, MOST_LISTED } from './keys.ts'
import { type Names, namesIn } from './names.ts'
import type { Listing, Narrow } from './narrow.ts'
import { MOST_LOOKED_AT } from './readers.ts'
import { type ReadRows, type Row, rowsOf } from './rows.ts'
import { type Tier, tiersOf } from './tiers.ts'
import { matchExpression } from './tokens.ts'

/** How much work a query is, since SQLite can't be interrupted. */
export interface Caps {
  /** Chunks that match and are looked at, of each word where any is enough: of more, those stored last. */
  readonly matches: number
  /** The same, where too few of those are for the reader: a large source that is hidden must not stand before a small one. */
  readonly hidden: number
  /** Of those, chunks that are for the reader and whose words are scanned: of more, those with the most telling words. */
  readonly scanned: number
}

const CAPS: Caps = { matches: MOST_LISTED, hidden: MOST_LOOKED_AT, scanned: 1500 }
/** Chunks whose words are scanned for each that is asked for. */
const SCANNED_EACH = 5
/** Chunks of which is asked at once who may read them, and what they say. */
const AT_ONCE = { least: 100, most: 500 }

interface Scored {
  readonly row: Row
  readonly score: number
}

/** What a question by words is answered from, some of it kept from the last one. */
interface Sources {
  readonly keys: Keys
  readonly read: ReadRows
  readonly names: Names
  readonly narrow: Narrow | null
}

/** What is found is for the reader by the tables beside the heads; what is read of it then is checked once more by its head. */
export function lexicalOf(
  db: Connection,
  { keys, narrow }: Listing,
  caps: Caps = CAPS,
): (query: LexicalQuery) => Candidate[] {
  const [rows, names] = [rowsOf(db), namesIn(db)]
  return (query) => {
    if (matchExpression(query.groups, query.match) === null || query.limit < 1) return []
    return db.reading(() => {
      const sources = { keys: keys(), read: rows(query), names: names(), narrow: narrow(query) }
      return rank(sources, query, caps).map(({ row, score }) => {
        const { id, updated } = sources.names.of(row.document)
        const words = row.words && Buffer.from(row.words)
        return { ...toCandidate(db, { ...row, id, updated, words }), score }
      })
    })
  }
}

function rank(sources: Sources, query: LexicalQuery, caps: Caps): readonly Scored[] {
  const limit = Math.trunc(query.limit)
  const last = sources.keys.last(caps.matches)
  const found = scan(sources, query, tiersFor(query, last.of, sources), caps)
  const isShort = found.length < Math.min(limit, caps.scanned) && last.isCut()
  const readable = () => tiersFor(query, sources.keys.readable(query, caps), sources)
  const all = isShort ? scan(sources, query, readable(), caps) : found
  return inOrder(sources.names, bestOf(all, query), limit)
}

/** Until those that are left can't be worth more than the ones that are found. */
function scan({ read }: Sources, query: LexicalQuery, tiers: readonly Tier[], { scanned }: Caps): Scored[] {
  const limit = Math.trunc(query.limit)
  const score = rowScorer(query)
  const included = new Set(query.onlyInPlace)
  const found: Scored[] = []
  let room = Math.min(scanned, limit * SCANNED_EACH)
  let [best, sorted]: [readonly Scored[], number] = [[], 0]
  for (const { worth, keys } of tiers) {
    if (found.length - sorted >= limit) {
      best = bestOf(found, query)
      sorted = found.length
    }
    if (room === 0 || (best[limit - 1]?.score ?? 0) > worth * MOST_BY_COUNT) break
    for (let at = 0; at < keys.length && room > 0; ) {
      const end = at + Math.min(AT_ONCE.most, Math.max(AT_ONCE.least, room))
      const rows = read(keys.subarray(at, end)).filter(({ origin }) => origin === null || !included.has(origin))
      for (const row of rows.slice(0, room)) found.push({ row, score: score(row) })
      room -= Math.min(room, rows.length)
      at = end
    }
  }
  return found
}

/** What has no words yet counts as holding each word once. */
function rowScorer(query: LexicalQuery): (row: Row) => number {
  const score = wordsScorer(query)
  const unknown = query.groups.reduce((sum, _, at) => sum + scoreOfOne(query.weights?.[at] ?? 1, false), 0)
  return ({ words }) => (words === null ? unknown : score(words))
}

/** Best first, equals of one document in its order. */
function bestOf(found: Scored[], { perDocument }: LexicalQuery): readonly Scored[] {
  found.sort((a, b) => b.score - a.score || a.row.document - b.row.document || a.row.ordinal - b.row.ordinal)
  return fewEach(found, ({ row }) => row.document, perDocument)
}

/** Equals by the ids of their documents, which are read of those only that may be among so many. */
function inOrder(names: Names, best: readonly Scored[], limit: number): readonly Scored[] {
  const least = best[limit - 1]?.score ?? Number.NEGATIVE_INFINITY
  const some = best.filter(({ score }) => score >= least)
  names.read(some.map(({ row }) => row.document))
  const idOf = ({ row }: Scored) => names.of(row.document).id
  return some
    .sort((a, b) => b.score - a.score || byUtf8(idOf(a), idOf(b)) || a.row.ordinal - b.row.ordinal)
    .slice(0, limit)
}

/** The most telling first, within each those stored last. */
function tiersFor(query: LexicalQuery, keysOf: KeysOf, { keys, narrow }: Sources): readonly Tier[] {
  const ownOf: KeysOf = (...asked) => (narrow === null ? keysOf(...asked) : narrow(keysOf(...asked)))
  const every = query.match === 'all' ? matchExpression(query.groups, 'all') : null
  const all = every === null ? null : ownOf(every, 'all')
  const holdings = query.groups.flatMap((group, at) => {
    const held = matchExpression([group], 'any')
    const own = all ?? (held === null ? new Uint32Array() : ownOf(held, 'any'))
    if (held === null || own.length === 0) return []
    const titles = keys.titles(held, own.at(-1) ?? 0)
    const weight = query.weights?.[at] ?? 1
    return [{ keys: own, titles, elsewhere: scoreOfOne(weight, false), inTitle: scoreOfOne(weight, true) }]
  })
  return tiersOf(holdings)
}

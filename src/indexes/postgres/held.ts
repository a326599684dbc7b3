/**
 * How many chunks that somebody may read hold a word. Kept for each reader by itself while nothing of a document changes: questions
 * share most of their words, and each count looks up who may read what for up to a thousand chunks.
 */
import { readerOf } from '../../core/reader.ts'
import type { HeldQuery, Index, Reader } from '../../core/store.ts'
import type { Connection } from './connection.ts'
import { anyOf } from './encoding.ts'
import { parameters, readableBy } from './readers.ts'

/** By token: what one reader's chunks were counted to be. */
type Counts = Map<string, Counted>

interface Counted {
  readonly chunks: number
  /** Counted up to so many. */
  readonly most: number
}

/** All of one moment of the database. */
interface Kept {
  /** How often something of a document had changed. */
  readonly changes: number
  readonly readers: Map<string, Counts>
  /** In characters, of all readers together. */
  size: number
}

interface Answer {
  readonly changes: number
  readonly counts: Counts
}

/** Of more characters, of words and of who asked, all are counted anew. */
const KEPT = 2_000_000
/** What keeping a count takes beside its word, as so many characters. */
const EACH = 50
/** Who asks whether there is any asks next whether there are so many. */
const LEAST = 20

/** One statement says what is not known and whether what is known is still so. Where it is not, a second one asks for all. */
export function heldIn(db: Connection): (query: HeldQuery) => ReturnType<Index['held']> {
  let kept: Kept = { changes: Number.NaN, readers: new Map(), size: 0 }

  function renewed(changes: number): void {
    kept = { changes, readers: new Map(), size: 0 }
  }

  function keep(of: Kept, asked: string, counts: Counts): void {
    if (of.size > KEPT) of.readers.clear()
    if (of.readers.size === 0) of.size = 0
    const known = of.readers.get(asked) ?? new Map<string, Counted>()
    if (!of.readers.has(asked)) of.size += asked.length + EACH
    of.readers.set(asked, known)
    for (const [token, counted] of counts) {
      if (!known.has(token)) of.size += token.length + EACH
      known.set(token, counted)
    }
  }

  return async ({ tokens, most: asked, ...rest }) => {
    const [reader, most] = [readerOf(rest), Math.trunc(asked)]
    if (tokens.length === 0) return new Map()
    const name = JSON.stringify(reader)
    const distinct = [...new Set(tokens)]
    const from = kept
    const known = knownOf(from.readers.get(name), distinct, most)
    const unknown = distinct.filter((token) => !known.has(token))
    const first = await count(db, unknown, most, reader)
    const isSame = first.changes === from.changes
    const answer = isSame || unknown.length === distinct.length ? first : await count(db, distinct, most, reader)
    if (answer.changes !== kept.changes) renewed(answer.changes)
    keep(kept, name, answer.counts)
    const counts = isSame ? new Map([...known, ...answer.counts]) : answer.counts
    return new Map(tokens.map((token) => [token, Math.min(most, counts.get(token)?.chunks ?? 0)]))
  }
}

function knownOf(counts: Counts | undefined, tokens: readonly string[], most: number): Counts {
  const known: Counts = new Map()
  for (const token of tokens) {
    const counted = counts?.get(token)
    if (counted !== undefined && (counted.chunks < counted.most || counted.most >= most)) known.set(token, counted)
  }
  return known
}

async function count(db: Connection, tokens: readonly string[], most: number, reader: Reader): Promise<Answer> {
  const upTo = Math.max(most, LEAST)
  const asked = parameters(
    tokens.map((token) => anyOf([token])),
    upTo,
  )
  const sql = `SELECT s.changes, a.at, (SELECT count(*) FROM (
      SELECT FROM @.chunk c JOIN @.document d ON d.key = c.document
      WHERE c.terms @@ a.query::tsquery AND ${readableBy(reader, asked)} LIMIT $2) held) AS chunks
    FROM @.size s LEFT JOIN unnest($1::text[]) WITH ORDINALITY AS a (query, at) ON true`
  const rows = await db.all<{ changes: number; at: number | null; chunks: number }>(sql, ...asked.values)
  const counts: Counts = new Map()
  for (const { at, chunks } of rows) if (at !== null) counts.set(tokens[at - 1] ?? '', { chunks, most: upTo })
  return { changes: rows[0]?.changes ?? Number.NaN, counts }
}

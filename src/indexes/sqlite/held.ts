/**
 * How many chunks that somebody may read hold a word, and how many they may read. Kept for each reader by itself while nobody
 * writes: questions share most of their words, and each count looks up who may read what for up to a thousand chunks.
 */
import { readerOf } from '../../core/reader.ts'
import type { HeldQuery, Reader } from '../../core/store.ts'
import { type Counted, LEAST_COUNTED, MOST_COUNTS, saysEnough } from '../counted.ts'
import type { Connection } from './connection.ts'
import { keptOf } from './kept.ts'
import { type Keys, MOST_LISTED } from './keys.ts'
import type { Listing, Narrow } from './narrow.ts'
import { MOST_LOOKED_AT, readableBy } from './readers.ts'
import { matchExpression } from './tokens.ts'

/** What one reader's words were counted to be. */
type Counts = Map<string, Counted>

/** What keeping a count takes beside its word, as so many characters. */
const EACH = 50

/** What was counted, or is counted now. */
type Count = (what: string, most: number, count: (most: number) => number) => number

export interface CountsFor {
  held(query: HeldQuery): ReadonlyMap<string, number>
  readable(reader: Reader, most: number): number
}

export function countsFor(db: Connection, listing: Listing): CountsFor {
  const keptNow = keptOf(db, () => ({ size: 0, readers: new Map<string, Counts>() }))

  /** Inside a transaction. */
  function counterFor(reader: Reader): Count {
    const kept = keptNow()
    if (kept.size >= MOST_COUNTS) {
      kept.readers.clear()
      kept.size = 0
    }
    const asked = JSON.stringify(readerOf(reader))
    const known = kept.readers.get(asked)
    const counts: Counts = known ?? new Map()
    if (known === undefined) {
      kept.readers.set(asked, counts)
      kept.size += asked.length + EACH
    }
    return (what, most, count) => {
      const known = counts.get(what)
      if (known !== undefined && saysEnough(known, most)) return Math.min(known.chunks, most)
      const upTo = Math.max(most, LEAST_COUNTED)
      const chunks = count(upTo)
      if (known === undefined) kept.size += what.length + EACH
      counts.set(what, { chunks, most: upTo })
      return Math.min(chunks, most)
    }
  }

  return {
    held: ({ tokens, most, ...reader }) =>
      db.reading(() => {
        const counted = counterFor(reader)
        const narrow = listing.narrow(reader)
        const lists = narrow === null ? null : listing.keys()
        const count = (token: string, upTo: number) =>
          (narrow && lists && countNarrow(lists, narrow, token, upTo)) ?? countHeld(db, token, upTo, reader)
        const held = (token: string) => counted(`${token} `, Math.trunc(most), (upTo) => count(token, upTo))
        return new Map(tokens.map((token) => [token, held(token)]))
      }),
    readable: (reader, most) =>
      db.reading(() => counterFor(reader)('', Math.trunc(most), (upTo) => countReadable(db, reader, upTo))),
  }
}

/** Null where more chunks hold it than are listed, and too few of these are for the reader. */
function countNarrow(keys: Keys, narrow: Narrow, token: string, most: number): number | null {
  const held = keys.last(MOST_LISTED).of(matchExpression([[token]], 'any') ?? '', 'any')
  const chunks = narrow(held).length
  return held.length < MOST_LISTED || chunks >= most ? Math.min(chunks, most) : null
}

function countHeld(db: Connection, token: string, most: number, reader: Reader): number {
  const filter = readableBy(reader, 'c.document')
  const sql = `SELECT count(*) AS chunks FROM (
    SELECT 1 FROM (SELECT rowid AS key FROM fts WHERE fts MATCH ? ORDER BY rowid DESC LIMIT ${MOST_LOOKED_AT}) m
      CROSS JOIN chunk c ON c.key = m.key WHERE ${filter.sql} LIMIT ?)`
  const values = [matchExpression([[token]], 'any') ?? '', ...filter.values, most]
  return db.get<{ chunks: number }>(sql, ...values)?.chunks ?? 0
}

function countReadable(db: Connection, reader: Reader, most: number): number {
  const filter = readableBy(reader)
  const sql = `SELECT count(*) AS chunks FROM (
    SELECT 1 FROM document d CROSS JOIN chunk c ON c.document = d.key WHERE ${filter.sql} LIMIT ?)`
  return db.get<{ chunks: number }>(sql, ...filter.values, most)?.chunks ?? 0
}

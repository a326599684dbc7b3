/** Which chunks match, as FTS5 tells it: lists of keys, those stored last first. */
import type { LexicalQuery, Reader } from '../../core/store.ts'
import type { Connection, SqlValue } from './connection.ts'
import { keptOf, listsOf } from './kept.ts'
import { readableBy } from './readers.ts'

/** Chunks that match the expression. */
export type KeysOf = (expression: string, match: LexicalQuery['match']) => Uint32Array

export interface Keys {
  /** Whoever may read them; of more than so many, those stored last. */
  last(most: number): { readonly of: KeysOf; isCut(): boolean }
  /** Those that are for the reader: so many, of no more than may be hidden. */
  readable(reader: Reader, most: { readonly matches: number; readonly hidden: number }): KeysOf
  /** Whose title does, from that key on, and some before it. */
  titles(expression: string, first: number): Uint32Array
}

/** Chunks that hold a word and are listed: of more, those stored last. What counts words lists as many as what ranks them. */
export const MOST_LISTED = 25_000
/** Where every word must match, FTS5 goes through the chunks of all of them for each that matches. */
const MOST_TOGETHER = 10_000
/** Numbers that are kept from one question to the next: frequent words are asked for again, and take milliseconds. */
const KEPT = 2_000_000

/** Lists of titles begin where others do that are kept, whichever of a word's chunks a question is about. */
const STEP = 2 ** 15

const LAST = 'SELECT rowid AS key FROM fts WHERE fts MATCH ? ORDER BY rowid DESC LIMIT ?'

/** Inside a transaction. */
export function keysIn(db: Connection): () => Keys {
  const lists = keptOf(db, () => listsOf(KEPT))
  return () => {
    const kept = lists()
    const read = (sql: string, ...values: readonly SqlValue[]) =>
      kept.of(JSON.stringify([sql, values]), () => listed(db.get<Listed>(sql, ...values)))
    return {
      last: (most) => lastOf(read, most),
      readable: (reader, most) => {
        const filter = readableBy(reader, 'c.document')
        const sql = `SELECT group_concat(key) AS keys FROM (
          SELECT m.key FROM (${LAST}) m CROSS JOIN chunk c ON c.key = m.key WHERE ${filter.sql} LIMIT ?)`
        return (expression) => listed(db.get<Listed>(sql, expression, most.hidden, ...filter.values, most.matches))
      },
      titles: (expression, first) => read(TITLES, `title : (${expression})`, first - (first % STEP)),
    }
  }
}

const TITLES = `SELECT group_concat(key) AS keys
  FROM (SELECT rowid AS key FROM fts WHERE fts MATCH ? AND rowid >= ? ORDER BY rowid DESC)`

type Read = (sql: string, ...values: readonly SqlValue[]) => Uint32Array

function lastOf(read: Read, most: number): { readonly of: KeysOf; isCut(): boolean } {
  let isCut = false
  return {
    of: (expression, match) => {
      const room = match === 'all' ? Math.min(most, MOST_TOGETHER) : most
      const keys = read(`SELECT group_concat(key) AS keys FROM (${LAST})`, expression, room)
      isCut ||= keys.length === room
      return keys
    },
    isCut: () => isCut,
  }
}

/** As one text, which costs a tenth of a row for each. */
export interface Listed {
  readonly keys: string | null
}

export function listed(row: Listed | undefined): Uint32Array {
  return Uint32Array.from(JSON.parse(`[${row?.keys ?? ''}]`) as number[])
}

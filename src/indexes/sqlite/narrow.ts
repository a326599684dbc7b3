/**
 * The chunks of few documents that a label chooses, for a reader: told of a list of keys at once, where each key would be
 * looked up by itself only to find that it is of none of them.
 */
import { readerOf } from '../../core/reader.ts'
import type { Reader } from '../../core/store.ts'
import type { Connection } from './connection.ts'
import { keptOf } from './kept.ts'
import { type Keys, keysIn, type Listed, listed } from './keys.ts'
import { readableBy, slots } from './readers.ts'

/** Those of the keys, which are in order, that are for the reader: those stored last first. */
export type Narrow = (keys: Uint32Array) => Uint32Array

/** What counts words and what ranks chunks look up alike, so that what one of them lists the other need not. */
export interface Listing {
  readonly keys: () => Keys
  readonly narrow: (reader: Reader) => Narrow | null
}

/** With more chunks a reader is none of few. */
const MOST = 20_000
const READERS_KEPT = 24

export function listingOf(db: Connection): Listing {
  return { keys: keysIn(db), narrow: narrowIn(db) }
}

/** Inside a transaction; null for a reader who chooses by no label, or of too much. */
export function narrowIn(db: Connection, most = MOST): (reader: Reader) => Narrow | null {
  const kept = keptOf(db, () => new Map<string, Narrow | null>())
  return (reader) => {
    if (reader.labels === undefined) return null
    const readers = kept()
    const asked = JSON.stringify(readerOf(reader))
    const known = readers.get(asked)
    if (known !== undefined) return known
    const narrow = read(db, reader, reader.labels, most)
    if (readers.size >= READERS_KEPT) readers.clear()
    readers.set(asked, narrow)
    return narrow
  }
}

function read(db: Connection, reader: Reader, labels: readonly string[], most: number): Narrow | null {
  const filter = readableBy(reader, 'c.document')
  const sql = `SELECT group_concat(key) AS keys FROM (
    SELECT c.key FROM (SELECT DISTINCT document FROM label WHERE label IN (${slots(labels)})) l
      CROSS JOIN chunk c ON c.document = l.document WHERE ${filter.sql} LIMIT ?)`
  const readable = listed(db.get<Listed>(sql, ...labels, ...filter.values, most + 1))
  if (readable.length > most) return null
  return within(readable.sort().reverse())
}

/** Both are in order, so that each is gone through once: a set takes twice the time, and eight times the memory. */
function within(readable: Uint32Array): Narrow {
  return (keys) => {
    let at = 0
    return keys.filter((key) => {
      while ((readable[at] ?? 0) > key) at++
      return readable[at] === key
    })
  }
}

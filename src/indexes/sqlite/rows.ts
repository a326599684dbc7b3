/**
 * Chunks with their words, hundreds at a time: what a question is answered from. A row each would be an object and a buffer
 * each, so they come as one list of numbers and one block of bytes. A question reads many of them twice, for every word and
 * for any, so they are kept until it is answered (the event loop turns), or the file changes. Kept for longer, questions
 * that come again would be quick while nobody writes, and slow beside a writer.
 */
import type { Reader } from '../../core/store.ts'
import { damaged } from '../damage.ts'
import type { Connection } from './connection.ts'
import { keptOf } from './kept.ts'
import { type Filter, readableBy } from './readers.ts'

/** Of one question: whoever keeps the words for longer copies them. */
export interface Row {
  readonly key: number
  /** Its key. */
  readonly document: number
  readonly ordinal: number
  readonly origin: string | null
  /** Null where there are none yet. */
  readonly words: Buffer | null
  readonly sum: number
}

/** Those of the chunks that are for the reader, in their order. */
export type ReadRows = (keys: Uint32Array) => readonly Row[]

interface Answer {
  /** Five of each row: its key, its document's, its ordinal, the length of its words and their sum. */
  readonly numbers: string | null
  readonly origins: string
  /** One after the other. */
  readonly words: Buffer | null
}

interface Kept {
  filter: string
  readonly rows: Map<number, Row | null>
}

const EACH = 5
const KEPT = 5000
/** Bytes of the words that a question reads, as a rule. */
const ROOM = 4_000_000

/** Inside a transaction. */
export function rowsOf(db: Connection): (reader: Reader) => ReadRows {
  const keptNow = keptOf(db, (): Kept => ({ filter: '', rows: new Map() }))
  const room = roomFor(ROOM)
  return (reader) => {
    const kept = keptNow()
    const filter = readableBy(reader, 'c.document')
    const asked = JSON.stringify(filter)
    if (kept.rows.size === 0) setImmediate(() => kept.rows.clear())
    if (kept.filter !== asked || kept.rows.size > KEPT) kept.rows.clear()
    kept.filter = asked
    if (kept.rows.size === 0) room.empty()
    return (keys) => {
      const unknown = [...keys].filter((key) => !kept.rows.has(key))
      const found = read(db, unknown, filter, room)
      for (const key of unknown) kept.rows.set(key, null)
      for (const row of found) kept.rows.set(row.key, row)
      return [...keys].flatMap((key) => kept.rows.get(key) ?? [])
    }
  }
}

/** Where what one question reads stands, and then what the next one does: V8 is slow to see that a block is not needed any more. */
interface Room {
  /** The same bytes, in the room while there is some left. */
  put(block: Buffer): Buffer
  empty(): void
}

function roomFor(bytes: number): Room {
  const all = Buffer.allocUnsafeSlow(bytes)
  let used = 0
  return {
    put: (block) => {
      if (block.length > all.length - used) return block
      const own = all.subarray(used, used + block.copy(all, used))
      used += own.length
      return own
    },
    empty: () => {
      used = 0
    },
  }
}

const ORIGIN = `CASE WHEN w.chunk IS NOT NULL THEN w.origin
  ELSE (SELECT x.origin FROM chunk_text x WHERE x.chunk = c.key) END`

function read(db: Connection, keys: readonly number[], filter: Filter, room: Room): readonly Row[] {
  if (keys.length === 0) return []
  const sql = `SELECT
      group_concat(c.key || ',' || c.document || ',' || c.ordinal || ',' || ifnull(octet_length(w.words), -1) || ',' || ifnull(w.sum, 0)) AS numbers,
      json_group_array(json_array(c.key, ${ORIGIN})) FILTER (WHERE ${ORIGIN} IS NOT NULL) AS origins,
      CAST(group_concat(w.words, '') AS BLOB) AS words
    FROM json_each(?) j CROSS JOIN chunk c ON c.key = j.value LEFT JOIN chunk_words w ON w.chunk = c.key
    WHERE ${filter.sql}`
  const answer = db.get<Answer>(sql, JSON.stringify(keys), ...filter.values)
  return answer === undefined ? [] : rowsIn(db, answer, room)
}

/** In a damaged file numbers may be none. */
function rowsIn(db: Connection, answer: Answer, room: Room): readonly Row[] {
  try {
    const numbers = JSON.parse(`[${answer.numbers ?? ''}]`) as number[]
    const origins = new Map(JSON.parse(answer.origins) as [number, string][])
    return cut(numbers, origins, room.put(answer.words ?? Buffer.alloc(0)))
  } catch (cause) {
    throw damaged(db.path, 'is damaged: passages of it cannot be read.', cause)
  }
}

function cut(numbers: readonly number[], origins: ReadonlyMap<number, string>, words: Buffer): readonly Row[] {
  const rows: Row[] = []
  let from = 0
  for (let at = 0; at < numbers.length; at += EACH) {
    const numberAt = (place: number) => numbers[at + place] ?? 0
    const [key, length] = [numberAt(0), numberAt(3)]
    const own = length < 0 ? null : words.subarray(from, from + length)
    from += Math.max(0, length)
    const origin = origins.get(key) ?? null
    rows.push({ key, document: numberAt(1), ordinal: numberAt(2), origin, words: own, sum: numberAt(4) })
  }
  return rows
}

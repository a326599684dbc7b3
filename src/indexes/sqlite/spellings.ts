/**
 * Tokens that may be another spelling of a word. All of them are looked through, which SQLite takes 50 times as long for as a
 * list of numbers does, so they are kept in memory while nobody writes: 10 MB for the 680,000 of a million chunks.
 */
import { alikeAmong, lengthsNear, type SameLength, sameLength } from '../alike.ts'
import { damaged } from '../damage.ts'
import type { Connection } from './connection.ts'
import { keptOf } from './kept.ts'

/** As `mayBeSpelt` has it. */
export type ListAlike = (token: string, changes: 1 | 2) => readonly string[]

export function alikeIn(db: Connection): ListAlike {
  const keptNow = keptOf(db, () => new Map<number, SameLength>())
  return (token, changes) =>
    db.reading(() => {
      const kept = keptNow()
      const lists = lengthsNear(token, changes).map((length) => {
        const same = kept.get(length) ?? read(db, length)
        kept.set(length, same)
        return same
      })
      return alikeAmong(lists, token, changes)
    })
}

function read(db: Connection, length: number): SameLength {
  const sql = `SELECT group_concat(text, ' ') AS texts, group_concat(letters) AS letters
    FROM (SELECT text, letters FROM token WHERE length = ? ORDER BY letters, text)`
  const row = db.get<{ texts: string | null; letters: string | null }>(sql, length)
  return sameLength(row?.texts ?? '', numbersIn(db, row?.letters ?? ''))
}

/** In a damaged file they may be none. */
function numbersIn(db: Connection, list: string): Uint32Array {
  try {
    return Uint32Array.from(JSON.parse(`[${list}]`) as number[])
  } catch (cause) {
    throw damaged(db.path, 'is damaged: its list of words cannot be read.', cause)
  }
}

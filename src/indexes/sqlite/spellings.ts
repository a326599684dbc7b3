/**
 * Tokens that may be another spelling of a word. All of them are looked through, which SQLite takes 50 times as long for as a
 * list of numbers does, so they are kept in memory while nobody writes: 10 MB for the 680,000 of a million chunks.
 */
import { lettersIn, mayDiffer } from '../../core/letters.ts'
import { damaged } from '../damage.ts'
import type { Connection } from './connection.ts'
import { keptOf } from './kept.ts'

/** Tokens of so many letters. */
interface SameLength {
  /** One after the other, with a space behind each. */
  readonly texts: string
  /** Of each: where it begins in `texts`, and its letters as `lettersIn` has them. */
  readonly begins: Uint32Array
  readonly letters: Uint32Array
}

/** As `mayBeSpelt` has it. */
export type ListAlike = (token: string, changes: 1 | 2) => readonly string[]

export function alikeIn(db: Connection): ListAlike {
  const keptNow = keptOf(db, () => new Map<number, SameLength>())
  return (token, changes) =>
    db.reading(() => {
      const kept = keptNow()
      const found: string[] = []
      const [length, letters] = [[...token].length, lettersIn(token)]
      for (let each = Math.max(1, length - changes); each <= length + changes; each++) {
        const same = kept.get(each) ?? read(db, each)
        kept.set(each, same)
        addAlike(found, same, letters, changes)
      }
      return found
    })
}

function addAlike(found: string[], { texts, begins, letters }: SameLength, asked: number, changes: number): void {
  for (let at = 0; at < letters.length; at++) {
    if (!mayDiffer(letters[at] ?? 0, asked, changes)) continue
    found.push(texts.slice(begins[at], (begins[at + 1] ?? texts.length + 1) - 1))
  }
}

function read(db: Connection, length: number): SameLength {
  const sql = `SELECT group_concat(text, ' ') AS texts, group_concat(letters) AS letters
    FROM (SELECT text, letters FROM token WHERE length = ? ORDER BY letters, text)`
  const row = db.get<{ texts: string | null; letters: string | null }>(sql, length)
  const texts = row?.texts ?? ''
  const letters = numbersIn(db, row?.letters ?? '')
  const begins = new Uint32Array(letters.length)
  for (let at = 1; at < begins.length; at++) begins[at] = texts.indexOf(' ', begins[at - 1]) + 1
  return { texts, begins, letters }
}

/** In a damaged file they may be none. */
function numbersIn(db: Connection, list: string): Uint32Array {
  try {
    return Uint32Array.from(JSON.parse(`[${list}]`) as number[])
  } catch (cause) {
    throw damaged(db.path, 'is damaged: its list of words cannot be read.', cause)
  }
}

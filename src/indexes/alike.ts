/** Tokens that may be another spelling of a word, in memory: all of about as many letters are looked through. */
import { lettersIn, mayDiffer } from '../core/letters.ts'

/** Tokens of so many letters. */
export interface SameLength {
  /** One after the other, with a space between: strings of their own take more memory. */
  readonly texts: string
  /** Of each: where it begins in `texts`, and its letters as `lettersIn` has them. */
  readonly begins: Uint32Array
  readonly letters: Uint32Array
}

/** Lengths in letters that a token has which is another spelling by so many changes. */
export function lengthsNear(token: string, changes: number): readonly number[] {
  const length = [...token].length
  return Array.from({ length: 2 * changes + 1 }, (_, at) => length - changes + at).filter((each) => each > 0)
}

/** @param letters of each, where they are stored */
export function sameLength(texts: string, letters?: Uint32Array): SameLength {
  const begins = texts === '' ? [] : [0]
  for (let at = texts.indexOf(' '); at !== -1; at = texts.indexOf(' ', at + 1)) begins.push(at + 1)
  const known =
    letters ?? Uint32Array.from(begins, (begin, at) => lettersIn(texts.slice(begin, endOf(texts, begins, at))))
  return { texts, begins: Uint32Array.from(begins), letters: known }
}

/** Those that may be `token` with as many changes, as `mayDiffer` tells it. */
export function alikeAmong(lists: Iterable<SameLength>, token: string, changes: number): readonly string[] {
  const asked = lettersIn(token)
  const found: string[] = []
  for (const { texts, begins, letters } of lists) {
    for (let at = 0; at < begins.length; at++) {
      if (mayDiffer(letters[at] ?? 0, asked, changes)) found.push(texts.slice(begins[at], endOf(texts, begins, at)))
    }
  }
  return found
}

function endOf(texts: string, begins: ArrayLike<number>, at: number): number {
  return (begins[at + 1] ?? texts.length + 1) - 1
}

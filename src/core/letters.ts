/** Which words may be misspellings of which, told in a few operations, so that many can be looked through. */

const WORD = /^\p{L}+$/u

/** Of nothing but letters: only these are taken for others. */
export function isWord(token: string): boolean {
  return WORD.test(token)
}

/** One bit for each letter that a word holds; some letters share theirs. Not negative. */
export function lettersIn(word: string): number {
  let letters = 0
  for (const letter of word) letters |= 1 << ((letter.codePointAt(0) ?? 0) & 31)
  return letters >>> 0
}

/** Never false of words that `changes` letters added, dropped, changed or swapped make of each other; seldom true of others. */
export function mayBeSpelt(word: string, other: string, changes: number): boolean {
  if (Math.abs([...word].length - [...other].length) > changes) return false
  return mayDiffer(lettersIn(word), lettersIn(other), changes)
}

/** The same of what `lettersIn` tells of them, where their lengths are near enough. */
export function mayDiffer(a: number, b: number, changes: number): boolean {
  return hasFew(a & ~b, changes) && hasFew(b & ~a, changes)
}

function hasFew(bits: number, most: number): boolean {
  let left = bits
  for (let at = 0; at < most && left !== 0; at += 1) left &= left - 1
  return left === 0
}

/** One spelling of a name for all of its: lower case, no accents, no ligatures, no invisible characters. */

const ASCII = /^[\x00-\x7f]*$/
const DROPPED = /[\p{M}\p{Default_Ignorable_Code_Point}]/gu
const LETTERS = new Map([
  ['œ', 'oe'],
  ['æ', 'ae'],
  ['ß', 'ss'],
  ['ø', 'o'],
  ['ł', 'l'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['ı', 'i'],
])

export function fold(text: string): string {
  const lower = text.toLowerCase()
  if (ASCII.test(lower)) return lower
  return lower
    .normalize('NFKD')
    .replace(DROPPED, '')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[œæßøłđðþı]/g, (letter) => LETTERS.get(letter) ?? letter)
}

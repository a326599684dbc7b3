/** One spelling for what people take for the same word: lower case, no accents, no ligatures, no wide forms. */

const ASCII = /^[\x00-\x7f]*$/
const COMBINING = /[\u0300-\u036f]/g
/** Soft hyphens and joiners: in words, but not part of them. */
const INVISIBLE = /[\u00ad\u200b-\u200d\u2060\ufeff]/g
/** Some presentation forms decompose to a space and a mark. */
const SPACE = /\s/g
const LETTERS: Readonly<Record<string, string>> = { œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ð: 'd', ı: 'i' }
const SPECIAL = /[œæßøłđðı]/g

export function fold(word: string): string {
  const lower = word.toLowerCase()
  if (ASCII.test(lower)) return lower
  return lower
    .replace(INVISIBLE, '')
    .normalize('NFKD')
    .replace(COMBINING, '')
    .normalize('NFKC')
    .replace(SPACE, '')
    .toLowerCase()
    .replace(SPECIAL, (letter) => LETTERS[letter] ?? letter)
}

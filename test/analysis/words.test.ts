import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wordEnd, wordStart, wordsOf } from '../../src/analysis/words.ts'

const PATTERN =
  /[\p{L}\p{N}\p{M}_\u00ad\u200c\u200d]{1,4096}(?:[.@&+'’ʼ＇\-‐‑][\p{L}\p{N}\p{M}_\u00ad\u200c\u200d]{1,256}){0,64}(?:\+\+|#)?/gu
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}]/u

const SIGNS = ["'", '’', '.', '+', '++', '#', '-', '@', ' ', '|', '\n', '_', '\u200d', 'e\u0301', 'a', 'é', '0']
const HARD = ['\u{1d400}', '\u{1d7d8}', '😀', '\ud800', '\udc00', '\ud835', 'x'.repeat(300), 'z'.repeat(5000)]
const LONG_GAPS = [' '.repeat(4096), '😀'.repeat(4097), 'a.'.repeat(70)]

const texts = fc
  .array(fc.constantFrom(...SIGNS, ...HARD, ...LONG_GAPS), { maxLength: 15 })
  .map((parts) => parts.join(''))
const anyScript = fc
  .array(fc.oneof(texts, fc.constantFrom('日本', '退款将在', 'データ', 'ー', '결제를', 'รหัสผ่าน', '\u3099', 'ﾃﾞ')), {
    maxLength: 8,
  })
  .map((parts) => parts.join(''))

test('the words of any text with spaces are what their pattern finds', () => {
  const check = (text: string) => {
    expect(wordsOf(text)).toEqual(text.match(PATTERN) ?? [])
  }
  fc.assert(fc.property(texts, check), { numRuns: 2000 })
})

test('words of scripts without spaces are cut apart and out of others, and no letter is lost', () => {
  const check = (text: string) => {
    const words = wordsOf(text)
    const lettersOf = (part: string) => part.match(/[\p{L}\p{N}]/gu) ?? []
    expect(lettersOf(words.join(''))).toEqual(lettersOf(text))
    for (const word of words.filter((word) => UNSPACED.test(word))) expect(word).not.toMatch(/[a-z0-9é_]/)
  }
  fc.assert(fc.property(anyScript, check), { numRuns: 2000 })
})

/** What walks a text from word to word would never end otherwise. */
test('a word ends behind its start, wherever reading begins, in the middle of a character too', () => {
  const check = (text: string, from: number) => {
    const start = wordStart(text, Math.min(from, text.length))
    expect(start).toBeLessThanOrEqual(text.length)
    if (start < text.length) expect(wordEnd(text, start)).toBeGreaterThan(start)
  }
  fc.assert(fc.property(anyScript, fc.nat(40), check), { numRuns: 2000 })
})

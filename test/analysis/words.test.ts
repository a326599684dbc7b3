import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wordEnd, wordStart, wordsOf } from '../../src/analysis/words.ts'

const PATTERN =
  /[\p{L}\p{N}\p{M}_\u00ad\u200c\u200d]{1,4096}(?:[.@&+'’ʼ＇\-‐‑][\p{L}\p{N}\p{M}_\u00ad\u200c\u200d]{1,256}){0,64}(?:\+\+|#)?/gu

const SIGNS = ["'", '’', '.', '+', '++', '#', '-', '@', ' ', '|', '\n', '_', '\u200d', 'e\u0301', 'a', 'é', '0', '日本']
const HARD = ['\u{1d400}', '\u{1d7d8}', '😀', '\ud800', '\udc00', '\ud835', 'x'.repeat(300), 'z'.repeat(5000)]
const LONG_GAPS = [' '.repeat(4096), '😀'.repeat(4097), 'a.'.repeat(70)]

const texts = fc
  .array(fc.constantFrom(...SIGNS, ...HARD, ...LONG_GAPS), { maxLength: 15 })
  .map((parts) => parts.join(''))

test('the words of any text are what their pattern finds', () => {
  const check = (text: string) => {
    expect(wordsOf(text)).toEqual(text.match(PATTERN) ?? [])
  }
  fc.assert(fc.property(texts, check), { numRuns: 2000 })
})

/** What walks a text from word to word would never end otherwise. */
test('a word ends behind its start, wherever reading begins, in the middle of a character too', () => {
  const check = (text: string, from: number) => {
    const start = wordStart(text, Math.min(from, text.length))
    expect(start).toBeLessThanOrEqual(text.length)
    if (start < text.length) expect(wordEnd(text, start)).toBeGreaterThan(start)
  }
  fc.assert(fc.property(texts, fc.nat(40), check), { numRuns: 2000 })
})

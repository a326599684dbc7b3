import { expect, test } from 'vitest'
import { countedIn, lexemeOf, lexemesIn } from '../../../src/indexes/opensearch/encoding.ts'

test.for(['printer', 'été', '東京都', '😀', 'err_conn-40.42', '"', '%'])('%s is stored as it is', (token) => {
  expect(lexemeOf(token)).toBe(token)
})

test('what a tokenizer would cut, or take for a count, is stored as a hash of its own', () => {
  const odd = ['', 'a b', 'a|b', 'a\u00a0b', 'nul\0', '=', '=61', '\ud800', '\udc00', 'x'.repeat(201), 'x'.repeat(202)]
  const lexemes = odd.map(lexemeOf)

  expect(new Set(lexemes).size).toBe(odd.length)
  for (const lexeme of lexemes) expect(lexeme).toMatch(/^=[0-9a-f]{64}$/)
})

test('with a token stands what it counts: each time it is there and more in a title, or once a field where all must be there', () => {
  const terms = { title: ['ink', 'ink'], headings: ['ink', 'toner'], body: ['toner', 'paper', 'paper'] }

  expect(countedIn(terms)).toEqual({
    lexemes: ['ink', 'toner', 'paper'],
    forAny: 'ink|7 toner|3 paper|2',
    forAll: 'ink|6 toner|3 paper|1',
  })
  expect(lexemesIn('ink|7 toner|3')).toEqual(['ink', 'toner'])
  expect(lexemesIn('')).toEqual([])
})

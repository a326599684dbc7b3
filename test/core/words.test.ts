import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packedToken, packedWord, packWords, scanWords, shareBody } from '../../src/core/words.ts'

const words = fc.array(fc.array(fc.string({ minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 3 }), {
  maxLength: 8,
})

test('what was packed is scanned: each token in its field, in order, and where a word begins', () => {
  fc.assert(
    fc.property(words, words, words, (title, headings, body) => {
      const packed = { title: packedText(title), headings: packedText(headings), body: packedText(body) }
      const { extent, token, beginsWord } = scanWords(packWords(packed))

      for (const [field, all] of Object.entries({ title, headings, body })) {
        const [start, end] = extent[field as keyof typeof extent]
        const places = Array.from({ length: end - start }, (_, at) => start + at)
        expect(places.map(token)).toEqual(all.flat().map(packedToken))
        expect(places.map(beginsWord)).toEqual(all.flatMap((tokens) => tokens.map((_, at) => at === 0)))
      }
    }),
  )
})

test('of a huge chunk the beginning is packed', () => {
  const many = Array.from({ length: 100_000 }, (_, at) => packedToken(`${at}`))
  const packed = packWords({ title: [], headings: many, body: many })

  expect(packed.byteLength).toBe(4 * (2 + 1000 + 4000))
  expect(scanWords(packed).token(1000)).toBe(many[0])
})

test('different tokens are packed to different numbers, but for one pair in two thousand million', () => {
  const packed = new Set(Array.from({ length: 50_000 }, (_, at) => packedToken(`token${at}`)))

  expect(packed.size).toBeGreaterThanOrEqual(49_998)
})

test('one body stands in another whole, in order and by whole tokens; an empty one in none', () => {
  const body = (text: string) => packWords({ title: [1], headings: [], body: text.split(' ').map(packedToken) })

  expect(shareBody(body('b c'), body('a b c d'))).toBe(true)
  expect(shareBody(body('a b c d'), body('b c'))).toBe(true)
  expect(shareBody(body('b d'), body('a b c d'))).toBe(false)
  const [zero, shifted] = [0x01020304, 0x02030401]
  const longer = packWords({ title: [], headings: [], body: [shifted, shifted] })
  expect(shareBody(packWords({ title: [], headings: [], body: [zero] }), longer)).toBe(false)
  const empty = packWords({ title: [1], headings: [], body: [] })
  expect(shareBody(empty, empty)).toBe(false)
})

function packedText(all: readonly (readonly string[])[]) {
  return all.flatMap(packedWord)
}

test.each([0, 4, 8, 10, 16])('no field goes on behind the end of %i bytes, whatever they say', (length) => {
  const { extent, token } = scanWords(new Uint8Array(length).fill(255))

  const last = Math.max(0, Math.floor(length / 4) - 2)
  expect(extent).toEqual({ title: [0, last], headings: [last, last], body: [last, last] })
  expect(Array.from({ length: last }, (_, at) => token(at))).toEqual(Array(last).fill(0xfffffffe))
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutLongTexts } from '../../src/http/long-texts.ts'

const LONGEST = 8

/** What is left of a text that arrives in parts of a few bytes. */
function left(json: string, size: number): string {
  const cut = cutLongTexts(LONGEST)
  const bytes = Buffer.from(json)
  const parts: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at += size) parts.push(...cut(bytes.subarray(at, at + size)))
  return Buffer.concat(parts).toString()
}

test('an answer whose texts are short stays as it is', () => {
  const json = JSON.stringify({ 'a\\"b': ['12345678', '', 'é\n"\\'], n: [1, -2.5e3, true, null] }, null, 1)

  for (const size of [1, 2, 3, 1000]) expect(left(json, size)).toBe(json)
})

test('a long text keeps its beginning, one character more than the limit, and everything else is whole', () => {
  const json = JSON.stringify([{ title: 'a', body: `${'x'.repeat(100)}`, next: 'b' }, { body: 'short' }])

  for (const size of [1, 7, 1000]) {
    expect(JSON.parse(left(json, size))).toEqual([
      { title: 'a', body: 'x'.repeat(LONGEST + 1), next: 'b' },
      { body: 'short' },
    ])
  }
})

test('it is never cut within a character or an escape sequence: whatever is said stays JSON, and begins as it began', () => {
  const texts = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom('"', '\\', '\\"', '\u0000', '\ud800', 'é', '😀'),
    ),
  )
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 9 }), (pieces, size) => {
      const text = pieces.join('')
      const [cut, after] = JSON.parse(left(JSON.stringify([text, 'after']), size)) as [string, string]

      expect(after).toBe('after')
      expect(text.startsWith(cut)).toBe(true)
      if (text.length <= LONGEST) expect(cut).toBe(text)
      if (cut !== text) expect(cut.length).toBeGreaterThan(LONGEST)
    }),
  )
})

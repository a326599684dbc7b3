import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isWord, mayBeSpelt } from '../../src/core/letters.ts'

const letter = fc.constantFrom(...'abcdefgzéß東😀ñ')
const word = fc.array(letter, { minLength: 1, maxLength: 12 })
const change = fc.record({ kind: fc.constantFrom('add', 'drop', 'change', 'swap'), at: fc.nat(11), letter })
const changes = fc.array(change, { minLength: 1, maxLength: 2 })

test('whatever is changed in a word, it may be the other', () => {
  const property = fc.property(word, changes, (letters, made) => {
    const other = made.reduce(changed, letters)

    expect(mayBeSpelt(letters.join(''), other.join(''), made.length)).toBe(true)
    expect(mayBeSpelt(other.join(''), letters.join(''), made.length)).toBe(true)
  })
  fc.assert(property)
})

test.each([
  ['refund', 'invoice', 2],
  ['refund', 'refunding', 2],
  ['refund', 'refuse', 1],
])('%s is not %s, with %d changes', (word, other, most) => {
  expect(mayBeSpelt(word, other, most)).toBe(false)
})

test.each([
  ['été', true],
  ['东京', true],
  ['v2', false],
  ['a-b', false],
  ['', false],
])('%j is of letters only: %s', (text, expected) => {
  expect(isWord(text)).toBe(expected)
})

type Change = { readonly kind: string; readonly at: number; readonly letter: string }

function changed(letters: readonly string[], { kind, at: place, letter }: Change): readonly string[] {
  const at = place % Math.max(1, letters.length)
  if (kind === 'add') return letters.toSpliced(at, 0, letter)
  if (kind === 'drop') return letters.toSpliced(at, 1)
  if (kind === 'change') return letters.toSpliced(at, 1, letter)
  return letters.toSpliced(at, 2, ...letters.slice(at, at + 2).toReversed())
}

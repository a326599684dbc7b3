import fc from 'fast-check'
import { expect, test } from 'vitest'
import { distancesFrom } from '../../src/query/spelling-distance.ts'

const word = fc.array(fc.constantFrom('a', 'b', 'c', 'é', '\u{1d4b3}'), { maxLength: 9 })
/** Where a letter is added, dropped, changed or swapped. */
const edit = fc.tuple(fc.constantFrom('add', 'drop', 'change', 'swap'), fc.nat(9))

test('words are as far from each other as a table of all their beginnings says, and far beyond what was asked', () => {
  const pair = fc.tuple(word, fc.oneof(word, fc.array(edit, { maxLength: 4 })))
  fc.assert(
    fc.property(pair, fc.constantFrom(1, 2), ([one, second], most) => {
      const other = second.reduce<string[]>((letters, each) => edited(letters, each), isEdits(second) ? one : [])
      const distances = distancesFrom(one.join(''), most)
      const expected = Math.min(distanceOf(one, other), most + 1)

      expect(distances(other.join(''))).toBe(expected)
      expect(distances('aaaa')).toBe(Math.min(distanceOf(one, [...'aaaa']), most + 1))
    }),
    { numRuns: 2000 },
  )
})

type Edit = readonly [kind: string, at: number]

function isEdits(second: readonly (string | Edit)[]): boolean {
  return second.every((each) => typeof each !== 'string')
}

function edited(letters: readonly string[], each: string | Edit): string[] {
  if (typeof each === 'string') return [...letters, each]
  const [kind, at] = each
  const [before, first = '', next = '', rest] = [
    letters.slice(0, at),
    letters[at],
    letters[at + 1],
    letters.slice(at + 2),
  ]
  if (kind === 'add') return [...before, 'b', ...letters.slice(at)]
  if (kind === 'drop') return [...before, ...letters.slice(at + 1)]
  if (kind === 'change') return [...before, 'c', ...letters.slice(at + 1)]
  return [...before, next, first, ...rest].filter((letter) => letter !== '')
}

/** By its definition. */
function distanceOf(one: readonly string[], other: readonly string[]): number {
  const table = Array.from({ length: one.length + 1 }, (_, i) =>
    Array.from({ length: other.length + 1 }, (_, j) => Math.max(i, j)),
  )
  const at = (i: number, j: number) => table[i]?.[j] ?? Number.POSITIVE_INFINITY
  for (let i = 1; i <= one.length; i++) {
    for (let j = 1; j <= other.length; j++) {
      const change = at(i - 1, j - 1) + (one[i - 1] === other[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
      const swap = isSwap ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY
      ;(table[i] ?? [])[j] = Math.min(change, at(i - 1, j) + 1, at(i, j - 1) + 1, swap)
    }
  }
  return at(one.length, other.length)
}

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Holding, tiersOf } from '../../../src/indexes/sqlite/tiers.ts'

const holding = fc
  .tuple(
    fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { maxLength: 40 }),
    fc.array(fc.boolean(), { minLength: 60, maxLength: 60 }),
    fc.constantFrom(1, 2, 3),
  )
  .map(([keys, isTitle, weight]): Holding => {
    const last = keys.toSorted((a, b) => b - a)
    const titles = Array.from({ length: 60 }, (_, at) => 60 - at).filter((key) => isTitle[key - 1])
    return { keys: Uint32Array.from(last), titles: Uint32Array.from(titles), elsewhere: weight, inTitle: 1.5 * weight }
  })

test('each chunk is worth what its words are, those worth most come first, of equals those stored last', () => {
  fc.assert(
    fc.property(fc.array(holding, { maxLength: 5 }), (holdings) => {
      const worths = new Map<number, number>()
      for (const { keys, titles, inTitle, elsewhere } of holdings) {
        for (const key of keys) worths.set(key, (worths.get(key) ?? 0) + (titles.includes(key) ? inTitle : elsewhere))
      }
      const expected = [...worths].sort(([a, first], [b, second]) => second - first || b - a)

      const tiers = tiersOf(holdings)

      expect(tiers.flatMap(({ worth, keys }) => [...keys].map((key) => [key, worth]))).toEqual(expected)
      expect(new Set(tiers.map(({ worth }) => worth)).size).toBe(tiers.length)
    }),
  )
})

import { expect, test } from 'vitest'
import { encodeAll, meanOf, nearestKeys } from '../../src/indexes/codes.ts'
import { cosineWith, quantize } from '../../src/indexes/vectors.ts'
import { randomFrom } from '../fuzz/random.ts'
import { clusteredVectors } from './clustered-vectors.ts'

const COUNT = 4000
const WANTED = 10

test('what the codes find near holds nearly all that is nearest, in a tenth of all vectors', () => {
  const { below } = randomFrom(7)
  const all = clusteredVectors(COUNT + 20, 96, () => below(2 ** 30) / 2 ** 30)
  const stored = all.slice(0, COUNT).map(quantize)
  const rows = stored.map((numbers, key) => ({ key, owner: key % 2, numbers }))
  const mean = meanOf(stored, 96)
  const codes = [encodeAll(rows.slice(0, 1000), mean), encodeAll(rows.slice(1000), mean)]
  let found = 0

  for (const query of all.slice(COUNT)) {
    const near = nearestKeys(codes, mean, query, { readable: Uint8Array.of(0, 1), looked: COUNT / 5, most: COUNT / 20 })
    const cosine = cosineWith(query)
    const exact = rows.filter(({ owner }) => owner === 1).toSorted((a, b) => cosine(b.numbers) - cosine(a.numbers))
    expect(near.length).toBeGreaterThanOrEqual(COUNT / 20)
    expect(near.length).toBeLessThan(COUNT / 10)
    expect(near.every((key) => key % 2 === 1)).toBe(true)
    found += exact.slice(0, WANTED).filter(({ key }) => near.includes(key)).length
  }

  expect(found / (20 * WANTED)).toBeGreaterThanOrEqual(0.98)
})

test('all of them, where more are wanted than there are', () => {
  const stored = [1, 2, 3].map((value) => Int8Array.of(value, -value, 1))
  const rows = stored.map((numbers, key) => ({ key: key + 5, owner: 1, numbers }))
  const mean = meanOf(stored, 3)
  const near = (readable: Uint8Array) =>
    nearestKeys([encodeAll(rows, mean)], mean, Float32Array.of(1, 1, 1), { readable, looked: 100, most: 100 })

  expect(near(Uint8Array.of(0, 1))).toEqual([5, 6, 7])
  expect(near(Uint8Array.of(1, 0))).toEqual([])
  expect(near(Uint8Array.of(1))).toEqual([])
})

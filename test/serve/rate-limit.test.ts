import { expect, test } from 'vitest'
import { rateLimit } from '../../src/serve/rate-limit.ts'

test('so many a minute, and room comes back as time goes', () => {
  let now = 0
  const { take } = rateLimit(2, () => now)
  expect([take('a'), take('a'), take('a'), take('b')]).toEqual([0, 0, 30, 0])
  now = 30_000
  expect([take('a'), take('a')]).toEqual([0, 30])
})

test('of a flood of askers no more are remembered than fit: those who asked least lately go', () => {
  const { take } = rateLimit(1, () => 0)
  expect([take('first'), take('first')]).toEqual([0, 60])
  for (let at = 0; at < 50_000; at++) take(`flood ${at}`)
  expect(take('flood 49999')).toBe(60)
  expect(take('first')).toBe(0)
})

import { expect, test } from 'vitest'
import { isUnusual } from '../../src/core/unusual.ts'

test.each([
  { count: 0, stored: 0, unusual: false, why: 'nothing of nothing' },
  { count: 2, stored: 2, unusual: false, why: 'all of two' },
  { count: 3, stored: 3, unusual: true, why: 'all of three' },
  { count: 10, stored: 20, unusual: false, why: 'half, but only ten' },
  { count: 11, stored: 50, unusual: true, why: 'more than a fifth and more than ten' },
  { count: 11, stored: 55, unusual: false, why: 'exactly a fifth' },
  { count: 500, stored: 100_000, unusual: false, why: 'five hundred of many' },
  { count: 501, stored: 100_000, unusual: true, why: 'more than five hundred, however many there are' },
])('$count of $stored: $why', ({ count, stored, unusual }) => {
  expect(isUnusual(count, stored)).toBe(unusual)
})

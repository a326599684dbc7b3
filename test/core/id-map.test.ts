import { expect, test } from 'vitest'
import { createIdMap, idsOf } from '../../src/core/id-map.ts'

/** Alike to whoever compares less than all of it. */
const ODD = [
  '',
  'a',
  'é',
  'e\u0301',
  '\u00ff',
  'ÿ\u0000',
  '\u0000',
  'Ā',
  'a\u0001',
  '文',
  '\ud800',
  '\udbff',
  '\ufffd',
  '🙂',
  '__proto__',
]

test('knows each of many ids by its number, as a Map does', () => {
  const ids = [...ODD, ...Array.from({ length: 5_000 }, (_, at) => `wiki:${at * 7}`)]
  const map = createIdMap()
  for (const [at, id] of ids.entries()) map.set(id, at)

  expect(map.size).toBe(ids.length)
  expect(ids.map((id) => map.get(id))).toEqual(ids.map((_, at) => at))
  expect([...map]).toEqual(ids)
  expect(map.has('wiki:1')).toBe(false)
  expect(map.get('wiki:')).toBeUndefined()
})

test('forgets what was deleted, and knows it again when it is set again', () => {
  const ids = idsOf(['wiki:1', 'wiki:2', 'wiki:3', 'wiki:2'])
  expect(ids.size).toBe(3)
  expect([ids.delete('wiki:2'), ids.delete('wiki:2'), ids.delete('wiki:4')]).toEqual([true, false, false])
  expect([ids.size, ids.has('wiki:2'), ids.has('wiki:3'), [...ids]]).toEqual([2, false, true, ['wiki:1', 'wiki:3']])

  ids.set('wiki:2', 4_294_967_294)
  expect([ids.size, ids.get('wiki:2'), [...ids]]).toEqual([3, 4_294_967_294, ['wiki:1', 'wiki:2', 'wiki:3']])
})

test('is read while it grows', () => {
  const ids = idsOf(['0'])
  const read: string[] = []
  for (const id of ids) {
    read.push(id)
    if (read.length < 1_000) ids.set(String(read.length), 0)
  }
  expect(read).toEqual(Array.from({ length: 1_000 }, (_, at) => String(at)))
})

test('takes a long id', () => {
  const long = 'x'.repeat(100_000)
  const ids = idsOf(['a', long, `${long}文`, 'b'])
  expect([...ids]).toEqual(['a', long, `${long}文`, 'b'])
})

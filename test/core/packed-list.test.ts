import { expect, test } from 'vitest'
import { BLOCK, createPackedList } from '../../src/core/packed-list.ts'

test('gives back what was put in, by place and in order', () => {
  const items = Array.from({ length: 2 * BLOCK + 3 }, (_, at) => ({
    id: String(at),
    title: `Page ${at} “ü” 🙂`,
    webui: null,
  }))
  const list = createPackedList<(typeof items)[number]>()
  for (const item of items) list.push(item)

  expect([...list]).toEqual(items)
  for (const place of [0, BLOCK - 1, BLOCK, 2 * BLOCK, items.length - 1, 1])
    expect(list.at(place)).toEqual(items[place])
  expect(list.at(items.length)).toBeUndefined()
  expect(list.at(3 * BLOCK)).toBeUndefined()
})

test('takes more after it was read', () => {
  const list = createPackedList<number>()
  for (let at = 0; at < BLOCK - 1; at++) list.push(at)
  expect(list.at(BLOCK - 2)).toBe(BLOCK - 2)
  list.push(-1)
  list.push(-2)

  expect([list.at(BLOCK - 1), list.at(BLOCK)]).toEqual([-1, -2])
})

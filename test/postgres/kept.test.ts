import { expect, test } from 'vitest'
import { type Answer, keeping } from '../../src/indexes/postgres/kept.ts'

/** Of numbers that say so themselves, and which ones were asked for, each time. */
function counted(most: number) {
  const asked: (readonly string[])[] = []
  const now = { changes: 1 }
  const ask = async (keys: readonly string[]): Promise<Answer<number>> => {
    asked.push(keys)
    return { changes: now.changes, values: new Map(keys.map((key) => [key, Number(key) * now.changes])) }
  }
  const kept = keeping<number>(most, () => 0)
  const of = async (name: string, ...keys: readonly string[]) =>
    Object.fromEntries(await kept({ of: name, keys, isEnough: () => true, ask }))
  return { asked, now, of }
}

test('only what is not known is asked for, of each by itself', async () => {
  const { asked, of } = counted(1000)

  expect(await of('a', '1', '2')).toEqual({ 1: 1, 2: 2 })
  expect(await of('a', '2', '3')).toEqual({ 2: 2, 3: 3 })
  expect(await of('b', '2')).toEqual({ 2: 2 })

  expect(asked).toEqual([['1', '2'], ['3'], ['2']])
})

test('after a change all of it is asked for once more, also what was known', async () => {
  const { asked, now, of } = counted(1000)
  await of('a', '1', '2')
  now.changes = 2

  expect(await of('a', '2', '3')).toEqual({ 2: 4, 3: 6 })
  expect(await of('a', '1')).toEqual({ 1: 2 })

  expect(asked).toEqual([['1', '2'], ['3'], ['2', '3'], ['1']])
})

test('what is more than may be kept stays until something else comes', async () => {
  const { asked, of } = counted(10)
  await of('a', '1', '2')

  for (let times = 0; times < 3; times += 1) expect(await of('a', '1', '2')).toEqual({ 1: 1, 2: 2 })
  await of('a', '3')
  await of('a', '1')

  expect(asked).toEqual([['1', '2'], [], [], [], ['3'], ['1']])
})

import { expect, test } from 'vitest'
import { forEachConcurrently } from '../../src/core/concurrently.ts'

test('after a failure no further task starts, and the ones under way are awaited', async () => {
  const log: string[] = []
  const task = async (item: number) => {
    log.push(`start ${item}`)
    await new Promise((resolve) => setTimeout(resolve, item * 5))
    log.push(`end ${item}`)
    if (item === 1) throw new Error('failed')
  }
  await expect(forEachConcurrently([1, 2, 3, 4], 2, task)).rejects.toThrow('failed')
  expect(log).toEqual(['start 1', 'start 2', 'end 1', 'end 2'])
})

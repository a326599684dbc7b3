/** Documents that are large, or many. */
import { expect, test } from 'vitest'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { type Page, run } from './pages.ts'

const LARGE = '<p>word word word</p>'.repeat(40_000)

/** How many characters of text each of a run's transactions stored, and how many documents. */
async function stored(pages: readonly Page[]): Promise<readonly { readonly length: number; readonly count: number }[]> {
  const memory = openMemory()
  const batches: { length: number; count: number }[] = []
  const store: Store = {
    ...memory,
    apply: async (batch) => {
      const length = batch.put.reduce((sum, { markdown }) => sum + markdown.length, 0)
      if (batch.put.length > 0) batches.push({ length, count: batch.put.length })
      await memory.apply(batch)
    },
  }
  const { error, failed } = await run(store, pages)
  expect([error, failed]).toEqual([null, []])
  return batches
}

test('several large documents are made and stored a few at a time, small ones many at a time', async () => {
  const pages = Array.from({ length: 50 }, (_, at): Page => {
    const html = at % 10 === 5 ? LARGE : '<p>word</p>'
    return { id: String(at), load: async () => ({ html }) }
  })

  const batches = await stored(pages)

  expect(batches.reduce((sum, { count }) => sum + count, 0)).toBe(50)
  expect(batches).toHaveLength(3)
  for (const { length } of batches) expect(length).toBeLessThan(2_000_000)
})

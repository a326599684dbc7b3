import { expect, test } from 'vitest'
import { chunkAnalyser } from '../../src/analysis/analyse.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { type Freshness, liftOf, MOST_LIFT } from '../../src/query/freshness.ts'
import { search } from '../../src/query/search.ts'
import { batch, sampleDocument } from '../conformance/index-samples.ts'

const now = Date.parse('2026-07-01T00:00:00Z')
const freshness = { halfLifeDays: 30, now }

test.each([
  ['2026-07-01T00:00:00Z', MOST_LIFT],
  ['2026-06-01T00:00:00Z', MOST_LIFT / 2],
  ['2026-05-02T00:00:00Z', MOST_LIFT / 4],
  ['2027-01-01T00:00:00Z', MOST_LIFT],
  ['no time', 0],
])('what changed at %s is lifted by %d', (updatedAt, lift) => {
  const updated = Date.parse(updatedAt)
  expect(liftOf(Number.isNaN(updated) ? null : updated, freshness)).toBeCloseTo(lift, 9)
})

test('what is newer comes first where it answers as well and that is asked for, never where it answers much worse', async () => {
  const index = await indexOf({
    'docs:a': ['2020-01-01T00:00:00Z', 'refund of an invoice'],
    'docs:b': ['2026-06-30T00:00:00Z', 'refund of an invoice'],
    'docs:c': ['2026-06-30T00:00:00Z', 'refund of a ticket, of other things, and of what else there is'],
  })

  expect(await idsOf(index)).toEqual(['docs:a', 'docs:b', 'docs:c'])
  expect(await idsOf(index, freshness)).toEqual(['docs:b', 'docs:a', 'docs:c'])
})

async function indexOf(
  documents: Readonly<Record<string, readonly [updatedAt: string, text: string]>>,
): Promise<Store> {
  const index = openMemory()
  const put = Object.entries(documents).map(([id, [updatedAt, text]]) => {
    const document = sampleDocument(id, { texts: [text] })
    const analyse = chunkAnalyser('', 'en')
    const chunks = document.chunks.map((chunk) => ({ ...chunk, terms: analyse(chunk) }))
    return { ...document, head: { ...document.head, updatedAt }, chunks }
  })
  await index.apply(batch('docs', { put }))
  return index
}

async function idsOf(index: Store, freshness?: Freshness): Promise<readonly string[]> {
  const query = { text: 'invoice refund', as: [], limit: 10, ...(freshness && { freshness }) }
  return (await search(index, query)).map(({ id }) => id)
}

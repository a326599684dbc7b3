import { expect, test } from 'vitest'
import { chunkAnalyser } from '../../src/analysis/analyse.ts'
import type { Candidate, Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { explain } from '../../src/query/explain.ts'
import { RANKING } from '../../src/query/score.ts'
import { search } from '../../src/query/search.ts'
import { batch, sampleDocument } from '../conformance/index-samples.ts'

const visitor = { as: [], limit: 10 }
const texts = { 'docs:a': 'the refund of an invoice', 'docs:b': 'an invoice', 'docs:c': 'the printer' }

test('explaining finds what searching finds, and each score is the sum of its parts', async () => {
  const index = await indexOf(texts)
  const query = { ...visitor, text: 'invoice refund' }

  const { hits } = await explain(index, query, RANKING, [], () => 0)

  expect(hits.map(({ hit }) => hit)).toEqual(await search(index, query))
  for (const { score, arms } of hits) {
    const [words] = arms
    expect(words?.score).toBe(score)
    expect(Object.values(words?.parts ?? {}).reduce((sum, part) => sum + part, 0)).toBeCloseTo(score, 6)
  }
  expect(hits[0]?.arms[0]?.parts?.both).toBeGreaterThan(0)
  expect(hits[1]?.arms[0]?.parts?.both).toBe(0)
})

test('with a second retriever it says where each passage stood in which answer', async () => {
  const index = await indexOf(texts)
  const [printer] = await index.lexical({ groups: [['printer']], match: 'any', as: [], limit: 1 })
  const [invoice] = await index.lexical({ groups: [['refund']], match: 'any', as: [], limit: 1 })
  const nearest = async () => [printer, invoice].filter((hit): hit is Candidate => hit !== undefined)

  const { hits, arms } = await explain(index, { ...visitor, text: 'invoice' }, RANKING, [nearest], () => 0)

  expect(arms).toEqual([
    { arm: 'words', passages: 2 },
    { arm: 'vectors', passages: 2 },
  ])
  const places = hits.map(({ hit, arms }) => [hit.id, ...arms.map(({ arm, rank }) => `${arm} ${rank}`)])
  expect(places).toContainEqual(['docs:c', 'vectors 1'])
  expect(places).toContainEqual(['docs:a', 'words 2', 'vectors 2'])
  expect(places).toContainEqual(['docs:b', 'words 1'])
})

test('a word in too many passages is left out, and it says so', async () => {
  const index = await indexOf({
    ...Object.fromEntries(Array.from({ length: 2001 }, (_, at) => [`docs:${at}`, 'manual'])),
    'docs:x': 'manual of refunds',
  })

  const { terms, hits } = await explain(index, { ...visitor, text: 'manual refund' }, RANKING, [], () => 0)

  expect(terms).toMatchObject([
    { typed: ['manual'], found: 'as typed', chunks: 2002, leftOut: 'common' },
    { typed: ['refund'], found: 'as typed', chunks: 1, leftOut: null },
  ])
  expect(hits.map(({ hit }) => hit.id)).toEqual(['docs:x'])
})

test('every step is timed by the given clock', async () => {
  let time = 0
  const { steps } = await explain(await indexOf(texts), { ...visitor, text: 'invoice' }, RANKING, [], () => time++)

  expect(steps).toEqual(['terms', 'words', 'scores', 'vectors', 'passages'].map((step) => ({ step, ms: 1 })))
})

async function indexOf(texts: Readonly<Record<string, string>>): Promise<Store> {
  const index = openMemory()
  const put = Object.entries(texts).map(([id, text]) => {
    const document = sampleDocument(id, { texts: [text] })
    const analysed = chunkAnalyser(document.head.title, 'en')
    return { ...document, chunks: document.chunks.map((chunk) => ({ ...chunk, terms: analysed(chunk) })) }
  })
  await index.apply(batch('docs', { put }))
  return index
}

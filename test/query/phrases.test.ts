/** What is quoted must stand so, as far as anything that the asker may read holds it. */
import { expect, test } from 'vitest'
import { chunkAnalyser } from '../../src/analysis/analyse.ts'
import type { Access } from '../../src/core/access.ts'
import type { IndexedDocument } from '../../src/core/document.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { explain } from '../../src/query/explain.ts'
import { RANKING } from '../../src/query/score.ts'
import { search } from '../../src/query/search.ts'
import { batch, sampleDocument } from '../conformance/index-samples.ts'

const TEXTS = {
  phrase: 'Customers ask for refunds twice a month.',
  apart: 'A refund is paid. Ask twice for another refund by the office.',
  other: 'The car park of the office.',
}

test.for<[string, readonly string[]]>([
  ['refund twice', ['apart', 'phrase']],
  ['"refund twice"', ['phrase']],
  ['"Refunds  twice" office', ['phrase']],
  ['"refund" twice', ['apart', 'phrase']],
  ['"a month"', ['phrase']],
  ['"refund twice" "car park"', ['other', 'apart', 'phrase']],
  ['« refund twice »', ['apart', 'phrase']],
  ['“refund twice”', ['apart', 'phrase']],
  ['refund 19" twice 24"', ['apart', 'phrase']],
  ['"refund twice', ['apart', 'phrase']],
  ['"twice refund"', ['apart', 'phrase']],
])('%s', async ([text, expected]) => {
  expect((await idsOf(await storeOf(TEXTS), text)).toSorted()).toEqual(expected.map((id) => `docs:${id}`).toSorted())
})

test('where nothing holds it the words are asked for, whatever stands in what is hidden, and it is said', async () => {
  const store = await storeOf({ apart: TEXTS.apart })
  await store.apply(batch('docs', { put: [documentOf('hidden', TEXTS.phrase, ['group:other'])] }))
  const query = { text: '"refund twice"', limit: 10 }

  expect(await idsOf(store, query.text)).toEqual(['docs:apart'])
  expect((await explain(store, { ...query, as: [] }, RANKING, [], () => 0)).phrases).toEqual([
    { text: 'refund twice', isHeld: false },
  ])
  const seen = await explain(store, { ...query, as: ['group:other'] }, RANKING, [], () => 0)
  expect(seen.hits.map(({ hit }) => hit.id)).toEqual(['docs:hidden'])
  expect(seen.phrases).toEqual([{ text: 'refund twice', isHeld: true }])
})

test('another retriever is held to it too', async () => {
  const store = await storeOf(TEXTS)
  const all = await store.lexical({ groups: [['car'], ['refund']], match: 'any', as: [], limit: 10 })

  const asked = { as: [], limit: 10, text: '"refund twice"' }
  expect((await search(store, asked, RANKING, [async () => all])).map(({ id }) => id)).toEqual(['docs:phrase'])
})

test('of long quotations the index is asked for some words, and all of them must stand so', async () => {
  const words = Array.from({ length: 60 }, (_, at) => `w${at}`)
  const store = await storeOf({ whole: words.join(' '), other: [...words.slice(0, -1), 'other', 'w59'].join(' ') })
  const asked: number[] = []
  const counting: Store = {
    ...store,
    lexical: (query) => {
      asked.push(query.groups.length)
      return store.lexical(query)
    },
  }

  expect(await idsOf(counting, `"${words.slice(0, 30).join(' ')}" "${words.slice(30).join(' ')}"`)).toEqual([
    'docs:whole',
  ])
  expect(Math.max(...asked)).toBe(32)
})

test('what is quoted behind the end of a question is not asked for, as its other words are not', async () => {
  const store = await storeOf(TEXTS)

  expect(await idsOf(store, `${'office '.repeat(100)} "refund twice"`)).toEqual(['docs:phrase'])
  expect((await idsOf(store, `${'office '.repeat(200)} "refund twice"`)).toSorted()).toEqual([
    'docs:apart',
    'docs:other',
  ])
})

test('it is found behind many passages that hold its words apart', async () => {
  const store = await storeOf({})
  const apart = Array.from({ length: 300 }, (_, at) => documentOf(`apart${at}`, 'twice refund'))
  await store.apply(batch('docs', { put: [...apart, documentOf('phrase', `refund twice ${'filler '.repeat(300)}`)] }))

  expect(await idsOf(store, '"refund twice"')).toEqual(['docs:phrase'])
})

async function idsOf(store: Store, text: string): Promise<string[]> {
  return (await search(store, { as: [], limit: 10, text })).map(({ id }) => id)
}

async function storeOf(texts: Readonly<Record<string, string>>): Promise<Store> {
  const store = openMemory()
  await store.apply(batch('docs', { put: Object.entries(texts).map(([id, text]) => documentOf(id, text)) }))
  return store
}

function documentOf(id: string, text: string, access: Access = 'public'): IndexedDocument {
  const sample = sampleDocument(`docs:${id}`, { texts: [text], access })
  const analyse = chunkAnalyser(sample.head.title, 'en')
  return {
    ...sample,
    language: 'en',
    chunks: sample.chunks.map((chunk) => ({ ...chunk, headings: [], terms: analyse(chunk) })),
  }
}

/** A search with a retriever beside the one by words: by vectors that a local server makes of the texts. */
import { afterEach, expect, test } from 'vitest'
import { chunkAnalyser } from '../../src/analysis/analyse.ts'
import type { Access } from '../../src/core/access.ts'
import type { IndexedDocument } from '../../src/core/document.ts'
import type { Store } from '../../src/core/store.ts'
import { embedMissing } from '../../src/embed/embed-missing.ts'
import type { Embedder } from '../../src/embed/embedder.ts'
import { openAiCompatible } from '../../src/embed/openai-compatible.ts'
import { createFetch } from '../../src/http/fetch.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { embedded, nearestArm } from '../../src/query/arms.ts'
import { RANKING } from '../../src/query/score.ts'
import { search } from '../../src/query/search.ts'
import { batch, sampleDocument } from '../conformance/index-samples.ts'
import { DIMENSIONS, embeddingsOf, serveEmbeddings } from '../embed/embedding-server.ts'
import { closeServers } from '../http/serve.ts'

const { signal } = new AbortController()
const visitor = { as: [], limit: 10 }

afterEach(closeServers)

test('what only means the same is found behind what both find, and never what the asker may not read', async () => {
  const index = indexOf(await storeOf({ money: ['money given back'], both: ['refund money'], other: ['car park'] }))
  const { store, embedder } = await index
  await store.apply(batch('docs', { put: [document('docs:hidden', 'money given back', ['group:other'])] }))
  await embedMissing({ vectors: store, embedder, signal })

  expect(await ids(store, 'refund', embedder)).toEqual(['docs:both', 'docs:money', 'docs:other'])
  expect(await ids(store, 'refund')).toEqual(['docs:both'])
  expect((await ids(store, 'refund', embedder, 1)).length).toBe(1)
})

test('a question without a word that is known is answered by meaning', async () => {
  const { store, embedder } = await indexOf(await storeOf({ money: ['money given back'] }))
  await embedMissing({ vectors: store, embedder, signal })

  expect(await ids(store, 'refund', embedder)).toEqual(['docs:money'])
  expect(await ids(store, 'refund')).toEqual([])
})

test('where nothing is embedded, words answer as they do alone', async () => {
  const { store, embedder } = await indexOf(await storeOf({ one: ['refund money'], two: ['refund'] }))

  expect(await search(store, { ...visitor, text: 'refund' }, RANKING, [await armOf(store, embedder)])).toEqual(
    await search(store, { ...visitor, text: 'refund' }),
  )
})

test('a retriever that leaks shows nothing for it', async () => {
  const { store, embedder } = await indexOf(await storeOf({ secret: ['money given back'] }, ['group:other']))
  await embedMissing({ vectors: store, embedder, signal })
  const vector = (await embedder.embed(['refund'], 'query', signal))[0] ?? new Float32Array()
  const [leaked] = await openedTo(store, embedder, vector)

  expect(leaked?.document).toBe('docs:secret')
  expect(await search(store, { ...visitor, text: 'refund' }, RANKING, [async () => (leaked ? [leaked] : [])])).toEqual(
    [],
  )
})

/** To the model, a refund is money given back. */
async function indexOf(store: Store): Promise<{ store: Store; embedder: Embedder }> {
  const { url } = await serveEmbeddings(({ input }) => ({
    body: JSON.stringify(embeddingsOf(input.map((text) => text.replaceAll('refund', 'money given back')))),
  }))
  const config = { baseUrl: url, model: 'm', dimensions: DIMENSIONS, prefixes: { query: '', passage: '' } }
  const fetch = createFetch({ signal })
  return { store, embedder: openAiCompatible({ ...config, atOnce: { texts: 8, tokens: 1000 } }, fetch) }
}

async function storeOf(texts: Readonly<Record<string, readonly string[]>>, access: Access = 'public'): Promise<Store> {
  const store = openMemory()
  const put = Object.entries(texts).map(([id, [text = '']]) => document(`docs:${id}`, text, access))
  await store.apply(batch('docs', { put }))
  return store
}

function document(id: string, text: string, access: Access): IndexedDocument {
  const sample = sampleDocument(id, { texts: [text], access })
  const analyse = chunkAnalyser(sample.head.title, 'en')
  return { ...sample, chunks: sample.chunks.map((chunk) => ({ ...chunk, headings: [], terms: analyse(chunk) })) }
}

async function armOf(store: Store, embedder: Embedder) {
  return nearestArm(store, await embedded(embedder, 'refund', signal))
}

async function ids(store: Store, text: string, embedder?: Embedder, limit = 10): Promise<string[]> {
  const arms = embedder === undefined ? [] : [nearestArm(store, await embedded(embedder, text, signal))]
  return (await search(store, { ...visitor, limit, text }, RANKING, arms)).map(({ id }) => id)
}

/** What the vectors find once everybody may read it; then it is hidden again. */
async function openedTo(store: Store, { identity }: Embedder, vector: Float32Array) {
  const [stored] = [...(await store.stored(['docs:secret'])).values()]
  if (stored === undefined) throw new Error('not stored')
  await store.apply(batch('docs', { refresh: [{ ...stored.head, access: 'public' }] }))
  const hits = await store.nearest({ embedder: identity, vector, as: [], limit: 1 })
  await store.apply(batch('docs', { refresh: [stored.head] }))
  return hits
}

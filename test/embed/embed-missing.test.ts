import { afterEach, expect, test } from 'vitest'
import type { Store } from '../../src/core/store.ts'
import { batchesOf } from '../../src/embed/batches.ts'
import { embedMissing } from '../../src/embed/embed-missing.ts'
import { openAiCompatible } from '../../src/embed/openai-compatible.ts'
import { createFetch } from '../../src/http/fetch.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { batch, sampleDocument } from '../conformance/index-samples.ts'
import { closeServers } from '../http/serve.ts'
import { DIMENSIONS, serveEmbeddings, vectorOf } from './embedding-server.ts'

afterEach(closeServers)

test('what has no vector is embedded, a few at a time, equal texts once; afterwards nothing is asked', async () => {
  const server = await serveEmbeddings()
  const vectors = await storeOf(7)
  await vectors.apply(batch('docs', { put: [sampleDocument('docs:same', { texts: ['same', 'same'] })] }))
  const progress: number[][] = []

  const report = await embedMissing({ ...options(server.url, vectors), onProgress: (...said) => progress.push(said) })

  expect(report).toEqual({ embedded: 9, refused: [] })
  expect(server.asked.map(({ input }) => input.length)).toEqual([3, 3, 3])
  expect(progress.at(-1)).toEqual([9, 9])
  expect(await found(vectors, server.url, 'text 4')).toBe('docs:4#0')
  expect(await embedMissing(options(server.url, vectors))).toEqual({ embedded: 0, refused: [] })
  expect(server.asked).toHaveLength(3)
})

test('a run that fails half-way has stored what it had, and the next one goes on there', async () => {
  const server = await serveEmbeddings((_, nth) => (nth === 3 ? { status: 401, body: '{}' } : undefined))
  const vectors = await storeOf(9)

  await expect(embedMissing(options(server.url, vectors))).rejects.toMatchObject({ code: 'AUTH_REJECTED' })
  const waiting = await vectors.unembeddedCounts(options(server.url, vectors).embedder.identity)
  const second = await embedMissing(options(server.url, vectors))

  expect(waiting.texts).toBe(3)
  expect(second.embedded).toBe(3)
  expect(server.asked.flatMap(({ input }) => input)).toHaveLength(9 + 3)
})

test('one text that the model refuses keeps the others of its batch from nothing', async () => {
  const refuse = 'Part 0\n\ntext 5'
  const server = await serveEmbeddings(({ input }) =>
    input.some((text) => text.includes(refuse)) ? { status: 400, body: '{"error":"too long"}' } : undefined,
  )
  const vectors = await storeOf(9)

  const report = await embedMissing(options(server.url, vectors))

  expect(report.embedded).toBe(8)
  expect(report.refused).toMatchObject([{ id: 'docs:5#0' }])
})

test('a model that refuses everything ends the run, rather than ask for each text', async () => {
  const server = await serveEmbeddings(() => ({ status: 422, body: '{}' }))
  const vectors = await storeOf(60)

  await expect(embedMissing(options(server.url, vectors))).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  expect(server.asked.length).toBeLessThan(20)
})

const refusing = (refused: (text: string) => boolean) =>
  serveEmbeddings(({ input }) => (input.some(refused) ? { status: 413, body: '{}' } : undefined))

test('many refused of a first batch are not all: the others are embedded', async () => {
  const server = await refusing((text) => !/text [0-3]$/.test(text) && text.includes('text'))
  const vectors = await storeOf(12)

  const report = await embedMissing({ ...options(server.url, vectors), embedder: embedderAt(server.url, 12) })

  expect(report.embedded).toBe(4)
  expect(report.refused).toHaveLength(8)
})

test('a run that has only those left that are refused doesn’t say that everything is', async () => {
  const server = await refusing((text) => /text [3-9]$/.test(text))
  const vectors = await storeOf(10)

  const first = await embedMissing(options(server.url, vectors))
  const second = await embedMissing(options(server.url, vectors))

  expect(first).toMatchObject({ embedded: 3, refused: { length: 7 } })
  expect(second).toMatchObject({ embedded: 0, refused: { length: 7 } })
})

test('an abort ends it; what was embedded stays', async () => {
  const controller = new AbortController()
  const server = await serveEmbeddings((_, nth) => {
    if (nth === 2) controller.abort()
    return undefined
  })
  const vectors = await storeOf(9)
  const asked = { ...options(server.url, vectors, controller.signal), signal: controller.signal }

  await expect(embedMissing(asked)).rejects.toMatchObject({ code: 'INTERRUPTED' })
  expect((await vectors.unembeddedCounts(asked.embedder.identity)).texts).toBeLessThan(9)
})

test('batches are bounded by texts and by tokens; what is larger stands alone', () => {
  const passages = [5, 5, 20, 3, 3, 3, 3].map((tokens, ordinal) => ({
    ...{ document: 'd:1', ordinal, text: '', hash: `${ordinal}` },
    tokens,
  }))

  const batches = batchesOf(passages, { texts: 3, tokens: 10 })

  expect(batches.map((one) => one.map(({ tokens }) => tokens))).toEqual([[5, 5], [20], [3, 3, 3], [3]])
})

async function storeOf(documents: number): Promise<Store> {
  const store = openMemory()
  const put = Array.from({ length: documents }, (_, at) => sampleDocument(`docs:${at}`, { texts: [`text ${at}`] }))
  await store.apply(batch('docs', { put }))
  return store
}

function options(baseUrl: string, vectors: Store, signal = new AbortController().signal) {
  return { vectors, embedder: embedderAt(baseUrl, 3, signal), signal }
}

function embedderAt(baseUrl: string, texts: number, signal = new AbortController().signal) {
  const fetch = createFetch({ signal, sleep: async () => {}, random: () => 0 })
  const config = { baseUrl, model: 'm', dimensions: DIMENSIONS, prefixes: { query: '', passage: '' } }
  return openAiCompatible({ ...config, atOnce: { texts, tokens: 1000 } }, fetch)
}

async function found(store: Store, url: string, text: string): Promise<string> {
  const { identity } = options(url, store).embedder
  const vector = Float32Array.from(vectorOf(`Guide > Part 0 ${text}`))
  const [hit] = await store.nearest({ embedder: identity, vector, as: [], limit: 1 })
  return `${hit?.document}#${hit?.ordinal}`
}

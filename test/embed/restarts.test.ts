/** Embedding into a real file, by runs that end in the middle: nothing that is stored is asked for again. */
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { embedMissing } from '../../src/embed/embed-missing.ts'
import { openAiCompatible } from '../../src/embed/openai-compatible.ts'
import { createFetch } from '../../src/http/fetch.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { batch, sampleDocument } from '../conformance/index-samples.ts'
import { closeServers } from '../http/serve.ts'
import { temporaryFolder } from '../indexes/temporary-folder.ts'
import { type Answer, DIMENSIONS, embeddingsOf, type Instead, serveEmbeddings } from './embedding-server.ts'

const COUNT = 40
const AT_ONCE = 3
const { signal } = new AbortController()

afterEach(closeServers)

/** What is wrong with an answer to so many texts, which a call does not get over. */
const FAULTS: readonly ((texts: readonly string[]) => Answer)[] = [
  () => ({ status: 429, headers: { 'retry-after': '2' }, body: '{}' }),
  () => ({ status: 500, body: '' }),
  (texts) => ({ body: JSON.stringify(embeddingsOf(texts)).slice(0, -30) }),
  (texts) => ({ body: JSON.stringify(embeddingsOf(texts)).replace(/"embedding":\[[^,]+/, '"embedding":[NaN') }),
  (texts) => ({ body: JSON.stringify(embeddingsOf(texts)).replace(/"embedding":\[[^,]+,/, '"embedding":[') }),
  (texts) => ({ body: JSON.stringify(embeddingsOf(texts.slice(1))) }),
  () => ({ status: 401, body: '{}' }),
]

test('whatever ends a run, the next goes on behind it, until every text was answered once and no more is asked', async () => {
  const path = await indexed()
  const answered: string[] = []
  let fault: (typeof FAULTS)[number] | undefined
  let until = 0
  const server = await serveEmbeddings(({ input }, nth) => {
    if (fault !== undefined && nth > until) return fault(input)
    answered.push(...input)
    return undefined
  })
  const left: number[] = []

  for (const next of FAULTS) {
    fault = next
    until = server.asked.length + 1
    await expect(run(path, server.url)).rejects.toMatchObject({ recovery: expect.any(String) })
    left.push(await waiting(path, server.url))
  }
  fault = undefined
  await run(path, server.url)

  expect(left).toEqual(FAULTS.map((_, at) => COUNT - AT_ONCE * (at + 1)))
  expect(answered.toSorted()).toEqual([...new Set(answered)].sort())
  expect(answered).toHaveLength(COUNT)
  const before = server.asked.length
  expect(await run(path, server.url)).toBe(0)
  expect(server.asked).toHaveLength(before)
})

test('what the index says is waiting is what is then asked for, to the text and the token', async () => {
  const path = await indexed()
  const server = await serveEmbeddings()
  const store = await openSqlite(path, { mode: 'read' })
  const { embedder } = embedderAt(server.url)
  const plan = await store.unembeddedCounts(embedder.identity)
  const passages = await store.unembedded(embedder.identity, 1000)
  await store.close()

  await run(path, server.url)

  expect(server.asked.flatMap(({ input }) => input).toSorted()).toEqual(passages.map(({ text }) => text).sort())
  expect(plan).toEqual({ texts: COUNT, tokens: passages.reduce((sum, { tokens }) => sum + tokens, 0) })
})

test('another model embeds every stored text again, and goes on where it was cut', async () => {
  const path = await indexed()
  const first = await serveEmbeddings()
  await run(path, first.url)
  const second = await serveEmbeddings((_, nth) => (nth > 5 ? { status: 401, body: '{}' } : undefined))

  await expect(run(path, second.url, 'other')).rejects.toMatchObject({ code: 'AUTH_REJECTED' })
  expect(await waiting(path, second.url, 'other')).toBe(COUNT - 5 * AT_ONCE)
  expect(await waiting(path, first.url)).toBe(5 * AT_ONCE)

  const third = await serveEmbeddings()
  await run(path, third.url, 'other')
  const texts = [...second.asked.slice(0, 5), ...third.asked].flatMap(({ input }) => input)
  expect(texts.toSorted()).toEqual(first.asked.flatMap(({ input }) => input).sort())
})

test('a service that says how long to wait is asked again after that, and not before', async () => {
  const slept: number[] = []
  const slow: Instead = (_, nth) =>
    nth === 1 ? { status: 429, headers: { 'retry-after': '7' }, body: '{}' } : undefined
  const server = await serveEmbeddings(slow)
  const { embedder } = embedderAt(server.url, 'm', async (ms) => void slept.push(ms))

  expect(await embedder.embed(['one'], 'passage', signal)).toHaveLength(1)

  expect(server.asked).toHaveLength(2)
  expect(slept).toHaveLength(1)
  expect(slept[0]).toBeGreaterThanOrEqual(7000)
  expect(slept[0]).toBeLessThan(14_000)
})

async function indexed(): Promise<string> {
  const path = join(temporaryFolder(), 'index.db')
  const store = await openSqlite(path)
  const put = Array.from({ length: COUNT }, (_, at) => sampleDocument(`docs:${at}`, { texts: [`text ${at} of many`] }))
  await store.apply(batch('docs', { put }))
  await store.close()
  return path
}

/** As a run does it: the file is opened, and closed whatever happens. */
async function run(path: string, url: string, model = 'm'): Promise<number> {
  const store = await openSqlite(path)
  try {
    return (await embedMissing({ vectors: store, ...embedderAt(url, model), signal })).embedded
  } finally {
    await store.close()
  }
}

async function waiting(path: string, url: string, model = 'm'): Promise<number> {
  const store = await openSqlite(path, { mode: 'read' })
  try {
    return (await store.unembeddedCounts(embedderAt(url, model).embedder.identity)).texts
  } finally {
    await store.close()
  }
}

function embedderAt(baseUrl: string, model = 'm', sleep: (ms: number) => Promise<void> = async () => {}) {
  const config = { baseUrl, model, dimensions: DIMENSIONS, prefixes: { query: '', passage: '' } }
  const fetch = createFetch({ signal, sleep, random: () => 0 })
  return { embedder: openAiCompatible({ ...config, atOnce: { texts: AT_ONCE, tokens: 1000 } }, fetch) }
}

/** Questions that other threads answer: what they may read, what holds when too much is asked, and when a thread ends. */
import { cpSync, renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, onTestFinished, test } from 'vitest'
import { startAnswering } from '../../src/cli/answering.ts'
import type { Principal } from '../../src/core/access.ts'
import { openIndex } from '../../src/indexes/registry.ts'
import { type Ask, asking } from '../../src/serve/asking/ask.ts'
import { type Queue, queue } from '../../src/serve/asking/queue.ts'
import { startWorkers } from '../../src/serve/asking/workers.ts'
import { serveMetrics } from '../../src/serve/metrics.ts'
import { reopening } from '../../src/serve/reopening.ts'
import { toThirdSchema } from '../indexes/sqlite/older-index.ts'
import { temporaryFolder } from '../indexes/temporary-folder.ts'
import { knowledgeFile } from './knowledge.ts'
import type { Orders } from './obedient-thread.ts'
import { NOW, SERVICE_TOKEN, serving, WATCH_TOKEN } from './stage.ts'

interface Line {
  readonly ask: Ask
  readonly line: Queue
  readonly reported: unknown[]
  /** Those that were started. */
  readonly threads: Worker[]
  /** Once so many questions came to a thread. */
  came(count: number): Promise<void>
  /** How many came. */
  count(): number
  goOn(): void
  close(): Promise<void>
}

/** Threads that do what they are asked. */
function obedient({ count = 1, most = 10, patienceMs = 20_000 } = {}): Line {
  const orders: Orders = { came: number(), goOn: number() }
  const reported: unknown[] = []
  const line = queue({ atOnce: count, most })
  const threads: Worker[] = []
  const start = () => {
    const thread = new Worker(new URL('./obedient-thread.ts', import.meta.url), { workerData: orders })
    threads.push(thread)
    return thread
  }
  const { solve, close } = startWorkers({
    ...{ start, count, queue: line, patienceMs, report: (thrown) => reported.push(thrown) },
  })
  onTestFinished(close)
  return {
    ...{ ask: asking(solve), line, close, reported, threads, count: () => Atomics.load(orders.came, 0) },
    async came(wanted) {
      for (let known = 0; known < wanted; known = Atomics.load(orders.came, 0)) {
        await Atomics.waitAsync(orders.came, 0, known).value
      }
    },
    goOn() {
      Atomics.store(orders.goOn, 0, 1)
      Atomics.notify(orders.goOn, 0)
    },
  }
}

function number(): Int32Array {
  return new Int32Array(new SharedArrayBuffer(4))
}

function asked(text: string, as: readonly Principal[] = []) {
  return { text, as, limit: 10 }
}

async function overFile(file: string, workers = 2): Promise<Ask> {
  const store = await reopening(() => openIndex(file, { mode: 'read' }))
  const told = { index: file, lines: [], workers, queue: 1000, nearOf: async () => null }
  const { ask, close } = startAnswering({ store, ...told, report: () => undefined })
  onTestFinished(async () => {
    await close()
    await store.close()
  })
  return ask
}

test('threads that are asked in many names at once tell each what they may read', async () => {
  const ask = await overFile(
    await knowledgeFile({
      wiki: {
        open: { title: 'Open', markdown: 'The tunnel is open. It has two lanes.\n' },
        hers: { title: 'Hers', markdown: 'The tunnel is hers.\n', access: ['user:ada'] },
        theirs: { title: 'Theirs', markdown: 'The tunnel is for staff.\n', access: ['group:staff'] },
      },
    }),
  )
  const readers: readonly (readonly [Principal[], string[]])[] = [
    [[], ['Open']],
    [['user:ada'], ['Hers', 'Open']],
    [['group:staff'], ['Open', 'Theirs']],
  ]

  const all = Array.from({ length: 60 }, async (_, at) => {
    const [as, titles] = readers[at % readers.length] ?? [[], []]
    const found = (await ask.search(asked('tunnel', as))).map(({ title }) => title).sort()
    expect(found).toEqual(titles)
    const { quotes } = await ask.answer(asked('where is the tunnel', as))
    expect(quotes.length).toBeGreaterThan(0)
    expect(quotes.every(({ hit }) => titles.includes(hit.title))).toBe(true)
  })

  await Promise.all(all)
})

test('what a question is refused for is told as in one thread, words and all', async () => {
  const ask = await overFile(await knowledgeFile({ wiki: { page: { title: 'Page', markdown: 'A tunnel.' } } }))

  await expect(ask.search({ ...asked('tunnel'), updatedSince: 'soon' })).rejects.toMatchObject({
    name: 'UnsiloError',
    code: 'USAGE',
    message: expect.stringContaining('"soon" is no time'),
    hint: expect.stringContaining('2026-01-31'),
  })
})

test('threads read an index on that is replaced, and say while it is an older one that it can not be read', async () => {
  const served = await knowledgeFile({ wiki: { page: { title: 'Old', markdown: 'A tunnel.' } } })
  const other = await knowledgeFile({ wiki: { page: { title: 'New', markdown: 'A tunnel.' } } })
  const ask = await overFile(served)
  const titles = async () => {
    const both = await Promise.all([ask.search(asked('tunnel')), ask.search(asked('tunnel'))])
    return both.flat().map(({ title }) => title)
  }
  const put = (file: string) => {
    const next = join(dirname(served), 'next')
    cpSync(file, next)
    renameSync(next, served)
  }
  const older = join(temporaryFolder(), 'older.db')
  cpSync(other, older)
  toThirdSchema(older)

  expect(await titles()).toEqual(['Old', 'Old'])
  put(other)
  expect(await titles()).toEqual(['New', 'New'])
  put(older)
  await expect(titles()).rejects.toMatchObject({ code: 'INDEX_OLDER' })
  await (await openIndex(served, { mode: 'write' })).close()
  expect(await titles()).toEqual(['New', 'New'])
})

test.each([
  ['end', 'A thread that answers questions ended with 7.'],
  ['throw', '/secret/place is broken'],
])('a thread that ends over a question fails that one alone: %s', async (text, message) => {
  const { ask, reported } = obedient({ count: 2 })

  const [broken, ...others] = await Promise.allSettled(
    [text, 'a', 'b', 'c'].map((question) => ask.search(asked(question))),
  )

  expect(broken).toMatchObject({ status: 'rejected', reason: { code: 'UNEXPECTED', message } })
  expect(others.every(({ status }) => status === 'fulfilled')).toBe(true)
  for (let again = 0; again < 3; again++) await expect(ask.search(asked(text))).rejects.toMatchObject({ message })
  expect(await ask.search(asked('still'))).toEqual([])
  expect(reported).toEqual([])
})

test('a thread whose answer can not be read fails the question, and another takes its place', async () => {
  const { ask, reported, threads, came } = obedient()
  const failed = expect(ask.search(asked('wait'))).rejects.toMatchObject({ message: 'unreadable' })
  await came(1)
  const [first] = threads
  // What Node emits for a message that this thread can't take apart; nothing that ours send is such.
  first?.emit('messageerror', new Error('unreadable'))

  await failed
  expect(await ask.search(asked('next'))).toEqual([])
  expect([threads.length, reported]).toEqual([2, []])
})

test('a question that takes too long is ended with its thread, and the next one is answered', async () => {
  const { ask } = obedient({ patienceMs: 5000 })

  await expect(ask.search(asked('loop'))).rejects.toMatchObject({ code: 'OUT_OF_TIME' })
  expect(await ask.search(asked('next'))).toEqual([])
})

test('more than may wait is refused, and room is made by who goes away, whose question nobody is asked', async () => {
  const { ask, line, came, count, goOn } = obedient({ most: 2 })
  const leaver = new AbortController()
  const first = ask.search(asked('wait'))
  await came(1)
  const second = ask.search(asked('second'))
  const left = expect(ask.search(asked('left'), { gone: leaver.signal })).rejects.toMatchObject({ code: 'INTERRUPTED' })

  await expect(ask.search(asked('refused'))).rejects.toMatchObject({ code: 'OVERLOADED' })
  expect([line.waiting(), line.refused()]).toEqual([2, 1])
  leaver.abort()
  const third = ask.search(asked('third'))
  await expect(ask.search(asked('refused'))).rejects.toMatchObject({ code: 'OVERLOADED' })
  goOn()

  expect(await Promise.all([first, second, third])).toEqual([[], [], []])
  await left
  expect([count(), line.waiting()]).toEqual([3, 0])
})

test('one asker takes no more than half of the line, however much they ask, and room comes back', async () => {
  const { ask, line, came, goOn } = obedient({ most: 4 })
  const of = (asker: string, text = asker) => ask.search(asked(text), { asker })
  const first = of('eager', 'wait')
  await came(1)
  const waiting = [of('eager'), of('eager')]

  await expect(of('eager')).rejects.toMatchObject({ code: 'OVERLOADED' })
  const others = [of('ada'), of('bob')]
  await expect(of('cyd')).rejects.toMatchObject({ code: 'OVERLOADED' })
  expect([line.waiting(), line.refused()]).toEqual([4, 2])
  goOn()

  expect(await Promise.all([first, ...waiting, ...others])).toEqual([[], [], [], [], []])
  expect(await Promise.all([of('eager'), of('eager'), of('eager')])).toEqual([[], [], []])
})

test('over HTTP one asker leaves room for another', async () => {
  const { ask: threads, line, came, goOn } = obedient({ most: 2 })
  const file = await knowledgeFile({ wiki: { page: { title: 'Page', markdown: 'A tunnel.' } } })
  const { ask } = await serving(file, { ask: threads })
  const first = ask('/v1/search?q=wait')
  await came(1)
  const second = ask('/v1/answer', { body: { query: 'second' } })
  while (line.waiting() === 0) await new Promise(setImmediate)

  expect((await ask('/v1/context', { body: { query: 'third' } })).status).toBe(503)
  const other = ask('/v1/search?q=other', { token: SERVICE_TOKEN })
  while (line.waiting() === 1) await new Promise(setImmediate)
  goOn()

  expect((await Promise.all([first, other])).map(({ status }) => status)).toEqual([200, 200])
  await second
})

test('which sources somebody may read, threads find out, so that what is hidden holds nobody up', async () => {
  const file = await knowledgeFile({
    wiki: { page: { title: 'Page', markdown: 'A tunnel.' } },
    vault: { page: { title: 'Kept', markdown: 'A tunnel.', access: ['group:staff'] } },
  })
  const store = await openIndex(file, { mode: 'read' })
  const notHere = () => Promise.reject(new Error('asked in the thread that speaks HTTP'))
  const index = { ...store, readable: notHere, languages: notHere }
  const { ask, reported } = await serving(file, { index, ask: await overFile(file) })
  onTestFinished(() => store.close())
  const sourcesFor = async (token?: string) => {
    const body = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'list_sources', arguments: {} } }
    const headers = { accept: 'application/json, text/event-stream' }
    return (await ask('/mcp', { body, headers, ...(token !== undefined && { token }) })).text
  }

  expect((await ask('/v1/search?q=tunnel&source=wiki')).json.results).toHaveLength(1)
  const [hidden, none] = await Promise.all(['vault', 'none'].map((name) => ask(`/v1/search?q=tunnel&source=${name}`)))
  expect(hidden).toMatchObject({ status: 400, text: none?.text.replace('none', 'vault') })
  expect(await sourcesFor()).toContain('wiki')
  expect(await sourcesFor()).not.toContain('vault')
  expect(await sourcesFor(SERVICE_TOKEN)).toContain('vault')
  expect(reported).toEqual([])
})

test('once they are told to end, no thread is started for what still waits', async () => {
  const { ask, line, count, came, close } = obedient()
  const asking = ['wait', 'second', 'third'].map((text) => ask.search(asked(text)))
  const all = Promise.allSettled(asking)
  await came(1)
  expect(line.waiting()).toBe(2)

  await close()

  expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
  expect(count()).toBe(1)
})

test('no embedder is asked for a question that is refused, or whose asker is gone already', async () => {
  const index = await knowledgeFile({ wiki: { page: { title: 'Page', markdown: 'A tunnel.' } } })
  const store = await reopening(() => openIndex(index, { mode: 'read' }))
  const embedded: string[] = []
  const nearOf = async (text: string) => {
    embedded.push(text)
    return null
  }
  const told = { index, lines: [], workers: 1, queue: 1, nearOf, report: () => undefined }
  const { ask, queue: line, close } = startAnswering({ store, ...told })
  onTestFinished(async () => {
    await close()
    await store.close()
  })

  const answered = [ask.search(asked('first')), ask.search(asked('second'))]
  while (line.waiting() === 0) await new Promise(setImmediate)
  await expect(ask.search(asked('refused'))).rejects.toMatchObject({ code: 'OVERLOADED' })
  await Promise.all(answered)
  await expect(ask.search(asked('gone'), { gone: AbortSignal.abort() })).rejects.toMatchObject({ code: 'INTERRUPTED' })

  expect([embedded, line.refused()]).toEqual([['first', 'second'], 1])
})

test('while every thread is busy, what needs none is answered, and who asks too much is told to come back', async () => {
  const { ask: threads, line, came, goOn } = obedient({ most: 1 })
  const metrics = serveMetrics({ version: '0.0.0', now: () => NOW, ofProcess: false, queue: line })
  const file = await knowledgeFile({ wiki: { page: { title: 'Page', markdown: 'A tunnel.' } } })
  const { url, ask, reported } = await serving(file, { ask: threads, metrics })
  const leaver = new AbortController()
  const first = ask('/v1/search?q=wait')
  await came(1)
  const left = expect(fetch(`${url}/v1/search?q=left`, { signal: leaver.signal })).rejects.toThrow()
  while (line.waiting() === 0) await new Promise(setImmediate)

  const refused = await ask('/v1/search?q=refused')
  const tag = (await ask('/v1/documents/wiki:page')).headers.get('etag') ?? ''
  const quick = [
    ['/v1/health', 200],
    ['/v1/ready', 200],
    ['/help', 200],
    ['/v1/collections', 200],
  ] as const

  expect(refused).toMatchObject({ status: 503, json: { title: 'Not available' } })
  expect(refused.headers.get('retry-after')).toBe('1')
  for (const [path, status] of quick) expect((await ask(path)).status).toBe(status)
  expect((await ask('/v1/documents/wiki:page', { headers: { 'if-none-match': tag } })).status).toBe(304)
  const figures = (await ask('/metrics', { token: WATCH_TOKEN })).text
  expect(figures).toContain('unsilo_questions_waiting 1')
  expect(figures).toContain('unsilo_questions_refused_total 1')

  leaver.abort()
  await left
  while (line.waiting() === 1) await new Promise(setImmediate)
  goOn()
  expect((await first).status).toBe(200)
  const later = (await ask('/metrics', { token: WATCH_TOKEN })).text
  expect(later).toContain('unsilo_http_requests_total{route="/v1/search",method="GET",status="gone"} 1')
  expect(reported).toEqual([])
})

import { expect, test } from 'vitest'
import type { AccessPolicy } from '../../src/core/access.ts'
import type { Change, Connector } from '../../src/core/connector.ts'
import type { Body } from '../../src/core/document.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import type { Json } from '../../src/core/json.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { checkpoint, run, upsert } from './pages.ts'

test('stores what is new, refreshes what only moved, removes what is gone', async () => {
  const store = openMemory()
  await run(store, [{ id: '1' }, { id: '2' }, { id: '3' }, { id: '4' }])

  const { run: record } = await run(store, [{ id: '1' }, { id: '2', version: '2' }, { id: '3', access: [] }])

  expect(record.counts).toMatchObject({ listed: 3, added: 0, changed: 1, refreshed: 1, removed: 1, unchanged: 1 })
  expect(await store.ids('s')).toEqual(['s:1', 's:2', 's:3'])
  expect((await store.heads('s', ['s:3'])).get('s:3')?.head.access).toEqual([])
})

test('before more people read a text, the source says that it still is the text', async () => {
  const store = openMemory()
  await run(store, [{ id: '1' }, { id: '2' }])
  const isNewer = () => Promise.reject(new UnsiloError('DOCUMENT_UNREADABLE', 'it was changed while it was synced'))

  await run(store, [
    { id: '1', access: 'public', load: isNewer },
    { id: '2', access: 'public' },
  ])

  const heads = await store.heads('s', ['s:1', 's:2'])
  expect([...heads.values()].map(({ head }) => head.access)).toEqual([['group:staff'], 'public'])
})

test('a new title is searchable without asking the source for the body', async () => {
  const store = openMemory()
  await run(store, [{ id: '1' }, { id: '2' }])
  const never = () => Promise.reject(new Error('asked'))

  const report = await run(store, [{ id: '1', title: 'Espresso', load: never }, { id: '2' }])

  expect(report.run.outcome).toBe('ok')
  const hits = await store.lexical({ groups: [['espresso']], match: 'all', as: ['group:staff'], limit: 5 })
  expect(hits.map(({ document }) => document)).toEqual(['s:1'])
})

test('a document that fails is kept as it was, with the narrower access, and is tried again', async () => {
  const store = openMemory()
  await run(store, [{ id: '1', access: ['group:staff', 'group:eng'] }, { id: '2' }])
  const fails = () => Promise.reject(new UnsiloError('DOCUMENT_UNREADABLE', 'broken'))

  const failing = await run(store, [
    { id: '1', version: '2', access: ['group:eng', 'group:hr'], load: fails },
    { id: '2' },
  ])

  expect(failing.run.outcome).toBe('partial')
  expect(await store.quarantine('s')).toMatchObject([{ id: 's:1', reason: 'broken' }])
  expect((await store.heads('s', ['s:1'])).get('s:1')?.head).toMatchObject({ version: '1', access: ['group:eng'] })
  await run(store, [{ id: '1', version: '2' }, { id: '2' }])
  expect(await store.quarantine('s')).toEqual([])
  expect((await store.heads('s', ['s:1'])).get('s:1')?.head.version).toBe('2')
})

test('a source that answers no body at all ends the run instead of failing each document', async () => {
  const store = openMemory()
  const down = () => Promise.reject(new UnsiloError('SOURCE_UNAVAILABLE', 'no answer'))

  const report = await run(
    store,
    Array.from({ length: 8 }, (_, at) => ({ id: String(at), load: down })),
  )

  expect(report.error?.code).toBe('SOURCE_UNAVAILABLE')
  expect(report.failed).toEqual([])
})

test('a run that is interrupted while loading says so and keeps what was stored', async () => {
  const store = openMemory()
  const controller = new AbortController()
  const stop = async (): Promise<Body> => {
    controller.abort()
    throw new UnsiloError('INTERRUPTED', 'stopped')
  }
  const pages = Array.from({ length: 150 }, (_, at) => ({ id: String(at), ...(at === 120 ? { load: stop } : {}) }))

  const report = await run(store, pages, { signal: controller.signal })

  expect(report.run.outcome).toBe('interrupted')
  expect(
    (
      await run(
        store,
        pages.map(({ id }) => ({ id })),
      )
    ).run.outcome,
  ).toBe('ok')
  expect(await store.ids('s')).toHaveLength(150)
})

test('a run without changes writes its record and nothing else', async () => {
  const store = openMemory()
  await run(store, [{ id: '1' }, { id: '2' }])
  const batches: unknown[] = []
  const watched: Store = { ...store, apply: async (batch) => void batches.push(batch) }

  await run(watched, [{ id: '1' }, { id: '2' }])

  expect(batches).toEqual([{ source: 's', put: [], refresh: [], remove: [], failed: [], run: expect.anything() }])
})

test('a failure is forgotten when the source shows the stored version again', async () => {
  const store = openMemory()
  await run(store, [{ id: '1' }, { id: '2' }])
  const fails = () => Promise.reject(new UnsiloError('DOCUMENT_UNREADABLE', 'broken'))
  await run(store, [{ id: '1', version: '2', load: fails }, { id: '2' }])

  await run(store, [{ id: '1', load: fails }, { id: '2' }])

  expect(await store.quarantine('s')).toEqual([])
})

test('a stored text that can’t be rebuilt fails alone', async () => {
  const store = openMemory()
  await run(store, [{ id: '1' }, { id: '2' }])
  const noText = 42 as unknown as string
  const damaged: Store = {
    ...store,
    stored: async (ids) =>
      new Map([...(await store.stored(ids))].map(([id, it]) => [id, id === 's:1' ? { ...it, markdown: noText } : it])),
  }

  const report = await run(damaged, [
    { id: '1', title: 'Espresso' },
    { id: '2', title: 'Ristretto' },
  ])

  expect(report.run.outcome).toBe('partial')
  expect(report.failed).toMatchObject([{ id: 's:1', code: 'DOCUMENT_UNREADABLE' }])
  expect(report.run.counts.refreshed).toBe(1)
  expect((await store.heads('s', ['s:2'])).get('s:2')?.head.title).toBe('Ristretto')
})

test('what came before the source’s limit was reached is kept', async () => {
  const store = openMemory()
  const limited = () => Promise.reject(new UnsiloError('RATE_LIMITED', 'enough'))

  const report = await run(store, [{ id: '1' }, { id: '2', load: limited }, { id: '3' }])

  expect(report.error?.code).toBe('RATE_LIMITED')
  expect(report.failed).toEqual([])
  expect(await store.ids('s')).toEqual(['s:1', 's:3'])
  expect(await store.state('s')).toBeNull()
})

test('no load goes on behind the end of a run whose store fails', async () => {
  const store = openMemory()
  const full: Store = {
    ...store,
    apply: (batch) => (batch.put.length > 0 ? Promise.reject(new UnsiloError('DISK', 'full')) : store.apply(batch)),
  }
  let underWay = 0
  const slow = async (): Promise<Body> => {
    underWay++
    await new Promise((resolve) => setTimeout(resolve, 5))
    underWay--
    return { html: '<p>Text</p>' }
  }

  const report = await run(
    full,
    Array.from({ length: 150 }, (_, at) => ({ id: String(at), load: slow })),
  )

  expect(report.error?.code).toBe('DISK')
  expect(underWay).toBe(0)
})

test('a signal is heard while stored texts are rebuilt, though the store answers at once', async () => {
  const store = openMemory()
  const pages = Array.from({ length: 300 }, (_, at) => ({ id: String(at) }))
  await run(store, pages)
  const controller = new AbortController()
  const watched: Store = {
    ...store,
    apply: (batch) => {
      if (batch.put.length > 0) setImmediate(() => controller.abort())
      return store.apply(batch)
    },
  }

  const renamed = pages.map((page) => ({ ...page, title: 'New' }))
  const report = await run(watched, renamed, { signal: controller.signal })

  expect(report.run).toMatchObject({ outcome: 'interrupted', counts: { refreshed: 200 } })
})

test.each([
  ['without an answer', 11, 'SOURCE_UNAVAILABLE', 0],
  ['but for one', 10, undefined, 10],
])(
  'documents that fail after each other, %s, are the source’s failure or their own',
  async (_, failing, code, failed) => {
    const fail = (at: number) => () =>
      Promise.reject(new UnsiloError(at < 3 ? 'DOCUMENT_UNREADABLE' : 'SOURCE_UNAVAILABLE', 'no answer'))
    const pages = Array.from({ length: 11 }, (_, at) => ({ id: `${at}`, ...(at < failing && { load: fail(at) }) }))

    const report = await run(openMemory(), pages)

    expect(report.error?.code).toBe(code)
    expect(report.failed).toHaveLength(failed)
  },
)

test('a full run that dies takes nothing from the one that follows it, though an earlier pass was cut', async () => {
  const store = openMemory()
  const begin: Change = { type: 'begin' }
  await run(store, [], { changes: [begin, upsert({ id: '1' }), checkpoint('after 1')], throws: new Error('cut') })
  const all = [begin, ...['0', '1', '2'].map((id) => upsert({ id }))]
  const dying: Store = {
    ...store,
    apply: async (batch) => (batch.run === undefined ? store.apply(batch) : Promise.reject(new Error('dies'))),
  }
  await run(dying, [], { full: true, changes: [...all, checkpoint('end')] })
  expect(await store.ids('s')).toEqual(['s:0', 's:1', 's:2'])

  const receipt = { pages: 1, seen: 3, duplicates: 0, ended: 'no-next-link' as const }
  const rest = (await store.state('s'))?.cursor === 'after 1' ? [upsert({ id: '2' })] : all
  await run(store, [], { changes: [...rest, { type: 'checkpoint', cursor: 'end', receipt }] })

  expect(await store.ids('s')).toEqual(['s:0', 's:1', 's:2'])
})

test.each<[string, AccessPolicy]>([
  ['level', { level: 'customers', principals: {} }],
  ['principals', { level: 'staff', principals: { editors: ['group:editors'] } }],
])(
  'with another %s everything is listed from the beginning, or what didn’t change would keep its readers',
  async (_, access) => {
    const store = openMemory()
    await run(store, [{ id: '1' }])
    const asked: Json[] = []
    const connector: Connector = {
      ...{ name: 'pages', config: { parse: String }, cursor: { parse: (input) => input as Json } },
      async *pull(_context, since): AsyncIterable<Change> {
        asked.push(since)
        yield checkpoint('next')
      },
    }

    await run(store, [], { connector, access })
    await run(store, [], { connector, access })
    await run(store, [], { connector, access })

    expect(asked).toEqual([null, 'next', 'next'])
  },
)

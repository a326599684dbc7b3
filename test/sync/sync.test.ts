import { expect, test } from 'vitest'
import { UnsiloError } from '../../src/core/errors.ts'
import type { Access, Body, Change, Connector, Head, Json, Receipt, Store } from '../../src/core/types.ts'
import { openMemory } from '../../src/indexes/memory.ts'
import { type SyncOptions, type SyncReport, syncSource } from '../../src/sync/sync.ts'

interface Page {
  readonly id: string
  readonly version?: string
  readonly title?: string
  readonly access?: Access
  readonly load?: () => Promise<Body>
}

test('stores what is new, refreshes what only moved, removes what is gone', async () => {
  const store = openMemory()
  await run(store, [{ id: '1' }, { id: '2' }, { id: '3' }, { id: '4' }])

  const { run: record } = await run(store, [{ id: '1' }, { id: '2', version: '2' }, { id: '3', access: 'public' }])

  expect(record.counts).toMatchObject({ listed: 3, added: 0, changed: 1, refreshed: 1, removed: 1, unchanged: 1 })
  expect(await store.ids('s')).toEqual(['s:1', 's:2', 's:3'])
  expect((await store.heads('s', ['s:3'])).get('s:3')?.head.access).toBe('public')
})

test('a new title is searchable without asking the source for the body', async () => {
  const store = openMemory()
  await run(store, [{ id: '1' }, { id: '2' }])
  const never = () => Promise.reject(new Error('asked'))

  const report = await run(store, [{ id: '1', title: 'Espresso', load: never }, { id: '2' }])

  expect(report.run.outcome).toBe('ok')
  const hits = await store.lexical({ groups: [['espresso']], match: 'all', as: ['group:staff'], limit: 5 })
  expect(hits.map(({ document }) => document.head.id)).toEqual(['s:1'])
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

test('the guard stops a run that would remove too much, before anything is written', async () => {
  const store = openMemory()
  const pages = Array.from({ length: 40 }, (_, at) => ({ id: String(at) }))
  await run(store, pages)

  const report = await run(store, [...pages.slice(20), { id: 'new' }])

  expect(report.error?.code).toBe('GUARD_TRIPPED')
  expect(report.error?.hint).toContain('--allow-deletes 20')
  expect(await store.ids('s')).toHaveLength(40)
  expect((await run(store, pages.slice(20), { allowed: { deletes: 20, wider: 0 } })).run.counts.removed).toBe(20)
})

test('explicit deletes and skips count for the guard', async () => {
  const store = openMemory()
  const pages = Array.from({ length: 30 }, (_, at) => ({ id: String(at) }))
  await run(store, pages)
  const gone: Change[] = pages.map(({ id }, at) => {
    return at % 2 ? { type: 'delete', id } : { type: 'skip', id, reason: 'draft' }
  })

  const report = await run(store, [], { changes: [...gone.slice(0, 20), { type: 'checkpoint', cursor: 1 }] })

  expect(report.error?.code).toBe('GUARD_TRIPPED')
  expect(await store.ids('s')).toHaveLength(30)
})

test('the guard stops a run that would show too much to more people', async () => {
  const store = openMemory()
  const pages = Array.from({ length: 12 }, (_, at) => ({ id: String(at) }))
  await run(store, pages)

  const report = await run(
    store,
    pages.map((page) => ({ ...page, access: 'public' as const })),
  )

  expect(report.error?.code).toBe('GUARD_TRIPPED')
  for await (const { head } of store.documents([])) expect.unreachable(`${head.id} is public`)
})

test.each<[string, Partial<Receipt>, readonly Page[]]>([
  ['lists nothing', {}, []],
  ['counts more than it lists', { counted: 4 }, [{ id: '1' }]],
])('a source that %s removes nothing', async (_, receipt, pages) => {
  const store = openMemory()
  await run(store, [{ id: '1' }, { id: '2' }, { id: '3' }])

  const report = await run(store, pages, { receipt })

  expect(report.error?.code).toBe('LISTING_INCOMPLETE')
  expect(await store.ids('s')).toHaveLength(3)
})

test('an unknown error while listing is no empty listing', async () => {
  const store = openMemory()
  await run(store, [{ id: '1' }, { id: '2' }])

  const report = await run(store, [{ id: '1' }], { throws: new TypeError('surprise') })

  expect(report.error?.message).toBe('surprise')
  expect(report.run.outcome).toBe('failed')
  expect(await store.ids('s')).toEqual(['s:1', 's:2'])
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

test('a dry run plans, loads no body and writes nothing', async () => {
  const store = openMemory()
  await run(store, [{ id: '1' }, { id: '2' }])
  const never = () => Promise.reject(new Error('asked'))
  const readOnly = { ...store, apply: () => Promise.reject(new Error('written')) }

  const report = await run(readOnly, [{ id: '1', version: '2', load: never }], { dryRun: true })

  expect(report.error).toBeNull()
  expect([...(report.plan?.decisions.values() ?? [])].map((decision) => decision.do)).toEqual(['load', 'remove'])
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

// --- a source of pages ------------------------------------------------------------------------------------------

interface RunOptions extends Partial<SyncOptions> {
  readonly receipt?: Partial<Receipt>
  readonly changes?: readonly Change[]
  readonly throws?: Error
}

async function run(store: Store, pages: readonly Page[], options: RunOptions = {}): Promise<SyncReport> {
  return await syncSource({
    source: 's',
    connector: connector(pages, options),
    config: {},
    access: { level: 'staff', principals: {} },
    store,
    fetch: () => Promise.reject(new Error('no network')),
    signal: new AbortController().signal,
    now: () => Date.UTC(2026, 0, 1),
    runId: 'run',
    full: false,
    dryRun: false,
    allowed: { deletes: 0, wider: 0 },
    ...options,
  })
}

function connector(pages: readonly Page[], options: RunOptions): Connector<unknown, Json> {
  async function* pull(): AsyncIterable<Change> {
    if (options.changes !== undefined) return yield* options.changes
    yield { type: 'begin' }
    for (const page of pages) yield { type: 'upsert', head: head(page), load: page.load ?? (async () => body(page)) }
    if (options.throws !== undefined) throw options.throws
    const receipt = { pages: 1, seen: pages.length, duplicates: 0, ended: 'no-next-link' as const, ...options.receipt }
    yield { type: 'checkpoint', cursor: 1, receipt }
  }
  const anything = { parse: (input: unknown) => input as Json }
  return { name: 'pages', config: anything, cursor: anything, pull }
}

function body({ id }: Page): Body {
  return { html: `<h1>Page ${id}</h1><p>Text of page ${id}.</p>` }
}

function head({ id, version = '1', title = `Page ${id}`, access = ['group:staff'] }: Page): Head {
  const updatedAt = '2026-01-01T00:00:00.000Z'
  return { id, version, title, url: `https://example.com/${id}`, updatedAt, path: [], kind: 'page', access }
}

import { expect, test } from 'vitest'
import type { Change, Receipt } from '../../src/core/connector.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { checkpoint, type Page, run, upsert } from './pages.ts'

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

test('of a feed that breaks off nothing is removed, and its place stays before what it had said was deleted', async () => {
  const store = openMemory()
  await run(store, [{ id: '1' }, { id: '2' }, { id: '3' }])
  const changes: Change[] = [upsert({ id: '4' }), checkpoint(2), { type: 'delete', id: '1' }, checkpoint(3)]

  await run(store, [], { changes, throws: new UnsiloError('SOURCE_UNAVAILABLE', 'gone') })

  expect(await store.ids('s')).toEqual(['s:1', 's:2', 's:3', 's:4'])
  expect((await store.state('s'))?.cursor).toBe(2)
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

test('a pass that begins anew forgets what the run said before it', async () => {
  const store = openMemory()
  await run(store, [{ id: '1' }, { id: '2' }])
  const receipt: Receipt = { pages: 1, seen: 1, duplicates: 0, ended: 'no-next-link' }

  const report = await run(store, [], {
    changes: [
      upsert({ id: '2', version: '2' }),
      upsert({ id: '3' }),
      { type: 'checkpoint', cursor: 2 },
      { type: 'begin' },
      upsert({ id: '1' }),
      { type: 'checkpoint', cursor: 3, receipt },
    ],
  })

  expect(report.run.outcome).toBe('ok')
  expect(await store.ids('s')).toEqual(['s:1'])
})

test('a new pass that is cut at its start leaves the older open one as it was', async () => {
  const store = openMemory()
  const gone = new UnsiloError('SOURCE_UNAVAILABLE', 'gone')
  const first: Change[] = [upsert({ id: '1' }), upsert({ id: '2' }), { type: 'checkpoint', cursor: 1 }]
  await run(store, [], { changes: first, throws: gone })
  await run(store, [], { changes: [{ type: 'begin' }, upsert({ id: '1' })], throws: gone })
  const receipt: Receipt = { pages: 1, seen: 1, duplicates: 0, ended: 'no-next-link' }

  await run(store, [], { changes: [upsert({ id: '3' }), { type: 'checkpoint', cursor: 2, receipt }] })

  expect(await store.ids('s')).toEqual(['s:1', 's:2', 's:3'])
})

test('what is said last of a document counts, and nothing of what was said before', async () => {
  const store = openMemory()
  await run(store, [{ id: '1' }, { id: '2' }, { id: '3' }])
  const skip = (id: string): Change => ({ type: 'skip', id, reason: 'draft' })

  const { run: record } = await run(store, [], {
    changes: [skip('1'), upsert({ id: '1' }), upsert({ id: '2', version: '2' }), skip('2'), skip('2'), checkpoint(2)],
  })

  expect(record.counts).toMatchObject({ listed: 1, unchanged: 1, changed: 0, removed: 1, skipped: 1 })
  expect(await store.ids('s')).toEqual(['s:1', 's:3'])
})

test('a store that fails to answer while the run is planned does not let the cursor pass', async () => {
  const store = openMemory()
  await run(store, [{ id: '1' }])
  let asked = 0
  const broken: Store = {
    ...store,
    heads: (source, ids) =>
      asked++ === 0 ? Promise.reject(new UnsiloError('DISK', 'unreadable')) : store.heads(source, ids),
  }
  const many = Array.from({ length: 300 }, (_, at) => upsert({ id: `new-${at}` }))

  const report = await run(broken, [], { changes: [upsert({ id: '2' }), checkpoint(2), ...many, checkpoint(3)] })

  expect(report.error?.code).toBe('DISK')
  expect((await store.state('s'))?.cursor).toBe(1)
})

test('the guard stops a run that would empty a place, however small a share of the source it was', async () => {
  const store = openMemory()
  const inPlace = (place: string, count: number): readonly Page[] =>
    Array.from({ length: count }, (_, at) => ({ id: `${place}-${at}`, path: [place] }))
  await run(store, [...inPlace('big', 200), ...inPlace('lost', 12), ...inPlace('tiny', 2)])
  const lost = await run(store, [...inPlace('big', 200), ...inPlace('tiny', 2)])

  expect(lost.error).toMatchObject({
    code: 'GUARD_TRIPPED',
    message: expect.stringContaining('all 12 documents in "lost"'),
  })
  expect(await store.ids('s')).toHaveLength(214)
  expect((await run(store, [...inPlace('big', 200), ...inPlace('lost', 1)])).error).toBeNull()
})

test('a number that was allowed is the most that goes, though more would be usual', async () => {
  const store = openMemory()
  const pages = Array.from({ length: 100 }, (_, at) => ({ id: String(at) }))
  await run(store, pages)

  const report = await run(store, pages.slice(8), { allowed: { deletes: 5, wider: 0 } })

  expect(report.error?.code).toBe('GUARD_TRIPPED')
  expect(await store.ids('s')).toHaveLength(100)
})

test('a source whose every document is skipped by name is no empty one', async () => {
  const store = openMemory()
  await run(store, [{ id: '1' }, { id: '2' }])
  const receipt: Receipt = { pages: 1, seen: 2, duplicates: 0, ended: 'no-next-link' }
  const skips = ['1', '2'].map((id): Change => ({ type: 'skip', id, reason: 'draft' }))

  const report = await run(store, [], {
    changes: [{ type: 'begin' }, ...skips, { type: 'checkpoint', cursor: 2, receipt }],
  })

  expect(report.error).toBeNull()
  expect(await store.ids('s')).toEqual([])
})

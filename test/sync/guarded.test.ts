/** What a run that a guard stops does all the same: nobody reads on what the source now keeps from them. */
import { describe, expect, test } from 'vitest'
import type { Access } from '../../src/core/access.ts'
import type { Change } from '../../src/core/connector.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { type Page, run, upsert } from './pages.ts'

const STAFF = ['group:staff'] as const
const BOTH = ['group:eng', 'group:staff'] as const
const pages: readonly Page[] = Array.from({ length: 40 }, (_, at) => ({ id: String(at), access: BOTH }))

async function filled(): Promise<Store> {
  const store = openMemory()
  await run(store, pages)
  return store
}

async function accessOf(store: Store, id: string): Promise<Access | undefined> {
  return (await store.heads('s', [id])).get(id)?.head.access
}

describe('a run that would remove too much', () => {
  test('narrows the access of what is still listed, and says so', async () => {
    const store = await filled()
    const before = await store.state('s')

    const report = await run(store, [
      { id: '0', access: [] },
      { id: '1', access: STAFF, title: 'New title' },
      { id: '2', access: STAFF, version: '2', load: () => Promise.reject(new Error('asked')) },
      { id: '3', access: BOTH, title: 'New title' },
      { id: 'new' },
    ])

    expect(report.error?.code).toBe('GUARD_TRIPPED')
    expect(report.error?.message).toContain(
      'Fewer people read 3 documents, as the source says; nothing else was changed.',
    )
    expect(report.run).toMatchObject({ outcome: 'guarded', counts: { refreshed: 3, removed: 0, added: 0, changed: 0 } })
    expect(await accessOf(store, 's:0')).toEqual([])
    expect(await accessOf(store, 's:1')).toEqual(STAFF)
    expect(await accessOf(store, 's:2')).toEqual(STAFF)
    const heads = await store.heads('s', ['s:1', 's:2', 's:3'])
    expect([...heads.values()].map(({ head }) => [head.title, head.version])).toEqual([
      ['Page 1', '1'],
      ['Page 2', '1'],
      ['Page 3', '1'],
    ])
    expect(await store.ids('s')).toHaveLength(40)
    expect(await store.state('s')).toEqual(before)
  })

  test('that narrows nothing changes nothing, and says so', async () => {
    const store = await filled()

    const report = await run(store, pages.slice(20))

    expect(report.error?.message).toContain('Nothing was changed.')
    expect(report.run.counts.refreshed).toBe(0)
  })

  test('says in a dry run what it would do, and does not do it', async () => {
    const store = await filled()

    const report = await run(store, [{ id: '0', access: [] }], { dryRun: true })

    expect(report.error?.message).toContain('Fewer people would read 1 document')
    expect(await accessOf(store, 's:0')).toEqual(BOTH)
  })
})

test('a run that would show too much to more people narrows where it both narrows and widens', async () => {
  const store = openMemory()
  await run(store, pages.slice(0, 12))

  const report = await run(
    store,
    pages
      .slice(0, 12)
      .map(({ id }, at) => ({ id, access: at === 0 ? (['group:eng', 'group:hr'] as const) : 'public' })),
  )

  expect(report.error?.code).toBe('GUARD_TRIPPED')
  expect(await accessOf(store, 's:0')).toEqual(['group:eng'])
  expect(await accessOf(store, 's:1')).toEqual(BOTH)
})

test('text that a stopped run hides leaves the documents that include it', async () => {
  const store = openMemory()
  const secret = 'What nobody else may know.'
  const including = `<p>Before</p><unsilo-include target="0"><a href="https://example.com/0">0</a></unsilo-include>`
  await run(store, [
    { ...pages[0], id: '0', load: async () => ({ html: `<p>${secret}</p>` }) },
    { ...pages[1], id: '1', load: async () => ({ html: including }) },
    ...pages.slice(2),
  ])
  expect((await store.stored(['s:1'])).get('s:1')?.markdown).toContain(secret)

  const report = await run(store, [{ id: '0', access: [] }, ...pages.slice(1, 10)])

  expect(report.error?.code).toBe('GUARD_TRIPPED')
  expect((await store.stored(['s:1'])).get('s:1')?.markdown).not.toContain(secret)
})

test('a person who took an approval back is heard although a guard stops the run', async () => {
  const store = openMemory()
  const ticket = (id: string): Change => {
    const change = upsert({ id, access: STAFF })
    return change.type === 'upsert' ? { ...change, head: { ...change.head, kind: 'ticket' } } : change
  }
  const changes = [{ type: 'begin' } as const, ...pages.map(({ id }) => ticket(id))]
  const receipt = { pages: 1, seen: 40, duplicates: 0, ended: 'no-next-link' as const }
  await run(store, [], { changes: [...changes, { type: 'checkpoint', cursor: 1, receipt }] })
  const [risen] = (await store.heads('s', ['s:39'])).values()
  if (risen === undefined) throw new Error('not stored')
  await store.apply({
    ...{ source: 's', put: [], remove: [], failed: [] },
    refresh: [{ ...risen.head, access: 'public' }],
  })

  const gone = pages.slice(0, 20).map(({ id }): Change => ({ type: 'delete', id }))
  const report = await run(store, [], { changes: [...gone, { type: 'checkpoint', cursor: 2 }] })

  expect(report.error?.code).toBe('GUARD_TRIPPED')
  expect(await accessOf(store, 's:39')).toEqual(STAFF)
})

test('personal data leaves stored texts although a guard stops the run that is to remove it', async () => {
  const store = openMemory()
  const named = pages.map((page) => ({ ...page, load: async () => ({ html: '<p>Write to anna@canaria.example</p>' }) }))
  await run(store, named)

  const report = await run(store, named.slice(20), { redact: { patterns: [] } })

  expect(report.error?.code).toBe('GUARD_TRIPPED')
  const stored = await store.stored(await store.ids('s'))
  expect(stored.size).toBe(40)
  for (const { markdown } of stored.values()) expect(markdown).not.toContain('canaria')
})

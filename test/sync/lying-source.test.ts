/** A source that says impossible things of single documents costs no other document anything, and shows nobody more. */
import { expect, test } from 'vitest'
import type { Access } from '../../src/core/access.ts'
import type { Change } from '../../src/core/connector.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { temporaryFolder } from '../indexes/temporary-folder.ts'
import { run, upsert } from './pages.ts'

const PUBLIC = 'public'
const STAFF = ['group:staff'] as const

async function accessOf(store: Store, id: string): Promise<Access | undefined> {
  return (await store.heads('s', [id])).get(id)?.head.access
}

test.each<[string, readonly Access[], Access]>([
  ['first for few, then for all', [STAFF, PUBLIC], STAFF],
  ['first for all, then for few', [PUBLIC, STAFF], STAFF],
  [
    'for readers of whom only one is the same',
    [
      ['group:a', 'group:b'],
      ['group:b', 'group:c'],
    ],
    ['group:b'],
  ],
])('a whole listing that says a document twice, %s, is for the readers of both', async (_, accesses, expected) => {
  const store = openMemory()

  const report = await run(
    store,
    accesses.map((access) => ({ id: '1', access })),
  )

  expect(report.error).toBeNull()
  expect(await accessOf(store, 's:1')).toEqual(expected)
})

test('a feed that says a document twice means what it says last', async () => {
  const store = openMemory()
  await run(store, [{ id: '1' }])
  const changes: Change[] = [upsert({ id: '1', access: [] }), upsert({ id: '1', access: ['group:staff', 'group:eng'] })]

  await run(store, [], { changes: [...changes, { type: 'checkpoint', cursor: 2 }] })

  expect(await accessOf(store, 's:1')).toEqual(['group:eng', 'group:staff'])
})

/** As JSON can say it, and a file can't. */
const HALF = 'half a character \ud800'

test('half characters, wherever a source says them, keep no document from being stored, in each run', async () => {
  const store = await openSqlite(`${temporaryFolder()}/index.db`, { mode: 'write' })
  const odd = upsert({ id: HALF, version: HALF, title: HALF, path: [HALF] })
  if (odd.type !== 'upsert') throw new Error('no document')
  const head = { ...odd.head, url: `https://example.com/${HALF}`, labels: [HALF], updatedAt: HALF, locale: HALF }
  const changes: Change[] = [{ type: 'begin' }, upsert({ id: '1' }), { ...odd, head }, upsert({ id: '2' })]
  const receipt = { pages: 1, seen: 3, duplicates: 0, ended: 'no-next-link' as const }

  for (const _ of [1, 2]) {
    const report = await run(store, [], { changes: [...changes, { type: 'checkpoint', cursor: 1, receipt }] })

    expect(report).toMatchObject({ error: null, failed: [] })
    const stored = await store.stored(await store.ids('s'))
    expect([...stored.keys()]).toEqual(['s:1', 's:2', 's:half a character \ufffd'])
    for (const id of stored.keys()) expect(await store.chunks(id)).toHaveLength(1)
  }
  await store.close()
})

test('ids that are too long are stored as their beginning and their hash, and asked for as the source says them', async () => {
  const store = openMemory()
  const long = ['a', 'b'].map((end) => `${'ü'.repeat(2000)}${end}`)
  const asked: string[] = []
  const changes = ['1', ...long].map((id): Change => {
    const change = upsert({ id })
    if (change.type !== 'upsert') throw new Error('no document')
    const load = (id: string) => {
      asked.push(id)
      return change.load(id)
    }
    return { ...change, load }
  })
  const receipt = { pages: 1, seen: 3, duplicates: 0, ended: 'no-next-link' as const }

  for (const _ of [1, 2]) {
    const report = await run(store, [], {
      changes: [{ type: 'begin' }, ...changes, { type: 'checkpoint', cursor: 1, receipt }],
    })
    expect(report).toMatchObject({ error: null, failed: [] })
  }

  expect(asked.sort()).toEqual(['1', ...long])
  const ids = await store.ids('s')
  expect(ids).toEqual(['s:1', expect.stringMatching(/^s:ü{80}…[0-9a-f]{64}$/), expect.stringMatching(/^s:ü{80}…/)])
  expect(new Set(ids).size).toBe(3)
})

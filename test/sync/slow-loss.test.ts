/** A guard counts what many cut runs do of one long listing together: each of them alone would be usual. */
import { describe, expect, test } from 'vitest'
import type { Change, Connector } from '../../src/core/connector.ts'
import type { Body } from '../../src/core/document.ts'
import type { Json } from '../../src/core/json.ts'
import { emptyBatch, type Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import type { SyncOptions, SyncReport } from '../../src/sync/sync.ts'
import { type Page, run, upsert } from './pages.ts'

const PAGES: readonly Page[] = Array.from({ length: 100 }, (_, at) => ({ id: String(at) }))
/** What one page of the feed says of documents. */
const AT_ONCE = 8

/** A source whose feed says one page of news a run, since every run is cut behind it. */
function slowFeed(store: Store, news: (at: number) => Change) {
  let clock = Date.UTC(2026, 0, 1)
  let runs = 0
  const load = async (): Promise<Body> => ({ html: '<p>News</p>' })
  const connector: Connector = {
    ...{ name: 'feed', config: { parse: String }, cursor: { parse: (input) => input as Json } },
    async *pull(_context, since): AsyncIterable<Change> {
      for (let at = Number(since); at < PAGES.length; at += AT_ONCE) {
        for (let each = at; each < Math.min(at + AT_ONCE, PAGES.length); each++) yield news(each)
        yield upsert({ id: `new ${at}`, load })
        clock += 600
        yield { type: 'checkpoint', cursor: at + AT_ONCE }
      }
    },
  }
  return async (options: Partial<SyncOptions> = {}): Promise<SyncReport> => {
    clock += 10_000
    const times = { now: () => clock, deadline: clock + 1000 }
    return await run(store, [], { connector, runId: `run ${runs++}`, ...times, ...options })
  }
}

async function filled(): Promise<Store> {
  const store = openMemory()
  await run(store, PAGES, { runId: 'first', receipt: {} })
  await store.apply({
    ...emptyBatch('s'),
    state: { ...(await stateOf(store)), cursor: 0 },
  })
  return store
}

async function stateOf(store: Store) {
  const state = await store.state('s')
  if (state === null) throw new Error('no state')
  return state
}

async function cutRuns(sync: () => Promise<SyncReport>): Promise<SyncReport> {
  for (let runs = 0; runs < 20; runs++) {
    const report = await sync()
    if (report.error?.code !== 'OUT_OF_TIME') return report
  }
  throw new Error('it never ended')
}

describe('a feed that deletes a few documents in every cut run', () => {
  const gone = (at: number): Change => ({ type: 'delete', id: String(at) })

  test('is stopped once they are many together, and the next run is stopped too', async () => {
    const store = await filled()
    const sync = slowFeed(store, gone)

    const report = await cutRuns(sync)

    expect(report.error?.code).toBe('GUARD_TRIPPED')
    expect(report.error?.message).toContain(
      'would remove 8 documents, 24 of 102 together with what the runs before it removed that were cut',
    )
    expect(report.error?.hint).toContain('--allow-deletes 24')
    expect(await store.ids('s')).toHaveLength(100 - 16 + 2)
    expect((await sync()).error?.code).toBe('GUARD_TRIPPED')
  })

  test('goes on with a person’s word, which is for what was counted until then', async () => {
    const store = await filled()
    const sync = slowFeed(store, gone)
    await cutRuns(sync)

    expect((await sync({ allowed: { deletes: 23, wider: 0 } })).error?.code).toBe('GUARD_TRIPPED')
    expect((await sync({ allowed: { deletes: 24, wider: 0 } })).error?.code).toBe('OUT_OF_TIME')
    expect((await sync()).error?.code).toBe('OUT_OF_TIME')
    expect(await store.ids('s')).toHaveLength(100 - 32 + 4)
  })

  test('is heard where it has come to its end, and the count begins anew', async () => {
    const store = await filled()
    const few = slowFeed(store, (at) => (at < 15 ? gone(at) : upsert({ id: String(at) })))
    const report = await cutRuns(few)

    expect(report.error).toBeNull()
    expect(report.run.carried).toBeUndefined()
    expect((await run(store, [], { changes: [gone(20), gone(21)], runId: 'z' })).error).toBeNull()
  })
})

test('documents that more people could read after many cut runs are counted together', async () => {
  const store = await filled()
  const sync = slowFeed(store, (at) => upsert({ id: String(at), access: 'public' }))

  const report = await cutRuns(sync)

  expect(report.error?.code).toBe('GUARD_TRIPPED')
  expect(report.error?.hint).toContain('--allow-wider 24')
  const heads = [...(await store.heads('s', await store.ids('s'))).values()]
  expect(heads.filter(({ head: { access } }) => access === 'public')).toHaveLength(16)
})

test('a place that was emptied is seen though the listing was cut and continued', async () => {
  const store = openMemory()
  const pages = Array.from({ length: 100 }, (_, at) => ({ id: String(at), path: [at % 8 === 0 ? 'Small' : 'Large'] }))
  await run(store, pages, { runId: 'first' })
  const left = pages.filter(({ path: [place] }) => place === 'Large')
  const listed = left.map(upsert)
  const receipt = { pages: 2, seen: left.length, duplicates: 0, ended: 'no-next-link' as const }
  const cut: Change[] = [{ type: 'begin' }, ...listed.slice(0, 40), { type: 'checkpoint', cursor: 1 }]
  await run(store, [], { changes: cut, throws: new Error('gone'), runId: 'second' })

  const rest: Change[] = [...listed.slice(40), { type: 'checkpoint', cursor: 2, receipt }]
  const report = await run(store, [], { changes: rest, runId: 'third' })

  expect(report.error?.message).toContain('would remove all 13 documents in "Small"')
  expect(await store.ids('s')).toHaveLength(100)
})

test('a place of which only earlier runs of a pass saw a document is not emptied', async () => {
  const store = openMemory()
  const pages = Array.from({ length: 100 }, (_, at) => ({ id: String(at), path: [at % 8 === 0 ? 'Small' : 'Large'] }))
  await run(store, pages, { runId: 'first' })
  const left = pages.filter(({ id, path: [place] }) => place === 'Large' || id === '0')
  const listed = left.map(upsert)
  const receipt = { pages: 2, seen: left.length, duplicates: 0, ended: 'no-next-link' as const }
  const cut: Change[] = [{ type: 'begin' }, ...listed.slice(0, 40), { type: 'checkpoint', cursor: 1 }]
  await run(store, [], { changes: cut, throws: new Error('gone'), runId: 'second' })

  const rest: Change[] = [...listed.slice(40), { type: 'checkpoint', cursor: 2, receipt }]
  const report = await run(store, [], { changes: rest, runId: 'third' })

  expect(report.error).toBeNull()
  expect(await store.ids('s')).toEqual([...left.map(({ id }) => `s:${id}`)].sort())
})

/** A run whose time is over ends in good order, and many such runs come to the same end as one that had time. */
import { setTimeout as delay, setImmediate } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Change, Connector } from '../../src/core/connector.ts'
import type { Body } from '../../src/core/document.ts'
import type { Json } from '../../src/core/json.ts'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import type { SyncReport } from '../../src/sync/sync.ts'
import { run, upsert } from './pages.ts'

/** A source of so many documents in which every listing request and every body takes a second, one after the other. */
function slowSource(documents: number, isResumable: boolean) {
  let bodies = 0
  const load = async (signal: AbortSignal): Promise<Body> => {
    await setImmediate()
    signal.throwIfAborted()
    vi.advanceTimersByTime(1000)
    bodies++
    return { html: '<p>Text</p>' }
  }
  const page = (id: number, signal: AbortSignal) =>
    upsert({ id: String(id).padStart(4, '0'), load: () => load(signal) })
  async function* pull({ signal }: { signal: AbortSignal }, since: Json): AsyncIterable<Change> {
    if (since === null || since === documents) yield { type: 'begin' }
    for (let at = since === documents ? 0 : Number(since ?? 0); at < documents; at += 10) {
      vi.advanceTimersByTime(1000)
      for (let id = at; id < Math.min(at + 10, documents); id++) yield page(id, signal)
      if (isResumable && at + 10 < documents) yield { type: 'checkpoint', cursor: at + 10 }
    }
    const receipt = { pages: 1, seen: documents, duplicates: 0, ended: 'no-next-link' as const }
    yield { type: 'checkpoint', cursor: documents, receipt }
  }
  const connector: Connector = {
    ...{ name: 'slow', config: { parse: String }, cursor: { parse: (input) => input as Json }, pull },
  }
  return {
    bodies: () => bodies,
    connector,
    sync: (store: Store, seconds: number, full = false): Promise<SyncReport> =>
      run(store, [], { connector, now: Date.now, deadline: Date.now() + seconds * 1000, full, runId: `${Date.now()}` }),
  }
}

describe('a long source with a short deadline in every run', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  test.each([
    ['that can be continued', 600, true, 20],
    ['whose listing takes most of the time', 600, false, 65],
    ['of which a run lists less than it may', 100, true, 30],
  ])(
    '%s, is stored whole after enough runs, each body loaded about once',
    async (_, documents, isResumable, seconds) => {
      const store = openMemory()
      const source = slowSource(documents, isResumable)
      let report = await source.sync(store, seconds)
      let stored = 0
      for (let runs = 0; report.error !== null && runs < 200; runs++) {
        expect(report.run.outcome).toBe('interrupted')
        expect(report.error).toMatchObject({ code: 'OUT_OF_TIME', exit: 5 })
        const now = (await store.ids('s')).length
        expect(now).toBeGreaterThan(stored)
        stored = now
        report = await source.sync(store, seconds)
      }

      expect(report.run.outcome).toBe('ok')
      expect(await store.ids('s')).toHaveLength(documents)
      expect((await store.state('s'))?.seen).toBeNull()
      expect(source.bodies()).toBeLessThan(documents * 1.5)
    },
  )

  test('that every run is to read from the beginning comes to its end all the same, and is then read anew', async () => {
    const store = openMemory()
    const source = slowSource(600, true)
    let report = await source.sync(store, 20, true)
    for (let runs = 0; report.error !== null && runs < 200; runs++) report = await source.sync(store, 20, true)

    expect(report.run.outcome).toBe('ok')
    expect(await store.ids('s')).toHaveLength(600)
    expect((await source.sync(store, 200, true)).plan).toMatchObject({ from: 'start', listed: 600 })
  })

  test('that is read from the beginning with all the time there is begins there, though it was cut before', async () => {
    const store = openMemory()
    const { connector, sync } = slowSource(600, true)
    expect((await sync(store, 30, true)).error?.code).toBe('OUT_OF_TIME')
    expect(await store.state('s')).toMatchObject({ cursor: 10, seen: expect.anything() })

    const dryRun = { connector, full: true, dryRun: true, runId: 'plan' }

    expect((await run(store, [], dryRun)).plan).toMatchObject({ from: 'start', listed: 600 })
  })

  test('whose listing never ends in time says so, removes nothing and keeps what is stored', async () => {
    const store = openMemory()
    await run(store, [{ id: '0000' }, { id: 'old' }])

    const report = await slowSource(600, false).sync(store, 20)

    expect(report.error?.message).toContain('before the source was listed to its end')
    expect(report.error?.hint).toContain('give it more time')
    expect(await store.ids('s')).toEqual(['s:0000', 's:old'])
  })
})

test('what a listing says is gone goes, though the run was cut behind it', async () => {
  const store = openMemory()
  await run(store, [{ id: '1' }, { id: '2' }, { id: '3' }])
  let clock = 0
  const load = async (): Promise<Body> => ({ html: '<p>Text</p>' })
  const connector: Connector = {
    ...{ name: 'feed', config: { parse: String }, cursor: { parse: (input) => input as Json } },
    async *pull(): AsyncIterable<Change> {
      yield { type: 'delete', id: '1' }
      yield upsert({ id: '4', load })
      clock = 600
      yield { type: 'checkpoint', cursor: 2 }
      throw new Error('asked for more')
    },
  }

  const report = await run(store, [], { connector, now: () => clock, deadline: 1000 })

  expect(report.error?.code).toBe('OUT_OF_TIME')
  expect(await store.ids('s')).toEqual(['s:2', 's:3', 's:4'])
  expect((await store.state('s'))?.cursor).toBe(2)
})

/** A source of three documents, and a clock that no timer knows of. */
function sourceWithClock(meanwhile: { readonly listing?: () => void; readonly making?: () => void }) {
  const body = (): Body => ({
    html: '<p>Text</p>',
    get people() {
      meanwhile.making?.()
      return []
    },
  })
  const connector: Connector = {
    ...{ name: 'clocked', config: { parse: String }, cursor: { parse: (input) => input as Json } },
    async *pull(): AsyncIterable<Change> {
      yield { type: 'begin' }
      yield upsert({ id: '1', load: async () => body() })
      meanwhile.listing?.()
      for (const id of ['2', '3']) yield upsert({ id, load: async () => body() })
      const receipt = { pages: 1, seen: 3, duplicates: 0, ended: 'no-next-link' as const }
      yield { type: 'checkpoint', cursor: 1, receipt }
    },
  }
  return connector
}

test('time that passes while no timer can ring is seen by the clock: nothing of a listing that took it is believed', async () => {
  let clock = 0
  const connector = sourceWithClock({
    listing: () => {
      clock = 2_000_000
    },
  })
  const store = openMemory()

  const report = await run(store, [], { connector, now: () => clock, deadline: 1_000_000 })

  expect(report.error?.code).toBe('OUT_OF_TIME')
  expect(await store.state('s')).toBeNull()
})

test('documents that take long to make are left for the next run once time is over, but the first is stored', async () => {
  let clock = 0
  const connector = sourceWithClock({
    making: () => {
      clock = 2_000_000
    },
  })
  const store = openMemory()

  const report = await run(store, [], { connector, now: () => clock, deadline: 1_000_000 })

  expect(report.error?.code).toBe('OUT_OF_TIME')
  expect(await store.ids('s')).toEqual(['s:1'])
})

/** Never answers, whatever it is told. */
const hangs = () => new Promise<never>(() => {})

test.each<[string, Partial<Connector>]>([
  ['listing', { pull: () => ({ [Symbol.asyncIterator]: () => ({ next: hangs }) }) }],
  [
    'body',
    {
      async *pull(): AsyncIterable<Change> {
        yield { type: 'begin' }
        yield upsert({ id: '1' })
        yield upsert({ id: '2', load: hangs })
        yield { type: 'checkpoint', cursor: 1 }
      },
    },
  ],
])('a %s that hangs does not keep a run from ending', async (_, part) => {
  const connector: Connector = {
    ...{ name: 'hanging', config: { parse: String }, cursor: { parse: (input: unknown) => input as Json } },
    ...(part as Pick<Connector, 'pull'>),
  }

  const report = await run(openMemory(), [], { connector, now: Date.now, deadline: Date.now() + 30 })

  expect(report.error?.code).toBe('OUT_OF_TIME')
})

test('a request under way at the deadline is broken off, though its connector gives it no signal', async () => {
  let heard = false
  const connector: Connector = {
    ...{ name: 'deaf', config: { parse: String }, cursor: { parse: (input) => input as Json } },
    // biome-ignore lint/correctness/useYield: it never comes to that
    async *pull({ fetch }): AsyncIterable<Change> {
      await fetch('https://example.com')
    },
  }
  const fetch: typeof globalThis.fetch = async (_input, init) => {
    init?.signal?.addEventListener('abort', () => {
      heard = true
    })
    return await hangs()
  }

  await run(openMemory(), [], { connector, fetch, now: Date.now, deadline: Date.now() + 30 })
  await delay(0)

  expect(heard).toBe(true)
})

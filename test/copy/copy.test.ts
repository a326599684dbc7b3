/** An index copied from each driver to each other, stopped anywhere, over what was there: it ends the same. */
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory.ts'
import { openPostgres } from '../../src/indexes/postgres/postgres.ts'
import { openSqlite } from '../../src/indexes/sqlite.ts'
import { asking, batch, found, sampleDocument } from '../conformance/index-samples.ts'
import { temporaryFolder } from '../indexes/temporary-folder.ts'
import { startPglite } from '../postgres/pglite-server.ts'
import { placeIn, type Server } from '../postgres/server.ts'
import { ACCESS, contentOf, copied, everything, fillIndex } from './index-to-copy.ts'

let server: Server
const opened: Store[] = []

beforeAll(async () => {
  server = await startPglite()
})

afterEach(async () => {
  for (const store of opened.splice(0)) await store.close()
})

afterAll(() => server.close())

const DRIVERS: Readonly<Record<string, () => Promise<Store>>> = {
  memory: async () => openMemory(),
  SQLite: () => openSqlite(join(temporaryFolder(), 'index.db')),
  Postgres: () => openPostgres(placeIn(server)),
}

async function fresh(driver: string): Promise<Store> {
  const store = await (DRIVERS[driver] as () => Promise<Store>)()
  opened.push(store)
  return store
}

/** Fails at one of its writes, before it is done or behind. */
function failingAt(store: Store, write: number, isDone: boolean): Store {
  let left = write
  const failing =
    <Asked extends readonly unknown[]>(work: (...asked: Asked) => Promise<void>) =>
    async (...asked: Asked): Promise<void> => {
      left -= 1
      if (left === 0 && !isDone) throw new Error('killed')
      await work(...asked)
      if (left === 0) throw new Error('killed')
    }
  return { ...store, apply: failing(store.apply), embed: failing(store.embed), forget: failing(store.forget) }
}

describe.for([
  ['SQLite', 'Postgres'],
  ['Postgres', 'SQLite'],
  ['SQLite', 'memory'],
])('from %s to %s', ([from, to]) => {
  test('all that can be read is the same, every access label too', async () => {
    const [here, there] = [await fresh(from as string), await fresh(to as string)]
    await fillIndex(here)

    expect(await copied(here, there)).toEqual({ written: 51, removed: 0 })

    expect(await everything(there)).toEqual(await everything(here))
    expect(await contentOf(there)).toBe(await contentOf(here))
    const stored = await there.stored(await there.ids('docs'))
    for (const [id, { head }] of stored) expect(head.access).toEqual(ACCESS[Number(id.slice(5)) % ACCESS.length])
    expect(await found(there, asking('zebra'))).toHaveLength(10)
    expect(await found(there, { ...asking('zebra'), as: ['user:ann'], limit: 99 })).toEqual(
      await found(here, { ...asking('zebra'), as: ['user:ann'], limit: 99 }),
    )
    expect(await copied(here, there)).toEqual({ written: 0, removed: 0 })
  })

  test('over another index: what is not copied is gone, and so are vectors that are not copied', async () => {
    const [here, there] = [await fresh(from as string), await fresh(to as string)]
    await fillIndex(here)
    await fillIndex(there)
    const stored = [...(await there.stored(['docs:1', 'docs:2'])).values()]
    await there.apply(batch('docs', { put: [sampleDocument('docs:extra'), sampleDocument('docs:2')] }))
    await there.apply(batch('gone', { put: [sampleDocument('gone:1')] }))
    await there.apply(batch('unread', { state: { cursor: 1, seen: null, policy: null } }))
    const at = '2026-05-01T00:00:00Z'
    const failed = ['docs:1', 'docs:never'].map((id) => ({ id, code: 'X', reason: 'new', at }))
    const skipped = { all: false, list: [{ id: 'docs:other-draft', reason: 'a draft', at }] }
    await there.apply(batch('docs', { failed, skipped }))
    await there.embed('model:3', await embeddedAgain(there, 'docs:3'))

    expect(stored).toHaveLength(2)
    expect(await copied(here, there)).toEqual({ written: 2, removed: 2 })
    expect(await everything(there)).toEqual(await everything(here))
  })
})

/** Vectors where there was none. */
async function embeddedAgain(store: Store, id: string) {
  const waiting = (await store.unembedded('model:3', 500)).filter(({ document }) => document === id)
  return waiting.map((passage) => ({ ...passage, vector: Float32Array.of(0, 1, 0) }))
}

test('stopped before and behind each write, it goes on and ends the same', async () => {
  const here = await fresh('memory')
  await fillIndex(here)
  const wanted = await everything(here)
  for (const isDone of [false, true]) {
    for (let write = 1; ; write += 1) {
      const there = await fresh('memory')
      const isOver = await copied(here, failingAt(there, write, isDone)).then(
        () => true,
        () => false,
      )
      if (!isOver) await copied(here, there)
      expect(await everything(there), `stopped at write ${write}`).toEqual(wanted)
      if (!isOver) continue
      expect(write).toBeGreaterThan(12)
      break
    }
  }
})

test('runs that are kept beside the newest hundred are copied, and stay', async () => {
  const [here, there] = [await fresh('memory'), await fresh('SQLite')]
  await fillIndex(here, 105)

  await copied(here, there)

  expect(await there.runs('docs', 999)).toEqual(await here.runs('docs', 999))
  expect((await there.runs('docs', 999)).map(({ id }) => id).at(-1)).toBe('run-101')
  expect(await copied(here, there)).toEqual({ written: 0, removed: 0 })
})

test('a cursor is never there before the documents', async () => {
  const [here, there] = [await fresh('memory'), await fresh('memory')]
  await fillIndex(here)
  const states: [boolean, number][] = []
  const watched: Store = {
    ...there,
    apply: async (part) => {
      states.push([part.state !== undefined, (await there.ids(part.source)).length])
      await there.apply(part)
    },
  }

  await copied(here, watched)

  expect(states.filter(([isState]) => isState)).toEqual([[true, 50]])
})

test('documents of another analyser are analysed by this one, and are the same otherwise', async () => {
  const [here, there] = [await fresh('memory'), await fresh('SQLite')]
  await here.apply(batch('docs', { put: [sampleDocument('docs:1', { texts: ['Zebras run'] })] }))

  await copied(here, there)

  expect(await contentOf(there)).toBe(await contentOf(here))
  expect(await found(there, asking('run'))).toEqual(['docs:1#0'])
})

test('without vectors it holds none, and is the same otherwise', async () => {
  const [here, there] = [await fresh('memory'), await fresh('SQLite')]
  await fillIndex(here)

  await copied(here, there, { vectors: false })

  expect(await there.embedded(await there.ids('docs'))).toEqual([])
  expect(await there.chunks('docs:20')).toEqual(await here.chunks('docs:20'))
})

test('it is told to stop, and stops; a document that changes meanwhile is noticed', async () => {
  const [here, there] = [await fresh('memory'), await fresh('memory')]
  await fillIndex(here)
  await expect(copied(here, there, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'INTERRUPTED' })

  const moving = async () => here.apply(batch('docs', { state: { cursor: 'moved', seen: null, policy: null } }))
  const changed = copied(here, there, { progress: () => void moving() })

  await expect(changed).rejects.toMatchObject({ code: 'LOCKED' })
})

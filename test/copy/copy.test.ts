/** An index copied from each driver to each other, stopped anywhere, over what was there: it ends the same. */
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Store } from '../../src/core/store.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { openPostgres } from '../../src/indexes/postgres/postgres.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { asking, batch, found, sampleDocument } from '../conformance/index-samples.ts'
import { temporaryFolder } from '../indexes/temporary-folder.ts'
import { startPglite } from '../postgres/pglite-server.ts'
import { placeIn, type Server } from '../postgres/server.ts'
import { testCopying } from './copying.ts'
import { contentOf, copied, everything, fillIndex } from './index-to-copy.ts'

/** Of a server in WebAssembly, on a machine that has much to do. */
const STARTING_MS = 120_000
let server: Server
const opened: Store[] = []

beforeAll(async () => {
  server = await startPglite()
}, STARTING_MS)

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

for (const [from, to] of [
  ['SQLite', 'Postgres'],
  ['Postgres', 'SQLite'],
  ['SQLite', 'memory'],
] as const) {
  testCopying(
    `from ${from} to ${to}`,
    () => fresh(from),
    () => fresh(to),
  )
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

/** Documents that failed: tried again, left alone because a person said so, and what is true of them meanwhile. */
import { expect, test } from 'vitest'
import type { Change, Connector } from '../../src/core/connector.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import type { Json } from '../../src/core/json.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { checkpoint, type Page, run, upsert } from './pages.ts'

const fails = () => Promise.reject(new UnsiloError('DOCUMENT_UNREADABLE', 'broken'))
const never = () => Promise.reject(new Error('asked'))
const BOTH = ['group:eng', 'group:staff'] as const
const rest: readonly Page[] = [{ id: '8' }, { id: '9' }]

async function ignored(page: Page = { id: '1', access: BOTH }) {
  const store = openMemory()
  await run(store, [page, ...rest])
  await run(store, [{ ...page, version: '2', load: fails }, ...rest])
  expect(await store.ignore('s', ['s:1', 's:8'], true)).toEqual(['s:1'])
  return store
}

test('a failure says which version failed, and how often that was tried', async () => {
  const store = openMemory()
  const tried = async (version: string) => {
    await run(store, [{ id: '1', version, load: fails }])
    return (await store.quarantine('s')).map(({ version: of, attempts }) => [of, attempts])
  }

  expect(await tried('1')).toEqual([['1', 1]])
  expect(await tried('1')).toEqual([['1', 2]])
  expect(await tried('2')).toEqual([['2', 1]])
})

test('a version that is ignored is not loaded, and the run is whole without it', async () => {
  const store = await ignored()

  const report = await run(store, [{ id: '1', version: '2', access: BOTH, load: never }, ...rest])

  expect(report.run).toMatchObject({ outcome: 'ok', counts: { unchanged: 3, failed: 0 } })
  expect((await store.stored(['s:1'])).get('s:1')?.head.version).toBe('1')
  expect(await store.quarantine('s')).toMatchObject([{ id: 's:1', ignored: true, version: '2', attempts: 1 }])
})

test('its old text is for those whom both the old and the new access let read, and stays ignored', async () => {
  const store = await ignored()

  await run(store, [{ id: '1', version: '2', access: ['group:eng', 'group:hr'], load: never }, ...rest])

  expect((await store.stored(['s:1'])).get('s:1')?.head).toMatchObject({ version: '1', access: ['group:eng'] })
  expect(await store.quarantine('s')).toMatchObject([{ id: 's:1', ignored: true }])
})

test('its old text, cut anew by another chunker, stays ignored', async () => {
  const store = await ignored()
  const [document] = (await store.stored(['s:1'])).values()
  if (document === undefined) throw new Error('not stored')
  const older = { ...document, recipe: { ...document.recipe, chunker: 'older' }, chunks: [] }
  const failed = await store.quarantine('s')
  await store.apply({ source: 's', put: [older], refresh: [], remove: [], failed })

  await run(store, [{ id: '1', version: '2', access: BOTH, load: never }, ...rest])

  expect((await store.stored(['s:1'])).get('s:1')?.recipe).toEqual(document.recipe)
  expect(await store.quarantine('s')).toEqual(failed)
})

test('a new version is tried, and ends it', async () => {
  const store = await ignored()

  const failing = await run(store, [{ id: '1', version: '3', load: fails }, ...rest])
  expect(failing.run.outcome).toBe('partial')
  const [failure] = await store.quarantine('s')
  expect(failure).toMatchObject({ version: '3', attempts: 1 })
  expect(failure?.ignored).toBeUndefined()

  await run(store, [{ id: '1', version: '3' }, ...rest])
  expect(await store.quarantine('s')).toEqual([])
})

test('one that was never stored is ignored too, and forgotten when it goes', async () => {
  const store = openMemory()
  await run(store, [{ id: '1', load: fails }, ...rest])
  await store.ignore('s', ['s:1'], true)

  expect((await run(store, [{ id: '1', load: never }, ...rest])).run.outcome).toBe('ok')
  await run(store, rest)
  expect(await store.quarantine('s')).toEqual([])
})

test('narrowed access, as a guard leaves it, keeps the failure and how often it was tried', async () => {
  const store = await ignored()
  const listed = upsert({ id: '1', version: '2', access: ['group:eng'], load: never })
  const gone = ['8', '9'].map((id): Change => ({ type: 'delete', id }))

  const report = await run(store, [], {
    changes: [listed, ...gone, checkpoint(3)],
    allowed: { deletes: 1, wider: 0 },
  })

  expect(report.error?.code).toBe('GUARD_TRIPPED')
  expect((await store.stored(['s:1'])).get('s:1')?.head.access).toEqual(['group:eng'])
  expect(await store.quarantine('s')).toMatchObject([{ id: 's:1', ignored: true, attempts: 1 }])
})

test('personal data leaves an ignored document all the same', async () => {
  const store = openMemory()
  const page = { id: '1', load: async () => ({ html: '<p>anna@canaria.example</p>' }) }
  await run(store, [page, ...rest])
  await run(store, [{ id: '1', version: '2', load: fails }, ...rest])
  await store.ignore('s', ['s:1'], true)

  await run(store, [{ id: '1', version: '2', load: fails }, ...rest], { redact: { patterns: [] } })

  expect((await store.stored(['s:1'])).get('s:1')?.markdown).not.toContain('canaria')
})

/** A first listing of everything, then what changed since the number of changes in the cursor. */
function feed(log: readonly Change[], asked: Json[] = []): Connector {
  const all = () => [...new Map(log.map((change) => [change.type === 'upsert' ? change.head.id : '', change])).values()]
  return {
    ...{ name: 'feed', config: { parse: String }, cursor: { parse: (input) => input as Json } },
    async *pull(_context, since): AsyncIterable<Change> {
      asked.push(since)
      if (since === null) yield { type: 'begin' }
      yield* since === null ? all() : log.slice(since as number)
      const receipt = { pages: 1, seen: log.length, duplicates: 0, ended: 'no-next-link' as const }
      yield { type: 'checkpoint', cursor: log.length, ...(since === null && { receipt }) }
    },
  }
}

test('it holds no cursor, and is found again when a person takes that back', async () => {
  const store = openMemory()
  const log = [upsert({ id: '1' }), upsert({ id: '2' })]
  await run(store, [], { connector: feed(log) })
  const edited = [...log, upsert({ id: '1', version: '2', load: fails })]
  await run(store, [], { connector: feed(edited) })
  expect((await store.state('s'))?.cursor).toBe(2)
  await store.ignore('s', ['s:1'], true)

  await run(store, [], { connector: feed(edited) })
  expect((await store.state('s'))?.cursor).toBe(3)

  await store.ignore('s', ['s:1'], false)
  const asked: Json[] = []
  await run(store, [], { connector: feed([...log, upsert({ id: '1', version: '2' })], asked) })
  expect(asked).toEqual([3, null])
  expect((await store.stored(['s:1'])).get('s:1')?.head.version).toBe('2')
  expect(await store.quarantine('s')).toEqual([])
})

test('a plan tells what was skipped and why, and runs remember it until it is taken or gone', async () => {
  const store = openMemory()
  const receipt = { pages: 1, seen: 1, duplicates: 0, ended: 'no-next-link' as const }
  const skip = (id: string, reason: string): Change => ({ type: 'skip', id, reason })
  const listing = (...changes: Change[]) => ({
    changes: [
      { type: 'begin' as const },
      ...changes,
      upsert({ id: '9' }),
      { type: 'checkpoint' as const, cursor: 1, receipt },
    ],
  })
  const day = 86_400_000
  const skips = async () => (await store.skips('s')).map(({ id, reason, at }) => [id, reason, at.slice(0, 10)])

  await run(store, [], {
    ...listing(skip('1', 'draft'), skip('2', 'of anna@canaria.example')),
    redact: { patterns: [] },
  })
  expect(await skips()).toEqual([
    ['s:1', 'draft', '2026-01-01'],
    ['s:2', 'of [EMAIL_1]', '2026-01-01'],
  ])

  const later = { redact: { patterns: [] }, now: () => Date.UTC(2026, 0, 1) + day }
  await run(store, [], { ...listing(skip('1', 'draft'), skip('3', 'too large')), ...later })
  expect(await skips()).toEqual([
    ['s:1', 'draft', '2026-01-01'],
    ['s:3', 'too large', '2026-01-02'],
  ])

  await run(store, [], { changes: [skip('4', 'draft'), upsert({ id: '1' }), checkpoint(2)], ...later })
  expect(await skips()).toEqual([
    ['s:3', 'too large', '2026-01-02'],
    ['s:4', 'draft', '2026-01-02'],
  ])

  await run(store, [], {
    changes: [{ type: 'begin' }],
    throws: new UnsiloError('SOURCE_UNAVAILABLE', 'down'),
    ...later,
  })
  expect(await skips()).toHaveLength(2)
})

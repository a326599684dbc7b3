/** `unsilo copy` of an index that was synced from an emulated site: what is there then, who is refused, and how it goes on. */

import { cpSync, existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { emptyBatch } from '../../src/core/store.ts'
import { mark } from '../../src/indexes/filling.ts'
import { fillIndex, openIndex } from '../../src/indexes/registry.ts'
import { alter } from '../indexes/sqlite/alter.ts'
import { toThirdSchema } from '../indexes/sqlite/older-index.ts'
import { startPglite } from '../postgres/pglite-server.ts'
import { placeIn, type Server } from '../postgres/server.ts'
import { jsonLines } from './captured-io.ts'
import { type Stage, startStage } from './stage.ts'

const INDEX = '.unsilo/index.db'
/** Of a server in WebAssembly, on a machine that has much to do. */
const STARTING_MS = 120_000
let server: Server
let stage: Stage
let pages: readonly string[]

beforeAll(async () => {
  server = await startPglite()
}, STARTING_MS)

beforeEach(async () => {
  stage = await startStage()
  pages = stage.addPages(6)
  stage.site.model.restrict(pages[1] as string, { users: [], groups: [{ id: 'g1', name: 'mapped' }] })
  stage.site.model.restrict(pages[2] as string, { users: ['nobody-known'], groups: [] })
  await stage.run('sync', '--quiet')
})

afterEach(() => stage.close())
afterAll(() => server.close())

const file = (name: string) => join(stage.folder, name)

async function accessIn(index: string): Promise<unknown> {
  const store = await openIndex(index, { mode: 'read' })
  const stored = await store.stored(await store.ids('wiki'))
  await store.close()
  return [...stored].map(([id, { head }]) => [id, head.access])
}

/** Requests for bodies, since the last time. */
function bodiesAsked(): number {
  return stage.site.requests.splice(0).filter(({ query }) => query.has('body-format')).length
}

test('to a server and back: the same content, the same readers, and a sync there reads only what changed', async () => {
  const place = placeIn(server)
  const there = await stage.run('copy', INDEX, place, '--json')
  const back = await stage.run('copy', place, 'back.db', '--json')

  const [line] = jsonLines(there.stdout)
  expect([there.code, back.code]).toEqual([0, 0])
  expect(line).toMatchObject({ type: 'copied', documents: 6, written: 6, removed: 0, from: file(INDEX) })
  expect(jsonLines(back.stdout)).toMatchObject([{ content: line?.['content'], documents: 6 }])
  expect(await accessIn(place)).toEqual(await accessIn(file(INDEX)))
  expect(await accessIn(file('back.db'))).toEqual(await accessIn(file(INDEX)))
  expect(
    new Set(((await accessIn(place)) as [string, unknown][]).map(([, access]) => JSON.stringify(access))).size,
  ).toBe(2)

  bodiesAsked()
  stage.site.model.edit(pages[0] as string, { body: '<p>A zebra.</p>' })
  const synced = await stage.run('sync', '--index', place, '--json')
  expect(bodiesAsked()).toBe(1)
  expect(jsonLines(synced.stdout)).toMatchObject([{ type: 'run', counts: { changed: 1, unchanged: 5, added: 0 } }])
  expect(jsonLines((await stage.run('runs', '--index', place, '--json')).stdout)).toHaveLength(2)
})

test('a plan says what would be done and does nothing; the same again has nothing to do', async () => {
  const plan = await stage.run('copy', INDEX, 'new.db', '--plan', '--json', '--exit-code')
  expect(plan.code).toBe(20)
  expect(jsonLines(plan.stdout)).toEqual([
    { type: 'copy-plan', source: 'wiki', added: 6, changed: 0, removed: 0, records: true },
  ])
  expect(await stage.run('copy', INDEX, 'new.db', '--exit-code')).toMatchObject({ code: 2 })
  expect(readdirSync(stage.folder).filter((name) => name.startsWith('new'))).toEqual([])

  await stage.run('copy', INDEX, 'new.db')
  const { ino } = statSync(file('new.db'))
  const again = await stage.run('copy', INDEX, 'new.db')

  expect(again).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/6 documents of .*; nothing had to be written/),
  })
  expect(statSync(file('new.db')).ino).toBe(ino)
  expect(await stage.run('copy', INDEX, 'new.db', '--plan', '--exit-code')).toMatchObject({ code: 0 })
  expect(readdirSync(stage.folder).filter((name) => name.startsWith('new'))).toEqual(['new.db', 'new.db.lock'])
})

test.for(['file', 'server'])(
  'over a %s that holds something else only when told so, and not by losing much',
  async (kind) => {
    const place = kind === 'file' ? file('other.db') : placeIn(server)
    await stage.run('copy', INDEX, place, '--quiet')
    for (const page of pages.slice(0, 4)) stage.site.model.trash(page)
    stage.addPages(1)
    await stage.run('sync', '--quiet', '--allow-deletes', '4')
    await stage.run('copy', INDEX, 'fewer.db', '--quiet')

    const refused = await stage.run('copy', 'fewer.db', place)
    const back = await stage.run('copy', place, 'fewer.db')
    const plan = await stage.run('copy', 'fewer.db', place, '--plan', '--json')
    const forced = await stage.run('copy', 'fewer.db', place, '--force', '--json')

    expect(refused).toMatchObject({ code: 2, stderr: expect.stringMatching(/holds 6 documents already.*--force/s) })
    expect(back.code).toBe(2)
    expect(jsonLines(plan.stdout)).toMatchObject([{ added: 1, removed: 4, changed: 0, records: true }])
    expect(forced.code).toBe(0)
    expect(jsonLines(forced.stdout)).toMatchObject([{ documents: 3 }])
    expect(await accessIn(place)).toEqual(await accessIn(file(INDEX)))
  },
)

test('what would lose all that is there stops with 11 until that is allowed', async () => {
  await stage.run('copy', INDEX, 'all.db', '--quiet')
  for (const page of pages) stage.site.model.trash(page)
  stage.addPages(1)
  await stage.run('sync', '--quiet', '--allow-deletes', '6')

  const stopped = await stage.run('copy', INDEX, 'all.db', '--force')

  expect(stopped).toMatchObject({ code: 11, stderr: expect.stringMatching(/6 of 6 documents .*--allow-deletes 6/s) })
  expect(await stage.run('copy', INDEX, 'all.db', '--force', '--allow-deletes', '6')).toMatchObject({ code: 0 })
})

test('who goes on with a copy is not asked again, but before much that is there goes', async () => {
  const place = placeIn(server)
  await stage.run('copy', INDEX, place, '--quiet')
  const unfinished = await openIndex(place)
  await mark(unfinished, file(INDEX))
  await unfinished.close()
  await stage.run('copy', INDEX, 'another.db', '--quiet')
  expect(await stage.run('copy', 'another.db', place)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(`holds an unfinished copy of ${file(INDEX)}, and not of ${file('another.db')}`),
  })
  for (const page of pages) stage.site.model.trash(page)
  stage.addPages(1)
  await stage.run('sync', '--quiet', '--allow-deletes', '6')

  expect(await stage.run('copy', INDEX, place)).toMatchObject({ code: 11 })
  expect(await stage.run('copy', INDEX, place, '--allow-deletes', '6')).toMatchObject({ code: 0 })
})

test('killed, it is run again and ends the same; until then nobody reads or syncs half of it', async () => {
  stage.addPages(250)
  await stage.run('sync', '--quiet')
  const place = placeIn(server)
  const copying = stage.start('copy', INDEX, place, '--quiet')
  await untilThere(place)
  copying.kill('SIGKILL')
  await new Promise((resolve) => copying.once('close', resolve))

  const search = await stage.run('search', 'page', '--index', place)
  const refusals = [search, await stage.run('copy', place, 'half.db')]
  for (const { code, stderr } of refusals) {
    expect([code, stderr]).toEqual([12, expect.stringMatching(/not whole yet.*copied from .*index\.db/s)])
  }
  expect(await stage.run('copy', 'fewer.db', place)).toMatchObject({ code: 1 })
  await leaseIsOver(place)
  const sync = await stage.run('sync', '--index', place)
  expect([sync.code, sync.stderr]).toEqual([12, expect.stringContaining('not whole yet')])
  const again = await stage.run('copy', INDEX, place, '--json')

  expect(again.code).toBe(0)
  const [line] = jsonLines(again.stdout)
  expect(line).toMatchObject({ documents: 256 })
  expect(line?.['written']).toBeLessThan(256)
  expect(await accessIn(place)).toEqual(await accessIn(file(INDEX)))
})

/** As a minute after its holder was killed. */
async function leaseIsOver(place: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query(`UPDATE "${new URL(place).searchParams.get('schema')}".lease SET expires = now()`)
  await client.end()
}

/** Some documents are there. */
async function untilThere(place: string): Promise<void> {
  for (;;) {
    const store = await openIndex(place, { mode: 'read', unfinished: true }).catch(() => null)
    const documents = (await store?.stats('wiki'))?.documents ?? 0
    await store?.close()
    if (documents > 0) return
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

test('a file that is not wholly filled is beside its place, is no index to anybody, and is gone on with', async () => {
  const filling = await fillIndex(file('new.db'), {})
  const part = await filling.begin('somewhere')
  await part.apply(emptyBatch('wiki'))
  await filling.close()
  expect(existsSync(file('new.db'))).toBe(false)
  expect(await stage.run('search', 'page', '--index', 'new.db')).toMatchObject({ code: 1 })
  const half = await stage.run('search', 'page', '--index', 'new.db.copying')
  expect([half.code, half.stderr]).toEqual([12, expect.stringContaining('copied from somewhere')])

  expect(await stage.run('copy', INDEX, 'new.db')).toMatchObject({ code: 0 })

  expect(await accessIn(file('new.db'))).toEqual(await accessIn(file(INDEX)))
  expect(readdirSync(stage.folder).filter((name) => name.startsWith('new'))).toEqual(['new.db', 'new.db.lock'])
})

test('nobody writes to either meanwhile, and an index of another schema is left alone', async () => {
  const writer = await openIndex(file(INDEX), { holder: 'somebody' })
  const locked = await stage.run('copy', INDEX, 'new.db')
  await writer.close()
  cpSync(file(INDEX), file('older.db'))
  toThirdSchema(file('older.db'))
  const older = statSync(file('older.db')).mtimeMs

  expect(locked).toMatchObject({ code: 10, stderr: expect.stringContaining('somebody') })
  for (const ends of [
    [INDEX, 'older.db', '--force'],
    ['older.db', 'new.db'],
  ]) {
    expect(await stage.run('copy', ...ends)).toMatchObject({
      code: 12,
      stderr: expect.stringContaining('older unsilo'),
    })
  }
  expect(statSync(file('older.db')).mtimeMs).toBe(older)
  expect(existsSync(file('new.db'))).toBe(false)
  const target = await openIndex(file('taken.db'), { holder: 'a sync' })
  expect(await stage.run('copy', INDEX, 'taken.db')).toMatchObject({
    code: 10,
    stderr: expect.stringContaining('a sync'),
  })
  await target.close()
})

test('a document that is damaged is copied nowhere; once it is repaired the copy goes on', async () => {
  const damage = `UPDATE chunk_text SET text = 'other' WHERE rowid = (SELECT max(rowid) FROM chunk_text)`
  const wider = `UPDATE document SET head = replace(head, '"access":[]', '"access":"public"')`
  for (const [name, sql] of Object.entries({ damage, wider })) {
    cpSync(file(INDEX), file(`${name}.db`))
    alter(file(`${name}.db`), sql)
    const stopped = await stage.run('copy', `${name}.db`, `from-${name}.db`)
    expect([stopped.code, stopped.stderr]).toEqual([
      12,
      expect.stringMatching(/"wiki:\d+" does not match its checksum/),
    ])
    expect(existsSync(file(`from-${name}.db`))).toBe(false)
  }

  await stage.run('check', '--repair', '--index', 'damage.db')
  await stage.run('sync', '--quiet', '--index', 'damage.db')
  const again = await stage.run('copy', 'damage.db', 'from-damage.db', '--json')

  expect(again.code).toBe(0)
  expect(jsonLines(again.stdout)).toMatchObject([{ documents: 6 }])
  expect(await accessIn(file('from-damage.db'))).toEqual(await accessIn(file(INDEX)))
})

test.for([
  ['onto itself', ['copy', INDEX, `./${INDEX}`], 2],
  ['into memory', ['copy', INDEX, 'memory:'], 2],
  ['from nothing', ['copy', 'gone.db', 'new.db'], 1],
] as const)('%s is refused', async ([, asked, code]) => {
  expect((await stage.run(...asked)).code).toBe(code)
})

test('the password of a place is never printed', async () => {
  const place = 'postgres://unsilo:canary-secret@127.0.0.1:1/knowledge'
  for (const asked of [
    ['copy', INDEX, place],
    ['copy', place, 'new.db', '--json'],
  ]) {
    const { code, stdout, stderr } = await stage.unsilo(...asked)
    expect(code).toBe(5)
    expect(stdout + stderr).not.toContain('canary')
  }
})

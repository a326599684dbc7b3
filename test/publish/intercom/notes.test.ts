/** What publishing remembers, wherever the index is: of one workspace, of one process at a time, and copied with the index. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { openNotesCopy } from '../../../src/cli/copy-notes.ts'
import { run } from '../../../src/cli/main.ts'
import { beginNotes } from '../../../src/indexes/filling.ts'
import { openNotes } from '../../../src/indexes/registry.ts'
import { capturedIo, jsonLines } from '../../cli/captured-io.ts'
import { startPglite } from '../../postgres/pglite-server.ts'
import { placeIn, type Server } from '../../postgres/server.ts'
import { type Page, syncPages } from '../pages.ts'
import { expireLeases } from './remote-index.ts'
import { ARTICLES, type PublishStage, startPublishStage } from './stage.ts'

/** Of a server in WebAssembly, on a machine that has much to do. */
const STARTING_MS = 120_000
let server: Server
let stage: PublishStage

const PAGES: readonly Page[] = [
  { id: '1', title: 'Refunds', markdown: 'Ask us.\n' },
  { id: '2', title: 'VPN', markdown: 'Open the lock.\n' },
]
const TARGETS = `${ARTICLES}    pages:\n      - { source: help, url: "https://example.com" }\n`

beforeAll(async () => {
  server = await startPglite()
}, STARTING_MS)

beforeEach(async () => {
  stage = await startPublishStage()
  stage.configure(TARGETS)
})

afterEach(() => stage.close())
afterAll(() => server.close())

const PLACES: Readonly<Record<string, () => string>> = {
  'a file': () => join(stage.folder, '.unsilo', 'index.db'),
  'a server': () => placeIn(server),
}

async function synced(index: string, pages = PAGES): Promise<string> {
  await syncPages(stage.folder, pages, { deletes: 9, wider: 9 }, index)
  return index
}

async function copied(...argv: readonly string[]) {
  const io = capturedIo(stage.folder, { env: {}, fetch, now: Date.now })
  const code = await run(['copy', '--json', ...argv], io)
  return { code, err: io.err(), lines: jsonLines(io.out()) }
}

async function changesFrom(index: string): Promise<unknown> {
  const { code, lines, err } = await stage.publish('--index', index, '--live', '--plan', '--exit-code')
  return code === 0 ? 'nothing' : [code, err, lines]
}

const writes = () => stage.site.requests.filter(({ name }) => !name.startsWith('GET ')).length

describe.each(Object.keys(PLACES))('from %s', (kind) => {
  const place = () => (PLACES[kind] as () => string)()

  test('another workspace is refused, and begun in where that is asked for: what is in the other stays', async () => {
    const index = await synced(place())
    await stage.publish('--index', index, '--live')
    stage.site.library.workspace = 'efgh5678'
    const before = writes()

    const refused = await stage.publish('--index', index, '--live')
    expect(refused).toMatchObject({
      code: 2,
      err: expect.stringMatching(/published to the workspace abcd1234; the token is of efgh5678.*--begin-anew/s),
    })
    const { articles, pages, sources } = stage.site.library
    for (const each of [articles, pages, sources]) each.clear()
    const plan = await stage.publish('--index', index, '--live', '--plan', '--begin-anew')
    expect([plan.code, plan.err]).toEqual([
      0,
      expect.stringContaining('abcd1234 would be forgotten: 4 articles and pages'),
    ])
    expect(plan.lines.filter((line) => line['do'] === 'create')).toHaveLength(4)
    expect(writes()).toBe(before)

    const begun = await stage.publish('--index', index, '--live', '--begin-anew')
    expect([begun.code, begun.err]).toEqual([0, expect.stringContaining('abcd1234 is forgotten')])
    expect([articles.size, pages.size]).toEqual([2, 2])
    expect(await changesFrom(index)).toBe('nothing')
    const again = await stage.publish('--index', index, '--live', '--begin-anew')
    expect([again.code, again.err]).toEqual([0, expect.not.stringContaining('forgotten')])
    expect([articles.size, pages.size]).toEqual([2, 2])
  })

  test('one publishes at a time, which a plan and a sync do not wait for', async () => {
    const index = await synced(place())
    const another = await openNotes(index, { mode: 'write', holder: 'another' })
    onTestFinished(() => another.close())

    expect(await stage.publish('--index', index, '--live')).toMatchObject({
      code: 10,
      err: expect.stringContaining('another'),
    })
    expect(writes()).toBe(0)
    expect((await stage.publish('--index', index, '--plan')).code).toBe(0)
    await synced(index, PAGES.slice(0, 1))
  })
})

test('notes that do not say of which workspace they are stay', async () => {
  const index = await synced(join(stage.folder, 'index.db'))
  const before = await openNotes(index, { mode: 'write', holder: 'the test' })
  await before.put('of before', 1)
  await before.close()

  await stage.publish('--index', index, '--live')

  const notes = await openNotes(index, { mode: 'read', holder: 'the test' })
  expect(Object.fromEntries(notes.all())).toMatchObject({ 'of before': 1, workspace: 'abcd1234' })
})

test('who stood still beyond its lease sends nothing more, though it was about to', async () => {
  const index = await synced(placeIn(server))
  stage.through(/^GET \/articles$/, async (input, init) => {
    const answer = await fetch(input, init)
    const now = Date.now() + 120_000
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now)
    onTestFinished(() => clock.mockRestore())
    return answer
  })

  const { code, err } = await stage.publish('--index', index, '--live')

  expect([code, err]).toEqual([10, expect.stringContaining('The right to publish from')])
  expect(writes()).toBe(0)
})

test('who was taken for gone notes nothing, and so makes nothing', async () => {
  const index = await synced(placeIn(server))
  stage.through(/^GET \/articles$/, async (input, init) => {
    await expireLeases(server, index)
    const next = await openNotes(index, { mode: 'write', holder: 'another' })
    await next.close()
    return await fetch(input, init)
  })

  expect((await stage.publish('--index', index, '--live')).code).toBe(10)

  expect(stage.site.requests.filter(({ name }) => name === 'POST /articles')).toEqual([])
})

test('a file of notes that a server once had beside it stops publishing until somebody has looked', async () => {
  const index = await synced(placeIn(server))
  mkdirSync(join(stage.folder, '.unsilo'), { recursive: true })
  const file = join(stage.folder, '.unsilo', 'intercom.db')
  writeFileSync(file, '')

  expect(await stage.publish('--index', index, '--live')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/intercom\.db is not read any more.*Move that file away/s),
  })
  expect(stage.site.requests).toEqual([])
  rmSync(file)
  expect((await stage.publish('--index', index, '--live')).code).toBe(0)
})

const COPYING = {
  ...{ config: undefined, index: undefined, json: true, quiet: false, verbose: false },
  ...{ plan: false, exitCode: false, force: false, allowDeletes: undefined, vectors: true, notes: true },
  ...{ lock: true, lockTimeoutMs: undefined },
}

describe('copied', () => {
  test('to a server and back, publishing goes on there', async () => {
    const index = await synced(join(stage.folder, 'index.db'))
    await stage.publish('--index', index, '--live')
    const place = placeIn(server)
    const plan = await copied(index, place, '--plan')
    expect(plan.lines.at(-1)).toEqual({ type: 'copy-plan-notes', added: 6, changed: 0, removed: 0 })

    const there = await copied(index, place)
    const back = await copied(place, 'back.db')

    expect([there.code, back.code]).toEqual([0, 0])
    expect([...there.lines, ...back.lines]).toMatchObject([{ notes: 6 }, { notes: 6 }])
    for (const each of [place, join(stage.folder, 'back.db')]) expect(await changesFrom(each)).toBe('nothing')
    expect((await copied(index, place, '--plan', '--exit-code')).code).toBe(0)
    expect((await copied(index, place)).lines).toMatchObject([{ written: 0, notes: 6 }])
  })

  test('without notes where that is asked for: there they stay as they were', async () => {
    const [index, place] = [await synced(join(stage.folder, 'index.db')), placeIn(server)]
    await stage.publish('--index', index, '--live')

    expect((await copied(index, place, '--no-notes')).lines).toMatchObject([{ notes: 0 }])

    expect(await changesFrom(place)).not.toBe('nothing')
    expect((await copied(index, place)).lines).toMatchObject([{ written: 0, notes: 6 }])
    expect(await changesFrom(place)).toBe('nothing')
  })

  test('over notes of its own only when told so, and not by losing much', async () => {
    const place = await synced(placeIn(server))
    await stage.publish('--index', place, '--live')
    const index = await synced(join(stage.folder, 'index.db'))
    const refused = await copied(index, place)
    const lost = await copied(index, place, '--force')

    expect([refused.code, refused.err]).toEqual([2, expect.stringMatching(/notes of what was published.*--no-notes/s)])
    expect([lost.code, lost.err]).toEqual([11, expect.stringMatching(/6 of 6 notes .*--allow-deletes 6/s)])
    expect(await changesFrom(place)).toBe('nothing')

    expect((await copied(index, place, '--force', '--allow-deletes', '6')).code).toBe(0)
    expect(await changesFrom(place)).not.toBe('nothing')
  })

  test('stopped before they were all there, nobody publishes until it is run again', async () => {
    const [index, place] = [await synced(join(stage.folder, 'index.db')), placeIn(server)]
    await stage.publish('--index', index, '--live')
    await copied(index, place, '--no-notes')
    const notes = await openNotes(place, { mode: 'write', holder: 'the copy' })
    await beginNotes(notes, index)
    await notes.put('article:half', {})
    await notes.close()

    for (const argv of [['--live'], ['--plan']]) {
      const { code, err } = await stage.publish('--index', place, ...argv)
      expect([code, err]).toEqual([12, expect.stringMatching(/not whole yet: they are copied from .*index\.db/)])
    }
    expect((await copied(place, 'half.db')).code).toBe(12)
    const other = await synced(join(stage.folder, 'other.db'))
    expect((await copied(other, place)).code).toBe(2)

    expect((await copied(index, place)).lines).toMatchObject([{ written: 0, notes: 6 }])
    expect(await changesFrom(place)).toBe('nothing')
  })

  test('published from for the first time meanwhile, it comes to no end', async () => {
    const index = await synced(join(stage.folder, 'index.db'))
    const io = capturedIo(stage.folder, { env: {}, fetch, now: Date.now })
    const ends = { from: index, to: join(stage.folder, 'there.db') }
    const notes = await openNotesCopy(ends, { ...COPYING, ...ends }, io)
    onTestFinished(() => notes.close())
    await stage.publish('--index', index, '--live')

    for (const step of [() => notes.begin(), () => notes.finish()]) {
      await expect(step()).rejects.toMatchObject({ code: 'LOCKED', message: expect.stringContaining('meanwhile') })
    }
  })

  test('while somebody publishes from either, it waits or is refused', async () => {
    const [index, place] = [await synced(join(stage.folder, 'index.db')), placeIn(server)]
    await stage.publish('--index', index, '--live')
    const publisher = await openNotes(index, { mode: 'write', holder: 'a publisher' })
    const refused = await copied(index, place)
    await publisher.close()

    expect([refused.code, refused.err]).toEqual([10, expect.stringContaining('a publisher')])
    expect((await copied(index, place)).code).toBe(0)
  })
})

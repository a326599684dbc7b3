/** `unsilo quarantine` and `unsilo explain`: of an index in which a page failed, one was left out, and one is fine. */
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Failure } from '../../src/core/ledger.ts'
import { emptyBatch, type Store } from '../../src/core/store.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { jsonLines } from './captured-io.ts'
import { ended, type Stage, startStage } from './stage.ts'

let stage: Stage
let good: string
let bad: string

const failed = {
  code: 'DOCUMENT_UNREADABLE',
  reason: 'could not be converted',
  at: '2026-01-01T00:00:00Z',
  attempts: 3,
}

beforeEach(async () => {
  stage = await startStage()
  ;[good, bad] = stage.addPages(2).map((id) => `wiki:${id}`) as [string, string]
  await stage.run('sync')
  await change((store) =>
    store.apply({
      ...emptyBatch('wiki'),
      failed: [failure(bad), failure('wiki:new')],
      skipped: {
        all: true,
        list: [{ id: 'wiki:draft', reason: 'carries the label draft', at: '2026-01-01T00:00:00Z' }],
      },
    }),
  )
})

afterEach(() => stage.close())

function failure(id: string): Failure {
  return { ...failed, id, version: '2' }
}

async function change<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openSqlite(join(stage.folder, '.unsilo', 'index.db'), { holder: 'the other run' })
  return await work(store).finally(() => store.close())
}

async function quarantined() {
  return jsonLines((await stage.run('quarantine', 'ls', '--json')).stdout).map(({ id, ignored }) => [id, ignored])
}

test('ls prints what failed, why, how often, and what stays', async () => {
  const { code, stdout } = await stage.run('quarantine', 'ls')

  expect(code).toBe(0)
  expect(stdout.split('\n')).toEqual([
    `${bad}  Page 1`,
    expect.stringMatching(/^ {2}DOCUMENT_UNREADABLE · \d+ days ago · tried 3 times · its last good version stays$/),
    '  could not be converted',
    'wiki:new',
    expect.stringMatching(/ · never stored$/),
    '  could not be converted',
    '',
  ])
  expect(await stage.run('quarantine', 'ls', 'wikki')).toMatchObject({ code: 2, stdout: '' })
})

test('ignore marks those that are named, and a document that is not in quarantine changes nothing', async () => {
  const wrong = await stage.run('quarantine', 'ignore', bad, good)
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining(`"${good}" is not in quarantine`) })
  expect(await quarantined()).toEqual([
    [bad, false],
    ['wiki:new', false],
  ])

  const { code, stdout } = await stage.run('quarantine', 'ignore', bad, '--json')

  expect([code, jsonLines(stdout)]).toEqual([0, [{ type: 'ignored', source: 'wiki', id: bad }]])
  expect(await quarantined()).toEqual([
    [bad, true],
    ['wiki:new', false],
  ])
  expect((await stage.run('quarantine', 'ls')).stdout).toContain('ignored until it changes')
})

test('what is ignored fails no run while it stays as it is, and is told apart', async () => {
  stage.site.fail({ kind: 'html', match: /api\/v2\/pages$/, times: 1000 })
  const [page] = stage.addPages(1)
  expect((await stage.run('sync')).code).toBe(3)
  expect((await stage.run('quarantine', 'ignore', `wiki:${page}`)).code).toBe(0)

  expect(await stage.run('sync')).toMatchObject({ code: 0, stderr: expect.not.stringContaining('failed') })
  expect(await quarantined()).toContainEqual([`wiki:${page}`, true])
  const [status] = jsonLines((await stage.run('status', '--json')).stdout)
  expect(status).toMatchObject({ quarantined: 0, ignored: 1 })
  stage.site.model.edit(page as string, { body: '<p>Mended, but not to be read.</p>' })
  expect((await stage.run('sync')).code).toBe(3)
})

test('ignore refuses a failure whose version nobody knows', async () => {
  await change((store) => store.apply({ ...emptyBatch('wiki'), failed: [{ ...failed, id: bad }] }))

  const { code, stderr } = await stage.run('quarantine', 'ignore', bad)

  expect(code).toBe(2)
  expect(stderr).toContain(`not known which version of ${bad} failed`)
})

test('retry syncs the source, which tries them again, ignored ones too', async () => {
  await stage.run('quarantine', 'ignore', bad)

  const { code, stderr } = await stage.run('quarantine', 'retry', bad)

  expect(code).toBe(0)
  expect(stderr).toMatch(/^wiki: 2 listed, .*\n$/)
  expect(await quarantined()).toEqual([])
  expect(jsonLines((await stage.run('runs', '-n', '1', '--json')).stdout)).toMatchObject([{ from: 'start' }])
})

test('retry and ignore say what they need, and wait for another run only as long as they are told', async () => {
  expect(await stage.run('quarantine', 'retry')).toMatchObject({ code: 2, stderr: expect.stringContaining('--all') })
  expect(await stage.run('quarantine')).toMatchObject({ code: 2 })
  await change(async () => {
    expect(await stage.run('quarantine', 'ignore', bad)).toMatchObject({
      code: 10,
      stderr: expect.stringContaining('the other run'),
    })
    const waited = await stage.run('quarantine', 'ignore', bad, '--lock-timeout', '1s')
    expect(waited).toMatchObject({
      code: 10,
      stderr: expect.stringMatching(/the other run.* Waiting for it, up to 1 s\.\n/),
    })
  })
  expect(await stage.run('quarantine', 'ignore', bad, '--lock-timeout', '1')).toMatchObject({ code: 2 })
})

test('a sync that waits for another run goes on when that one is done', async () => {
  const other = await openSqlite(join(stage.folder, '.unsilo', 'index.db'), { holder: 'the other run' })
  const child = stage.start('sync', '--lock-timeout', '1m')
  child.stderr?.once('data', () => other.close())

  expect(await ended(child)).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(/the other run.* Waiting for it, up to 60 s\.\nwiki: 2 listed/),
  })
})

test('explain says of a stored document what became of it, by its id or its address', async () => {
  const byId = await stage.run('explain', good)
  const url = await change(async (store) => (await store.heads('wiki', [good])).get(good)?.head.url)
  const byUrl = await stage.run('explain', `${url}#a-place`)

  expect([byId.code, byUrl.stdout]).toEqual([0, byId.stdout])
  expect(byId.stdout.split('\n')).toEqual([
    'Page 0',
    `  id          ${good}`,
    `  address     ${url}`,
    '  stands in   DOC',
    expect.stringMatching(/^ {2}fetched {5}version 1, a page of 2026-01-05$/),
    '  converted   7 characters of markdown, nothing lost',
    '  found as    1 passage, language en',
    '  visible to  group:staff',
    expect.stringMatching(/^ {2}listed {6}not missing in the last complete listing, \d+ s ago \(run [0-9a-f]{8}\)$/),
    '',
  ])
})

test('explain says of what failed and of what was left out why', async () => {
  const broken = await stage.run('explain', bad)
  const never = await stage.run('explain', 'wiki:new')
  const left = await stage.run('explain', 'wiki:draft', '--json')

  expect(broken.stdout).toMatch(/^ {2}last error {2}DOCUMENT_UNREADABLE: could not be converted$/m)
  expect(broken.stdout).toMatch(/failed version 2 \d+ days ago, tried 3 times; what was stored before stays$/m)
  expect(broken.stdout).toMatch(/^ {2}next {8}the next run tries it again$/m)
  expect(never.stdout).toContain('nothing of it is stored')
  expect(jsonLines(left.stdout)).toMatchObject([
    { type: 'explanation', state: 'skipped', stored: null, skip: { reason: 'carries the label draft' } },
  ])
})

test('explain knows a document by the id that its source gives it, without the source', async () => {
  const whole = await stage.run('explain', good)
  const bare = await stage.run('explain', good.slice('wiki:'.length))
  const failed = await stage.run('explain', 'new')

  expect(bare).toEqual(whole)
  expect([failed.code, failed.stdout]).toEqual([0, expect.stringContaining('wiki:new')])
})

test('explain says of an unknown address no more than that nothing stored has it', async () => {
  const unknown = await stage.run('explain', 'https://nowhere.example/page')

  expect(unknown.code).toBe(1)
  expect(unknown.stdout).toContain('no stored document has this address')
  expect(unknown.stdout).not.toContain('listing')
})

test('explain of an unknown document ends with 1 and says which listing did not have it, and no more', async () => {
  const unknown = await stage.run('explain', 'nowhere')
  const ofSource = await stage.run('explain', 'wiki:1', '--json')

  expect(unknown.code).toBe(1)
  expect(unknown.stdout).toMatch(
    /^ {2}unknown {5}not stored, not in quarantine, and not left out by a rule that was said$/m,
  )
  expect(unknown.stdout).toMatch(
    /^ {2}wiki {8}not in its last complete listing, \d+ s ago \(run [0-9a-f]{8}\), or removed since$/m,
  )
  expect(ofSource.code).toBe(1)
  expect(jsonLines(ofSource.stdout)).toMatchObject([
    { state: 'unknown', id: null, sources: [{ source: 'wiki', listing: { run: expect.any(String) } }] },
  ])
})

/** `unsilo sync` as a process, against an emulated site: what it says, what it leaves, how it ends. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { jsonLines } from './captured-io.ts'
import { ended, type Stage, source, startStage } from './stage.ts'

let stage: Stage

beforeEach(async () => {
  stage = await startStage()
})

afterEach(() => stage.close())

test('new, edited, moved and deleted pages arrive, one summary line a source', async () => {
  const [first, second, third] = stage.addPages(3)
  expect(await stage.unsilo('sync')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringMatching(/^wiki: 3 listed, 3 added in/),
  })

  stage.site.model.edit(first as string, { body: '<p>Rewritten.</p>' })
  stage.site.model.move(second as string, first as string)
  stage.site.model.trash(third as string)

  expect((await stage.unsilo('sync')).stderr).toMatch(/^wiki: 2 listed, 1 changed, 1 refreshed, 1 removed in/)
  expect((await stage.unsilo('show', `wiki:${first}`)).stdout).toBe('Rewritten.\n')
  expect(await stage.unsilo('show', `wiki:${third}`)).toMatchObject({ code: 1 })
})

test('a dry run says what would change and makes no file', async () => {
  const [first] = stage.addPages(2)

  const { code, stdout } = await stage.unsilo('sync', '--dry-run')

  expect(code).toBe(0)
  expect(stdout).toContain(`  + added  wiki:${first}  Page 0\n`)
  expect(existsSync(join(stage.folder, '.unsilo'))).toBe(false)
  expect(stage.site.requests.some(({ query }) => query.has('body-format'))).toBe(false)
})

test('what a run asked of the network is in its record, its retries included', async () => {
  stage.addPages(2)
  stage.site.fail({ kind: 'status', status: 503 })

  const { stdout } = await stage.unsilo('sync', '--json')

  const requests = stage.site.requests.length
  const bytes = expect.toSatisfy((number: number) => number > 500)
  const waitedMs = expect.any(Number)
  expect(jsonLines(stdout)).toMatchObject([{ type: 'run', traffic: { requests, retries: 1, waitedMs, bytes } }])
})

test('a mass deletion stops with 11, names the way on, and is done when allowed', async () => {
  const pages = stage.addPages(30)
  await stage.unsilo('sync')
  for (const page of pages.slice(0, 15)) stage.site.model.trash(page)

  const stopped = await stage.unsilo('sync', '--json')

  expect(stopped.code).toBe(11)
  expect(stopped.stderr).toContain('--allow-deletes 15')
  expect(jsonLines(stopped.stdout)).toMatchObject([
    { type: 'run', outcome: 'guarded' },
    { type: 'error', code: 'GUARD_TRIPPED' },
  ])
  expect(await stage.stored()).toHaveLength(30)
  expect((await stage.unsilo('sync', '--allow-deletes', '15')).code).toBe(0)
  expect(await stage.stored()).toHaveLength(15)
})

test('a source that fails does not keep another from being synced, and the exit code says that one failed', async () => {
  stage.configure({ sources: source('broken', stage.site.url, 'NONE') })
  stage.addPages(2)

  const { code, stdout } = await stage.unsilo('sync', '--json')

  expect(code).toBe(3)
  const runs = jsonLines(stdout).filter(({ type }) => type === 'run')
  expect(runs).toContainEqual(expect.objectContaining({ source: 'wiki', outcome: 'ok' }))
  expect(runs).toContainEqual(expect.objectContaining({ source: 'broken', outcome: 'failed' }))
})

test('with --quiet, as from cron, a source that fails is named, and what to do', async () => {
  stage.configure({ sources: source('broken', stage.site.url, 'NONE') })
  stage.addPages(1)

  const { code, stdout, stderr } = await stage.unsilo('sync', '--quiet')

  expect([code, stdout]).toEqual([3, ''])
  expect(stderr).toMatch(/^error: broken: spaces: NONE does not exist.*\n {2}Keys are written .*\n$/)
})

test('with --quiet a document that fails is named too', async () => {
  stage.addPages(1)
  stage.site.fail({ kind: 'html', match: /api\/v2\/pages$/, times: 1000 })

  const { code, stdout, stderr } = await stage.unsilo('sync', '--quiet')

  expect([code, stdout]).toEqual([3, ''])
  expect(stderr).toMatch(/^error: wiki:\d+ failed: .*web page.*\n$/)
})

test('rejected credentials end with 4 and say which source', async () => {
  await stage.close()
  stage = await startStage({ authorization: 'Bearer another' })
  stage.addPages(1)

  const { code, stderr } = await stage.unsilo('sync')

  expect(code).toBe(4)
  expect(stderr).toContain('wiki')
})

test('a second run while one works ends at once with 10 and names the first', async () => {
  stage.addPages(1)
  const store = await openSqlite(join(stage.folder, '.unsilo', 'index.db'), { mode: 'write', holder: 'the first run' })

  const { code, stderr } = await stage.unsilo('sync')

  await store.close()
  expect(code).toBe(10)
  expect(stderr).toContain('the first run')
})

test('Ctrl-C ends a run with 130; what was stored stays, and the next run completes', { timeout: 60_000 }, async () => {
  stage.addPages(400)
  const child = stage.start('sync')
  await expect
    .poll(() => stage.site.requests.filter(({ query }) => query.has('body-format')).length, { timeout: 20_000 })
    .toBeGreaterThan(0)
  child.kill('SIGINT')

  const { code } = await ended(child)

  expect(code).toBe(130)
  expect((await stage.unsilo('sync')).code).toBe(0)
  expect(await stage.stored()).toHaveLength(400)
})

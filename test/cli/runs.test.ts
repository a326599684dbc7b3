/** `unsilo runs`: what is remembered of runs, and what is said of one. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { jsonLines } from './captured-io.ts'
import { type Stage, source, startStage } from './stage.ts'

let stage: Stage
/** Ids, newest first: a source that failed, its neighbour's second run, and the first runs of both. */
let ids: readonly string[]

beforeAll(async () => {
  stage = await startStage()
  const pages = stage.addPages(3)
  await stage.run('sync')
  stage.site.model.edit(pages[0] as string, { body: '<p>Rewritten.</p>' })
  await stage.run('sync')
  stage.configure({ sources: source('broken', stage.site.url, 'NONE') })
  await stage.run('sync', 'broken')
  ids = jsonLines((await stage.run('runs', '--json')).stdout).map(({ id }) => String(id))
})

afterAll(() => stage.close())

test('are listed newest first, in columns', async () => {
  const { code, stdout } = await stage.run('runs')
  const lines = stdout.trimEnd().split('\n')

  expect(code).toBe(0)
  expect(lines[0]).toMatch(/^RUN +SOURCE +ENDED \(UTC\) +OUTCOME +TOOK +REQUESTS +WHAT CHANGED$/)
  expect(lines.slice(1)).toEqual([
    expect.stringMatching(/^[0-9a-f]{8} {2}broken {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}failed {3} *\d+ s +\d+ +nothing$/),
    expect.stringMatching(/^[0-9a-f]{8} {2}wiki {4}.* ok {7}\d+ s {3}\d+ +1 changed$/),
    expect.stringMatching(/ 3 added$/),
  ])
})

test('are those of the named sources, no more than asked for', async () => {
  const named = await stage.run('runs', 'wiki', '-n', '1', '--json')

  expect(jsonLines(named.stdout)).toMatchObject([
    { type: 'run', id: ids[1], source: 'wiki', outcome: 'ok', counts: { changed: 1 }, traffic: { retries: 0 } },
  ])
  expect(await stage.run('runs', 'wikki')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Known: broken, wiki'),
  })
})

test('one is shown with its receipt, counts and requests', async () => {
  const { code, stdout } = await stage.run('runs', 'show', (ids[1] ?? '').slice(0, 13))

  expect(code).toBe(0)
  expect(stdout).toMatch(new RegExp(`^run {8}${ids[1]}\nsource {5}wiki\noutcome {4}ok\n`))
  expect(stdout).toMatch(/^listing {4}complete: 3 documents on \d+ pages?, .*the last page named no next one$/m)
  expect(stdout).toMatch(/^documents {2}3 listed, 0 added, 1 changed, 0 refreshed, 0 removed, 2 unchanged, /m)
  expect(stdout).toMatch(/^requests {3}\d+, .* (?:bytes|kB) received$/m)
})

test('one that failed says why, and that its listing proves nothing', async () => {
  const { stdout } = await stage.run('runs', 'show', ids[0] as string)

  expect(stdout).toMatch(/^error {6}[A-Z_]+: .*NONE does not exist/m)
  expect(stdout).toContain('listing    not known to be complete: absence meant nothing')
})

test('an unknown beginning is not found, one that several share asks for more', async () => {
  expect(await stage.run('runs', 'show', 'zzz')).toMatchObject({ code: 1, stdout: '' })
  const shared = await stage.run('runs', 'show', '')
  expect(shared).toMatchObject({ code: 2, stdout: '' })
  expect(shared.stderr).toContain(`3 runs have ids that begin with ""`)
  expect(shared.stderr).toContain(ids[0])
})

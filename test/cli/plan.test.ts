/** `unsilo plan`: what it says of each kind of change, in words and in JSON, and that it changes nothing. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { jsonLines } from './captured-io.ts'
import { type Stage, startStage } from './stage.ts'

let stage: Stage

beforeEach(async () => {
  stage = await startStage()
})

afterEach(() => stage.close())

function hashOfIndex(): string {
  return createHash('sha256')
    .update(readFileSync(join(stage.folder, '.unsilo', 'index.db')))
    .digest('hex')
}

/** One page of each kind of change, of six that were synced. */
async function changeAll(): Promise<readonly string[]> {
  const { model } = stage.site
  const pages = stage.addPages(6)
  await stage.run('sync')
  const [edited, moved, trashed, restricted, parent] = pages as [string, string, string, string, string]
  model.edit(edited, { title: 'A title so long that nobody could read it on one line', body: '<p>Rewritten.</p>' })
  model.move(moved, parent)
  model.trash(trashed)
  model.restrict(restricted, { users: ['someone'], groups: [] })
  return [...pages, ...stage.addPages(1)]
}

test('one line a document, the kinds in order and in columns, then a line that counts them', async () => {
  const [edited, moved, trashed, restricted, , , added] = await changeAll()
  const before = hashOfIndex()

  const { code, stdout, stderr } = await stage.run('plan')

  expect([code, stderr]).toEqual([0, ''])
  expect(stdout.split('\n')).toEqual([
    `  + added           wiki:${added}  Page 0`,
    `  ~ changed         wiki:${edited}  A title so long that nobody could read it on on…  title`,
    `  > moved           wiki:${moved}  Page 1                                            DOC → DOC > Page 4`,
    `  - removed         wiki:${trashed}  Page 2                                            no longer listed by the source`,
    `  ! access changed  wiki:${restricted}  Page 3                                            group:staff → nobody (fewer readers)`,
    'wiki: 6 listed, 1 added, 1 changed, 1 moved, 1 removed, 1 access changed, 2 unchanged. Only a plan: nothing was written.',
    '',
  ])
  expect(hashOfIndex()).toBe(before)
})

test('--json is one object a document, then the run', async () => {
  const [edited, moved] = await changeAll()

  const lines = jsonLines((await stage.run('plan', '--json')).stdout)

  expect(lines).toHaveLength(6)
  expect(lines).toContainEqual(
    expect.objectContaining({
      type: 'change',
      source: 'wiki',
      id: `wiki:${edited}`,
      change: 'changed',
      changes: ['text', 'title'],
    }),
  )
  expect(lines).toContainEqual(
    expect.objectContaining({ id: `wiki:${moved}`, change: 'moved', path: { from: ['DOC'], to: ['DOC', 'Page 4'] } }),
  )
  expect(lines.at(-1)).toMatchObject({ type: 'run', dryRun: true, outcome: 'ok' })
})

test('--diff shows how the markdown would change, before what it sums up to', async () => {
  const [edited, , trashed, , , , added] = await changeAll()
  const before = hashOfIndex()

  const { code, stdout } = await stage.run('plan', '--diff')
  const lines = jsonLines((await stage.run('plan', '--diff', '--json')).stdout)

  expect(code).toBe(0)
  expect(stdout).toContain(
    `wiki:${edited}  A title so long that nobody could read it on one line\n${heading(edited)}@@ -1,1 +1,1 @@\n-Page 0\n+Rewritten.\n\n`,
  )
  expect(stdout).toContain(`wiki:${trashed}  Page 2\n${heading(trashed)}@@ -1,1 +0,0 @@\n-Page 2\n\n`)
  expect(stdout).toMatch(new RegExp(`-Page 2\n\n  \\+ added +wiki:${added}  Page 0\n[\\s\\S]*\nwiki: 6 listed, .*\n$`))
  expect(lines.filter(({ type }) => type === 'diff').map(({ id, kind }) => [id, kind])).toEqual(
    expect.arrayContaining([
      [`wiki:${edited}`, 'changed'],
      [`wiki:${trashed}`, 'removed'],
      [`wiki:${added}`, 'added'],
    ]),
  )
  expect(hashOfIndex()).toBe(before)
  expect(await stage.run('plan', '--diff', '--replay', '.')).toMatchObject({ code: 2 })
})

test('--exit-code ends with 20 while something would change, and only then', async () => {
  stage.addPages(1)

  expect(await stage.run('plan')).toMatchObject({ code: 0 })
  expect(await stage.run('plan', '--exit-code')).toMatchObject({ code: 20 })
  expect(existsSync(join(stage.folder, '.unsilo'))).toBe(false)
  await stage.run('sync')
  expect(await stage.run('plan', '--exit-code')).toMatchObject({
    code: 0,
    stdout: 'wiki: 1 listed, 1 unchanged. Only a plan: nothing was written.\n',
  })
})

test('says that a guard would stop the sync, ends with 11, and shows what it would do', async () => {
  const pages = stage.addPages(13)
  await stage.run('sync')
  for (const page of pages.slice(0, 12)) stage.site.model.trash(page)

  const { code, stdout, stderr } = await stage.run('plan', '--exit-code')

  expect(code).toBe(11)
  expect(stdout).toMatch(
    /wiki: 1 listed, 12 removed, 1 unchanged\. A guard would stop it\. Only a plan: nothing was written\.\n$/,
  )
  expect(stderr).toMatch(/^error: wiki: .*would remove 12 of 13 documents.*\n.*--allow-deletes 12/)
  expect(await stage.run('plan', '--exit-code', '--allow-deletes', '12')).toMatchObject({ code: 20, stderr: '' })
})

test('a sync whose time is over ends in good order with 5, and says so', async () => {
  stage.addPages(3)
  stage.site.fail({ kind: 'hang', times: 1000 })

  const { code, stderr } = await stage.run('sync', '--max-time', '1s')

  expect(code).toBe(5)
  expect(stderr).toMatch(/^wiki: 0 listed in \d+ s \(interrupted\)\nerror: .*time ran out/)
  expect(jsonLines((await stage.run('runs', '--json')).stdout)).toMatchObject([
    { outcome: 'interrupted', error: { code: 'OUT_OF_TIME' } },
  ])
})

test.each(['0s', '10', '2d', 'm', ''])('--max-time %j is refused', async (duration) => {
  expect(await stage.run('sync', '--max-time', duration)).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(
      `--max-time takes a duration such as 90s, 45m or 2h, not ${JSON.stringify(duration)}`,
    ),
  })
})

function heading(id: string | undefined): string {
  return `--- wiki:${id}\tstored\n+++ wiki:${id}\tto come\n`
}

/** A source that was renamed: who says that it is there twice, and how it goes. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run } from '../../src/cli/main.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { capturedIo, jsonLines } from './captured-io.ts'
import { type Stage, startStage } from './stage.ts'

let stage: Stage
let ids: readonly string[]

beforeEach(async () => {
  stage = await startStage()
  ids = stage.addPages(2)
  await stage.run('sync')
  renamed()
})

function renamed(): void {
  const config = join(stage.folder, 'unsilo.config.yaml')
  writeFileSync(config, readFileSync(config, 'utf8').replace('  wiki:', '  handbook:'))
}

afterEach(() => stage.close())

const ADVICE =
  'Not in the configuration, but still found: wiki. `unsilo forget wiki` removes what the index holds of them.'

test('sync, status and check name a source that the configuration has no more; a sync of one source does not', async () => {
  const all = await stage.run('sync')
  const one = await stage.run('sync', 'handbook')
  const quiet = await stage.run('sync', '--quiet')
  const status = await stage.run('status')
  const check = await stage.run('check')

  expect([all.code, all.stderr.includes(`${ADVICE}\n`)]).toEqual([0, true])
  expect([one.stderr, quiet.stderr].join()).not.toContain('forget')
  expect(status.stdout).toContain('not in the configuration, but still found; `unsilo forget wiki`')
  expect(check.stdout).toMatch(/^look {2}index: .*: 4 documents of 2 sources \(Not in the configuration, .*\)$/m)
  expect(check.code).toBe(0)
})

test('forget says what would go, and goes ahead only for somebody who agrees', async () => {
  await stage.run('sync')

  const nobody = await stage.run('forget', 'wiki')
  const refused = await typing('no')
  expect(nobody.code).toBe(2)
  expect(nobody.stdout).toBe('wiki: 2 documents of 2 passages, and the records of its runs\n')
  expect(nobody.stderr).toContain('Nothing was changed. Say --yes to remove it.')
  expect([refused.code, refused.err]).toEqual([1, expect.stringContaining('Nothing was changed.')])
  expect(await stage.stored()).toHaveLength(2)

  const agreed = await typing('yes')
  expect([agreed.code, agreed.err]).toEqual([0, expect.stringContaining('wiki: 2 documents of 2 passages: removed\n')])
  expect(await stage.stored()).toEqual([])
  expect(jsonLines((await stage.run('search', '--json', 'Page')).stdout).map(({ id }) => id)).toEqual(
    ids.map((id) => `handbook:${id}`),
  )
  expect((await stage.run('sync')).stderr).not.toContain('forget')
  expect((await stage.run('check', '--read-data')).code).toBe(0)

  async function typing(answer: string) {
    async function* typed() {
      yield answer
    }
    const io = capturedIo(stage.folder, { typed })
    return { code: await run(['forget', 'wiki'], io), err: io.err() }
  }
})

test('what was forgotten is in no file any more, and nothing but data is printed with --json', async () => {
  const [space] = stage.site.model.spaces.values()
  stage.site.model.addPage({ spaceId: space?.id ?? '', title: 'Zettelkasten' })
  stage.configure({})
  await stage.run('sync')
  renamed()
  expect(occurrences('zettelkasten')).toBeGreaterThan(0)

  const { code, stdout, stderr } = await stage.run('forget', 'wiki', '--yes', '--json')

  expect([code, stderr]).toEqual([0, ''])
  expect(jsonLines(stdout)).toEqual([{ type: 'forgotten', source: 'wiki', documents: 3, chunks: 3, quarantined: 0 }])
  expect(occurrences('zettelkasten')).toBe(0)
})

test.each([
  [
    'a source of the configuration',
    ['forget', 'handbook', '--yes'],
    2,
    /handbook is in the configuration: .*\n.*take/i,
  ],
  ['an unknown one beside a known', ['forget', 'wiki', 'wikki', '--yes'], 2, /There is no source named "wikki"/],
  ['no answer where data is printed', ['forget', 'wiki', '--json'], 2, /nobody to be asked/],
])('%s is refused, and nothing is changed', async (_, args, exit, words) => {
  await stage.run('sync')

  const { code, stderr } = await stage.run(...args)

  expect([code, stderr]).toEqual([exit, expect.stringMatching(words)])
  expect(await stage.stored()).toHaveLength(2)
})

test('while another run writes it ends with 10', async () => {
  const writer = await openSqlite(join(stage.folder, '.unsilo', 'index.db'), { holder: 'the nightly run' })
  const { code, stderr } = await stage.run('forget', 'wiki', '--yes')
  await writer.close()

  expect([code, stderr]).toEqual([10, expect.stringContaining('the nightly run')])
  expect(await stage.stored()).toHaveLength(2)
})

function occurrences(text: string): number {
  const folder = join(stage.folder, '.unsilo')
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'))
  return files.join('\n').toLowerCase().split(text).length - 1
}

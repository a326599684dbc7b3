/** `unsilo check --read-data` and `--repair`, on an index of which a text was changed behind its back. */
import { spawn } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { toThirdSchema } from '../indexes/sqlite/older-index.ts'
import { jsonLines } from './captured-io.ts'
import { BIN, ended, type Stage, startStage } from './stage.ts'

let stage: Stage
let index: string
let ids: readonly string[]

beforeEach(async () => {
  stage = await startStage()
  ids = stage.addPages(2).map((id) => `wiki:${id}`)
  index = join(stage.folder, '.unsilo', 'index.db')
  await stage.run('sync')
})

afterEach(() => stage.close())

function damage(): void {
  const db = new Database(index)
  db.prepare('UPDATE document_text SET markdown = ? WHERE document = (SELECT key FROM document WHERE id = ?)').run(
    'Somebody else wrote this.',
    ids[0],
  )
  db.close()
}

test('an index of which a sync could write no more is no good one, however well it can be read', async () => {
  const shell = `trap '' XFSZ; ulimit -f 8; exec "$0" "$@"`
  const env = { ...process.env, NO_PROXY: '127.0.0.1', TOKEN: 'a-token-of-the-test' }
  const child = spawn('sh', ['-c', shell, process.execPath, BIN, 'check'], { cwd: stage.folder, env })

  const { code, stdout } = await ended(child)

  expect(code).toBe(6)
  expect(stdout).toMatch(/^FAIL {2}index: .*\.unsilo can't be written: EFBIG\. \(A sync would end with 6\. .*\)$/m)
  expect(readdirSync(join(stage.folder, '.unsilo'))).toEqual(['index.db', 'index.db.lock'])
})

test.skipIf(process.getuid?.() === 0)(
  'nor is one whose files are not ours to write (skipped for root, who may write all)',
  async () => {
    for (const file of ['index.db', 'index.db.lock']) {
      chmodSync(join(stage.folder, '.unsilo', file), 0o444)
      const { code, stdout } = await stage.run('check')
      chmodSync(join(stage.folder, '.unsilo', file), 0o600)

      expect(code).toBe(6)
      expect(stdout).toContain(`${file} can't be written: EACCES.`)
    }
  },
)

test('who writes to the index now is named, and is no failure', async () => {
  const writer = await openSqlite(index, { holder: 'the nightly run' })
  const { code, stdout } = await stage.run('check')
  await writer.close()

  expect(code).toBe(0)
  expect(stdout).toMatch(/^ok {4}index: .*: 2 documents of 1 source, written to now by the nightly run$/m)
})

test('--read-data says of a sound index that it is as written', async () => {
  const { code, stdout } = await stage.run('check', '--read-data')

  expect(code).toBe(0)
  expect(stdout).toMatch(/^ok {4}index: .*index\.db: 2 documents of 1 source, all as written$/m)
})

test('--read-data finds what was changed, names the document, and ends with 12', async () => {
  damage()

  const { code, stdout } = await stage.run('check', '--read-data')
  const lines = jsonLines((await stage.run('check', '--read-data', '--json')).stdout)

  expect(code).toBe(12)
  expect(stdout).toMatch(new RegExp(`^damage  ${ids[0]}: .+\n`, 'm'))
  expect(stdout).toMatch(/^FAIL {2}index: .* not as written\. \(`unsilo check --repair` .*\)$/m)
  expect(lines).toContainEqual({ type: 'damage', document: ids[0], what: expect.any(String) })
  expect(lines.at(-1)).toMatchObject({ type: 'check', name: 'index', ok: false })
})

test('--repair takes out what can not be trusted, asks no source, and the next sync brings it back', async () => {
  damage()
  const requests = stage.site.requests.length

  const { code, stdout, stderr } = await stage.run('check', '--repair')

  expect(code).toBe(3)
  expect(stdout).toContain(`Taken out, since what was stored of them can't be trusted: ${ids[0]}.`)
  expect(stage.site.requests).toHaveLength(requests)
  const kept = /^(.*) is what was damaged\. It holds texts: delete it\.$/m.exec(stderr)?.[1]
  if (kept !== undefined) expect(existsSync(kept)).toBe(true)
  expect(await stage.stored()).toEqual([ids[1]])
  expect(jsonLines((await stage.run('quarantine', 'ls', '--json')).stdout)).toMatchObject([{ id: ids[0] }])

  expect((await stage.run('sync')).code).toBe(0)
  expect(await stage.stored()).toEqual(ids)
  expect((await stage.run('check', '--read-data')).code).toBe(0)
})

test('--repair of a sound index changes no document, and says so as data too', async () => {
  const { code, stdout } = await stage.run('check', '--repair', '--json')

  expect(code).toBe(0)
  expect(jsonLines(stdout)).toEqual([{ type: 'repair', damage: [], documents: 2, removed: [], reread: [], kept: null }])
  expect(await stage.stored()).toEqual(ids)
})

test('--repair waits for nobody, and makes no index where none is', async () => {
  const writer = await openSqlite(index, { holder: 'the other run' })
  const locked = await stage.run('check', '--repair')
  await writer.close()
  rmSync(join(stage.folder, '.unsilo'), { recursive: true })
  const missing = await stage.run('check', '--repair')

  expect(locked).toMatchObject({ code: 10, stderr: expect.stringContaining('the other run') })
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no index') })
  expect(readdirSync(stage.folder)).not.toContain('.unsilo')
})

test('an index of an older program is no damaged one: what brings it up to date is said, and does', async () => {
  toThirdSchema(index)
  const requests = stage.site.requests.length

  const read = await stage.run('search', 'Page')
  expect(read.code).toBe(12)
  expect(read.stderr).toMatch(/index\.db was written by an older unsilo: its schema is 3, this one reads \d+\.\n/)
  expect(read.stderr).toContain('Nothing of it is lost. `unsilo sync` brings it up to date')

  expect((await stage.run('check', '--repair')).code).toBe(0)
  expect(stage.site.requests).toHaveLength(requests)
  expect((await stage.run('search', 'Page')).code).toBe(0)
  toThirdSchema(index)
  expect((await stage.run('sync')).code).toBe(0)
  expect(await stage.stored()).toEqual(ids)
})

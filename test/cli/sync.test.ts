/** `unsilo sync` as a process, against an emulated site: what it says, what it leaves, how it ends. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqlite } from '../../src/indexes/sqlite.ts'
import { type ConfluenceEmulator, startConfluenceEmulator } from '../emulators/confluence.ts'

const BIN = join(import.meta.dirname, '..', '..', 'bin', 'unsilo.js')

let folder: string
let site: ConfluenceEmulator

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unsilo-sync-'))
  site = await startConfluenceEmulator()
  configure('')
})

afterEach(async () => {
  await site.close()
  rmSync(folder, { recursive: true })
})

test('new, edited, moved and deleted pages arrive, one summary line a source', async () => {
  const [first, second, third] = addPages(3)
  expect(await unsilo('sync')).toMatchObject({
    code: 0,
    stdout: '',
    stderr: expect.stringMatching(/^wiki: 3 listed, 3 added in/),
  })

  site.model.edit(first as string, { body: '<p>Rewritten.</p>' })
  site.model.move(second as string, first as string)
  site.model.trash(third as string)

  expect((await unsilo('sync')).stderr).toMatch(/^wiki: 2 listed, 1 changed, 1 refreshed, 1 removed in/)
  expect((await unsilo('show', `wiki:${first}`)).stdout).toBe('Rewritten.\n')
  expect(await unsilo('show', `wiki:${third}`)).toMatchObject({ code: 1 })
})

test('a dry run says what would change and makes no file', async () => {
  const [first] = addPages(2)

  const { code, stdout } = await unsilo('sync', '--dry-run')

  expect(code).toBe(0)
  expect(stdout).toContain(`add      wiki:${first}  Page 0`)
  expect(existsSync(join(folder, '.unsilo'))).toBe(false)
  expect(site.requests.some(({ query }) => query.has('body-format'))).toBe(false)
})

test('a mass deletion stops with 11, names the way on, and is done when allowed', async () => {
  const pages = addPages(30)
  await unsilo('sync')
  for (const page of pages.slice(0, 15)) site.model.trash(page)

  const stopped = await unsilo('sync', '--json')

  expect(stopped.code).toBe(11)
  expect(stopped.stderr).toContain('--allow-deletes 15')
  expect(lines(stopped.stdout)).toMatchObject([
    { type: 'run', outcome: 'guarded' },
    { type: 'error', code: 'GUARD_TRIPPED' },
  ])
  expect(await stored()).toHaveLength(30)
  expect((await unsilo('sync', '--allow-deletes', '15')).code).toBe(0)
  expect(await stored()).toHaveLength(15)
})

test('a source that fails does not keep another from being synced, and the exit code says that one failed', async () => {
  configure(
    `  broken: { connector: confluence, baseUrl: "${site.url}", auth: { bearer: "\${env:TOKEN}" }, spaces: [NONE] }\n`,
  )
  addPages(2)

  const { code, stdout } = await unsilo('sync', '--json')

  expect(code).toBe(3)
  const runs = lines(stdout).filter(({ type }) => type === 'run')
  expect(runs).toContainEqual(expect.objectContaining({ source: 'wiki', outcome: 'ok' }))
  expect(runs).toContainEqual(expect.objectContaining({ source: 'broken', outcome: 'failed' }))
})

test('with --quiet, as from cron, a source that fails is named, and what to do', async () => {
  configure(
    `  broken: { connector: confluence, baseUrl: "${site.url}", auth: { bearer: "\${env:TOKEN}" }, spaces: [NONE] }\n`,
  )
  addPages(1)

  const { code, stdout, stderr } = await unsilo('sync', '--quiet')

  expect([code, stdout]).toEqual([3, ''])
  expect(stderr).toMatch(/^error: broken: spaces: NONE does not exist.*\n {2}Keys are written .*\n$/)
})

test('with --quiet a document that fails is named too', async () => {
  addPages(1)
  site.fail({ kind: 'html', match: /api\/v2\/pages$/, times: 1000 })

  const { code, stdout, stderr } = await unsilo('sync', '--quiet')

  expect([code, stdout]).toEqual([3, ''])
  expect(stderr).toMatch(/^error: wiki:\d+ failed: .*web page.*\n$/)
})

test('rejected credentials end with 4 and say which source', async () => {
  await site.close()
  site = await startConfluenceEmulator({ authorization: 'Bearer another' })
  configure('')
  addPages(1)

  const { code, stderr } = await unsilo('sync')

  expect(code).toBe(4)
  expect(stderr).toContain('wiki')
})

test('a second run while one works ends at once with 10 and names the first', async () => {
  addPages(1)
  const store = await openSqlite(join(folder, '.unsilo', 'index.db'), { mode: 'write', holder: 'the first run' })

  const { code, stderr } = await unsilo('sync')

  await store.close()
  expect(code).toBe(10)
  expect(stderr).toContain('the first run')
})

test('Ctrl-C ends a run with 130; what was stored stays, and the next run completes', { timeout: 60_000 }, async () => {
  addPages(400)
  const child = start('sync')
  await expect
    .poll(() => site.requests.filter(({ query }) => query.has('body-format')).length, { timeout: 20_000 })
    .toBeGreaterThan(0)
  child.kill('SIGINT')

  const { code } = await ended(child)

  expect(code).toBe(130)
  expect((await unsilo('sync')).code).toBe(0)
  expect(await stored()).toHaveLength(400)
})

// --- the site and the program -----------------------------------------------------------------------------------

function addPages(count: number): readonly string[] {
  const space = site.model.addSpace({ key: 'DOC' })
  return Array.from({ length: count }, (_, at) => site.model.addPage({ spaceId: space.id, title: `Page ${at}` }).id)
}

function configure(more: string): void {
  const wiki = `  wiki: { connector: confluence, baseUrl: "${site.url}", auth: { bearer: "\${env:TOKEN}" }, spaces: [DOC] }\n`
  writeFileSync(join(folder, 'unsilo.config.yaml'), `sources:\n${wiki}${more}`)
}

async function stored(): Promise<readonly string[]> {
  const store = await openSqlite(join(folder, '.unsilo', 'index.db'), { mode: 'read' })
  return await store.ids('wiki').finally(() => store.close())
}

function lines(stdout: string): readonly Record<string, unknown>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function unsilo(...args: readonly string[]): Promise<Ended> {
  return ended(start(...args))
}

function start(...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [BIN, ...args], { cwd: folder, env: { ...process.env, TOKEN: 'a-token-of-the-test' } })
}

function ended(child: ChildProcess): Promise<Ended> {
  const said = { stdout: '', stderr: '' }
  child.stdout?.on('data', (text) => (said.stdout += text))
  child.stderr?.on('data', (text) => (said.stderr += text))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })))
}

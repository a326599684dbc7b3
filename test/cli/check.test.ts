/** `unsilo check` against an emulated site that accepts it, refuses it, or is not there. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { run } from '../../src/cli/main.ts'
import { type SmallSite, startSmallSite, TOKEN } from '../connectors/confluence-stage.ts'
import { startConfluenceEmulator } from '../emulators/confluence.ts'
import { capturedIo, jsonLines } from './captured-io.ts'

let site: SmallSite
let folder: string

beforeAll(async () => {
  site = await startSmallSite()
})

afterAll(() => site.emulator.close())

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unsilo-check-'))
  write(site.emulator.url, 'SUP')
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function write(baseUrl: string, spaces: string): void {
  const auth = `{ email: reader@example.com, apiToken: "\${env:TOKEN}" }`
  const source = `{ connector: confluence, baseUrl: "${baseUrl}", auth: ${auth}, spaces: [${spaces}] }`
  writeFileSync(join(folder, 'unsilo.config.yaml'), `sources:\n  wiki: ${source}\n`)
}

async function check(env: Record<string, string>, ...args: string[]) {
  const hidden: string[] = []
  const io = capturedIo(folder, { env, fetch, hide: (secrets) => hidden.push(...secrets) })
  const code = await run(['check', ...args], io)
  return { code, io, hidden, lines: io.out().split('\n').slice(0, -1) }
}

test('where all is well, four lines say so', async () => {
  const { code, lines, io, hidden } = await check({ TOKEN })

  expect(hidden).toEqual([TOKEN])
  expect(lines).toEqual([
    expect.stringMatching(/^ok {4}configuration: .*unsilo\.config\.yaml: 1 source$/),
    'ok    wiki credentials: accepted',
    expect.stringMatching(/^ok {4}wiki permissions: can read, for example, ".+"$/),
    expect.stringMatching(/^ok {4}index: .*index\.db: not made yet, its folder can be written$/),
  ])
  expect([code, io.err()]).toEqual([0, ''])
})

test('a refused credential ends with 4, says what to do, and never what it was', async () => {
  const { code, io, lines } = await check({ TOKEN: 'canary-wrong-token' }, '--verbose')

  expect(code).toBe(4)
  expect(lines[1]).toMatch(/^FAIL {2}wiki credentials: .+ \(.+\)$/)
  expect(lines[2]).toMatch(/^ok {4}index/)
  expect(io.out() + io.err()).not.toContain('canary')
})

test('a space that the account does not see is a matter of permissions', async () => {
  write(site.emulator.url, 'SECRET')
  const { code, io } = await check({ TOKEN }, '--json')
  const failed = jsonLines(io.out()).filter(({ ok }) => ok === false)

  expect(failed).toMatchObject([{ type: 'check', name: 'wiki permissions', hint: expect.any(String) }])
  expect(code).not.toBe(0)
})

test('a source that is not there is neither', async () => {
  write('http://127.0.0.1:1', 'SUP')
  const { lines } = await check({ TOKEN })

  expect(lines[1]).toMatch(/^FAIL {2}wiki connection: /)
})

test('a missing variable fails the configuration, and the index is looked at all the same', async () => {
  const { code, lines } = await check({})

  expect(code).toBe(2)
  expect(lines[0]).toMatch(
    /^FAIL {2}configuration: .*:2: sources\.wiki\.auth\.apiToken: the environment variable TOKEN is not set/,
  )
  expect(lines[1]).toMatch(/^ok {4}index/)
})

test('of a large site asks a bounded number of times', async () => {
  const emulator = await startConfluenceEmulator()
  const space = emulator.model.addSpace({ key: 'BIG', name: 'Big' })
  for (let page = 0; page < 600; page++) emulator.model.addPage({ spaceId: space.id, title: `Page ${page}` })
  write(emulator.url, 'BIG')
  const { code, lines } = await check({ TOKEN })
  await emulator.close()

  expect(lines[2]).toBe('ok    wiki permissions: 200 requests answered, none refused')
  expect(emulator.requests.length).toBeLessThan(250)
  expect(code).toBe(0)
})

test('a login page with status 200 is no accepted credential', async () => {
  const emulator = await startConfluenceEmulator()
  emulator.fail({ kind: 'html', match: /./, times: 1000 })
  write(emulator.url, 'SUP')
  const { code, lines } = await check({ TOKEN })
  await emulator.close()

  expect(lines[1]).toMatch(/^FAIL {2}wiki connection: .*web page/)
  expect(lines.join()).not.toContain('accepted')
  expect(code).toBe(3)
})

test('a source without documents is worth a look, and no failure', async () => {
  const emulator = await startConfluenceEmulator()
  emulator.model.addSpace({ key: 'NEW', name: 'New' })
  write(emulator.url, 'NEW')
  const { code, lines } = await check({ TOKEN })
  const { io } = await check({ TOKEN }, '--json')
  await emulator.close()

  expect(lines[2]).toMatch(
    /^look {2}wiki permissions: the listing was answered whole, and holds no document \(If it should: /,
  )
  expect(jsonLines(io.out())[2]).toMatchObject({ name: 'wiki permissions', ok: true, hint: expect.any(String) })
  expect(code).toBe(0)
})

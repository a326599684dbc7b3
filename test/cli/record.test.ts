/** A story from the first recording to a failing expectation, as a user's repository and its CI live through it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { run } from '../../src/cli/main.ts'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { type ConfluenceEmulator, startConfluenceEmulator } from '../emulators/confluence.ts'
import { capturedIo, jsonLines } from './captured-io.ts'

let folder: string
let site: ConfluenceEmulator
let page: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unsilo-record-'))
  site = await startConfluenceEmulator()
  const space = site.model.addSpace({ key: 'DOC' })
  page = site.model.addPage({ spaceId: space.id, title: 'Refunds', body: '<p>Within 14 days.</p>' }).id
  writeFileSync(
    join(folder, 'unsilo.config.yaml'),
    `index: own.db
sources:
  wiki:
    connector: confluence
    baseUrl: \${env:SITE}
    auth: { email: "\${env:ACCOUNT}", apiToken: "\${env:TOKEN}" }
    spaces: [DOC]
`,
  )
})

afterEach(async () => {
  await site.close()
  rmSync(folder, { recursive: true })
})

/** With the site at hand. */
async function online(...args: string[]) {
  const env = { SITE: site.url, ACCOUNT: 'canary-account@example.com', TOKEN: 'canary-token' }
  const io = capturedIo(folder, { env, fetch })
  return { code: await run(args, io), out: io.out(), err: io.err() }
}

/** As in CI: no credentials, no network. */
async function offline(...args: string[]) {
  const io = capturedIo(folder)
  return { code: await run(args, io), out: io.out(), err: io.err() }
}

test('what was recorded is tested without account or network, and step follows step', async () => {
  const first = await online('record', 'wiki', 'knowledge/wiki')
  const unexpected = await offline('test', 'knowledge')
  await offline('test', 'knowledge', '--update')
  site.model.edit(page, { body: '<p>Within 30 days.</p>' })
  const second = await online('record', 'wiki', 'knowledge/wiki', '--json')
  await offline('test', 'knowledge', '--update')

  expect([first.code, first.out]).toEqual([0, `${join('knowledge', 'wiki', '1-first.http.json')}\n`])
  expect(unexpected.code).toBe(1)
  expect(jsonLines(second.out)).toMatchObject([{ type: 'recording', source: 'wiki', requests: expect.any(Number) }])
  expect(expectedChanges('2-recorded')).toMatchObject({
    counts: { changed: 1 },
    changes: [{ changed: `wiki:${page}` }],
  })
  expect(await offline('test', 'knowledge', '--quiet')).toEqual({ code: 0, out: '', err: '' })
  for (const path of files()) expect(readFileSync(path, 'utf8'), path).not.toContain('canary')
})

test('an edited expectation is a unified diff and exit code 1', async () => {
  await online('record', 'wiki', 'story')
  await offline('test', 'story', '--update')
  const file = join('story', 'expected', '1-first', `wiki-${page}.md`)
  const path = join(folder, file)
  writeFileSync(path, readFileSync(path, 'utf8').replace('14 days', '14 weeks'))
  const { code, out, err } = await offline('test', 'story')

  expect(code).toBe(1)
  expect(out).toContain('-Within 14 weeks.\n+Within 14 days.\n')
  expect(err).toMatch(/^story: 1 step, differs\n1 file differs\. /)
})

test('a story whose beginning can not be replayed is not continued', async () => {
  await online('record', 'wiki', 'story')
  const recording = join(folder, 'story', '1-first.http.json')
  writeFileSync(recording, '{ "version": 1, "exchanges": [] }')
  const { code, err } = await online('record', 'wiki', 'story')

  expect(code).toBe(1)
  expect(err).toMatch(/The earlier step 1-first can't be replayed: .*was not recorded/)
  expect(readdirSync(join(folder, 'story')).sort()).toEqual(['1-first.http.json', 'unsilo.config.yaml'])
})

test('a failed recording leaves nothing, and a place that is no folder is no fault of the program', async () => {
  const blocked = await online('record', 'wiki', 'unsilo.config.yaml/story')
  site.fail({ kind: 'status', status: 403, times: 20 })
  const refused = await online('record', 'wiki', 'story')

  expect([blocked.code, refused.code]).toEqual([2, 4])
  expect(blocked.err).not.toContain('fault in unsilo')
  expect(existsSync(join(folder, 'story'))).toBe(false)
})

test('a replayed sync fills the index that the configuration names', async () => {
  await online('record', 'wiki', 'story')
  const replay = await offline('sync', '--replay', 'story')
  const other = await offline('sync', '--replay', 'story', '--index', 'trial.db')
  const wrong = await offline('sync', 'wikki', '--replay', 'story')

  expect([replay.code, other.code, wrong.code]).toEqual([0, 0, 2])
  expect(wrong.err).toMatch(/no recording of wikki\.\n {2}It has wiki\./)
  for (const index of ['own.db', 'trial.db']) {
    const store = await openSqlite(join(folder, index), { mode: 'read' })
    expect(await store.ids('wiki').finally(() => store.close())).toEqual([`wiki:${page}`])
  }
  expect(existsSync(join(folder, '.unsilo'))).toBe(false)
})

function expectedChanges(step: string): unknown {
  return JSON.parse(readFileSync(join(folder, 'knowledge', 'wiki', 'expected', step, 'changes.json'), 'utf8'))
}

function files(): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
}

test('with redaction on, a recording and what is tested with it hold placeholders only', async () => {
  site.model.edit(page, { body: '<p>Ask jean@canaria.example, 06 39 98 12 34.</p>', title: 'For jean@canaria.example' })
  const config = join(folder, 'unsilo.config.yaml')
  writeFileSync(config, `${readFileSync(config, 'utf8')}    redact: true\n`)

  const { code, err } = await online('record', 'wiki', 'story')
  await offline('test', 'story', '--update')

  expect([code, err]).toEqual([0, expect.stringContaining('placeholders for the personal data')])
  expect((await offline('test', 'story')).code).toBe(0)
  const files = readdirSync(join(folder, 'story'), { recursive: true, withFileTypes: true }).filter((file) =>
    file.isFile(),
  )
  const texts = files.map((file) => readFileSync(join(file.parentPath, file.name), 'utf8'))
  expect(texts.filter((text) => /canaria|39 98/.test(text))).toEqual([])
  expect(texts.some((text) => text.includes('Ask [EMAIL_1], [PHONE_1].'))).toBe(true)
})

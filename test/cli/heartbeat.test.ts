/** Heartbeats: what a watching service is told of a sync, and what not. */
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSqlite } from '../../src/indexes/sqlite/sqlite.ts'
import { type Stage, source, startStage } from './stage.ts'

let stage: Stage

beforeEach(async () => {
  stage = await startStage()
})

afterEach(() => stage.close())

test('go to the address, /start first and then how it ended, with one id, and the address is not printed', async () => {
  stage.addPages(1)
  const watcher = await startWatcher()
  const url = `${watcher.url}/0a1b2c3d-secret-of-this-check/wiki`

  const good = await stage.unsilo('sync', '--verbose', '--heartbeat-url', url)
  stage.configure({ sources: source('broken', stage.site.url, 'NONE') })
  const bad = await stage.unsilo('sync', '--log-format', 'json', '--heartbeat-url', url)

  expect([good.code, bad.code]).toEqual([0, 3])
  expect(watcher.pings.map(({ path }) => path.replace(/^\/[^/]+/, ''))).toEqual([
    '/wiki/start',
    '/wiki',
    '/wiki/start',
    '/wiki/fail',
  ])
  const ids = watcher.pings.map(({ rid }) => rid)
  expect(ids).toEqual([ids[0], ids[0], ids[2], ids[2]])
  expect(new Set(ids).size).toBe(2)
  expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/)
  expect(watcher.pings[3]?.body).toBe('exit code 3: finished, but some documents or a source failed')
  expect(JSON.stringify([good, bad])).not.toContain('0a1b2c3d')
  await watcher.close()
})

test('of the configuration stand there as a reference only, and are sent where a source can not even be read', async () => {
  const watcher = await startWatcher()
  stage.configure({ top: `heartbeatUrl: ${watcher.url}/literal-secret-of-this-check\n` })
  const literal = await stage.run('sync')
  stage.configure({ top: `heartbeatUrl: \${file:heartbeat.txt}\n`, sources: source('wiki-2', 'no address', 'X') })
  writeFileSync(join(stage.folder, 'heartbeat.txt'), `${watcher.url}/secret-of-this-check\n`)
  const misconfigured = await stage.run('sync')
  const unwatched = await stage.run('sync', '--dry-run')

  expect(literal).toMatchObject({ code: 2, stderr: expect.stringContaining('heartbeatUrl: is a secret') })
  expect(literal.stderr).not.toContain('literal-secret')
  expect([misconfigured.code, unwatched.code]).toEqual([2, 2])
  expect(misconfigured.stderr).toContain('sources.wiki-2.baseUrl: must be an address')
  expect(watcher.pings.map(({ path }) => path)).toEqual(['/secret-of-this-check/fail'])
  await watcher.close()
})

test('of the configuration are about all sources: what a person does with one of them silences no alarm', async () => {
  stage.addPages(1)
  const watcher = await startWatcher()
  writeFileSync(join(stage.folder, 'heartbeat.txt'), `${watcher.url}/secret-of-this-check\n`)
  stage.configure({ top: `heartbeatUrl: \${file:heartbeat.txt}\n` })

  expect((await stage.run('sync', 'wiki')).code).toBe(0)
  expect(watcher.pings).toEqual([])
  expect((await stage.run('sync')).code).toBe(0)
  expect(watcher.pings).toHaveLength(2)
  await watcher.close()
})

test('note a run that another kept out, and neither start nor fail the check that the other answers for', async () => {
  const watcher = await startWatcher()
  const holder = await openSqlite(join(stage.folder, '.unsilo', 'index.db'), { holder: 'the long first sync' })
  const { code } = await stage.run('sync', '--heartbeat-url', `${watcher.url}/check`)
  const waited = await stage.run('sync', '--lock-timeout', '1s', '--heartbeat-url', `${watcher.url}/check`)
  await holder.close()

  expect([code, waited.code]).toEqual([10, 10])
  expect(watcher.pings).toMatchObject([
    { path: '/check/log', body: 'exit code 10: another run holds the index' },
    { path: '/check/log' },
  ])
  await watcher.close()
})

test('that can not be sent are said once and change nothing', async () => {
  stage.addPages(1)
  const watcher = await startWatcher(404)

  const refused = await stage.run('sync', '--quiet', '--heartbeat-url', `${watcher.url}/gone`)
  await watcher.close()
  const unanswered = await stage.run('sync', '--quiet', '--heartbeat-url', `${watcher.url}/gone`)

  expect(refused).toEqual({ code: 0, stdout: '', stderr: said('the service answered 404') })
  expect(unanswered).toEqual({ code: 0, stdout: '', stderr: said('the service gave no answer') })
  expect(await stage.stored()).toHaveLength(1)

  function said(why: string): string {
    return `The heartbeat was not sent: ${why}. The run goes on without it.\n`
  }
})

test.each([
  [['--heartbeat-url', 'not-an-address-but-secret'], /The heartbeat URL is no address of the web\./],
  [['--heartbeat-url', 'http://127.0.0.1:1/x', '--dry-run'], /A dry run brings no source up to date\./],
  [['--metrics-file', 'x.prom', '--replay', '.'], /A replay brings no source up to date\./],
])('%j is refused', async (args, message) => {
  const { code, stderr } = await stage.run('sync', ...args)

  expect(code).toBe(2)
  expect(stderr).toMatch(message)
  expect(stderr).not.toContain('not-an-address')
})

// --- who watches ------------------------------------------------------------------------------------------------

interface Watcher {
  readonly url: string
  readonly pings: readonly { readonly path: string; readonly rid: string | null; readonly body: string }[]
  close(): Promise<void>
}

async function startWatcher(status = 200): Promise<Watcher> {
  const pings: Watcher['pings'][number][] = []
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '', 'http://x')
    pings.push({ path: url.pathname, rid: url.searchParams.get('rid'), body: await text(request) })
    response.writeHead(status).end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pings,
    close: async () => {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

/** Requests that go on all the while: secrets change, servers end, the index is written, replaced and brought up to date. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, renameSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { SignJWT } from 'jose'
import { expect, onTestFinished, test } from 'vitest'
import { openIndex } from '../../src/indexes/registry.ts'
import { toThirdSchema } from '../indexes/sqlite/older-index.ts'
import { temporaryFolder } from '../indexes/temporary-folder.ts'
import { knowledgeFile } from './knowledge.ts'
import { serving } from './stage.ts'

const bin = join(import.meta.dirname, '..', '..', 'bin', 'unsilo.js')
const fixtures = join(import.meta.dirname, '..', '..', 'fixtures', 'confluence')
const OLD = 'the secret that was there before, long enough'
const NEW = 'the secret that is there from now on, long enough'

const pages = (word: string) => ({
  wiki: { page: { title: 'Page', markdown: `A tunnel ${word}.`, access: ['group:customers'] as const } },
})

interface Server {
  readonly process: ChildProcess
  readonly port: number
}

/** `unsilo serve` with these secrets, once it answers. */
async function started(index: string, secrets: readonly string[]): Promise<Server> {
  const env = Object.fromEntries(secrets.map((secret, at) => [`SECRET_${at}`, secret]))
  const names = secrets.map((_, at) => `"\${env:SECRET_${at}}"`)
  const config = join(temporaryFolder(), 'unsilo.config.yaml')
  const serve = `serve:\n  perMinute: 100000\n  jwt: { secrets: [${names}], as: [group:customers] }\n`
  writeFileSync(config, `${serve}sources:\n  wiki:\n    connector: confluence\n`)
  const args = [bin, 'serve', '--config', config, '--index', index, '--port', '0', '--json', '--quiet']
  const server = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void server.kill('SIGKILL'))
  const [line] = await once(createInterface({ input: server.stdout }), 'line')
  return { process: server, port: JSON.parse(line).port }
}

async function stopped({ process: server }: Server): Promise<unknown> {
  server.kill('SIGTERM')
  return (await once(server, 'exit'))[0]
}

interface Load {
  /** Once everything was answered that was asked before. */
  settled(): Promise<void>
  /** How often each status was answered. */
  end(): Promise<ReadonlyMap<number, number>>
}

const AT_ONCE = 4

/** Asks again and again, several at a time, until it is told to end. */
function asking(ask: () => Promise<number>): Load {
  const seen = new Map<number, number>()
  let answered = 0
  let isOver = false
  const askers = Array.from({ length: AT_ONCE }, async () => {
    while (!isOver) {
      const status = await ask()
      seen.set(status, (seen.get(status) ?? 0) + 1)
      answered += 1
    }
  })
  const all = Promise.all(askers)
  return {
    async settled() {
      const goal = answered + 20 * AT_ONCE
      while (answered < goal) await Promise.race([all, new Promise(setImmediate)])
    },
    async end() {
      isOver = true
      await all
      return seen
    },
  }
}

async function signed(secret: string): Promise<string> {
  const claims = new SignJWT({ user_id: 'ada', exp: Math.floor(Date.now() / 1000) + 600 })
  return await claims.setProtectedHeader({ alg: 'HS256' }).sign(new TextEncoder().encode(secret))
}

test('a secret is changed, server by server, while users ask: none is refused, and none goes unanswered', async () => {
  const index = await knowledgeFile(pages('of theirs'))
  const first = await started(index, [OLD])
  let { port } = first
  let token = await signed(OLD)
  const load = asking(async () => {
    const headers = { authorization: `Bearer ${token}` }
    const answer = await fetch(`http://127.0.0.1:${port}/v1/search?q=tunnel`, { headers })
    const { results } = (await answer.json()) as { results?: readonly unknown[] }
    return results?.length === 1 ? answer.status : -1
  })

  const both = await started(index, [OLD, NEW])
  port = both.port
  await load.settled()
  const ends = [await stopped(first)]
  token = await signed(NEW)
  const last = await started(index, [NEW])
  port = last.port
  await load.settled()
  ends.push(await stopped(both))
  const seen = await load.end()

  expect(ends).toEqual([0, 0])
  expect([...seen.keys()]).toEqual([200])
  expect(seen.get(200)).toBeGreaterThan(50)
  const late = { authorization: `Bearer ${await signed(OLD)}` }
  expect((await fetch(`http://127.0.0.1:${last.port}/v1/search?q=tunnel`, { headers: late })).status).toBe(401)
})

test('secrets and tokens are read anew when the system says so, and stay as they were where that fails', async () => {
  const index = await knowledgeFile(pages('of theirs'))
  const folder = temporaryFolder()
  const config = join(folder, 'unsilo.config.yaml')
  const write = (serve: string) =>
    writeFileSync(config, `serve:\n  ${serve}\nsources:\n  wiki:\n    connector: confluence\n`)
  const secret = join(folder, 'secret')
  writeFileSync(secret, OLD, { mode: 0o600 })
  write(`jwt: { secrets: ["\${file:secret}"], as: [group:customers] }`)
  const args = [bin, 'serve', '--config', config, '--index', index, '--port', '0', '--json']
  const server = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void server.kill('SIGKILL'))
  const said = createInterface({ input: server.stderr })[Symbol.asyncIterator]()
  const saying = async (words: string) => {
    for (let line = await said.next(); !line.done; line = await said.next()) if (line.value.includes(words)) return
    throw new Error(`it never said ${words}`)
  }
  const [line] = await once(createInterface({ input: server.stdout }), 'line')
  const statusOf = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` }
    return (await fetch(`http://127.0.0.1:${JSON.parse(line).port}/v1/search?q=tunnel`, { headers })).status
  }
  const [before, after] = [await signed(OLD), await signed(NEW)]
  const both = async () => [await statusOf(before), await statusOf(after)]

  expect(await both()).toEqual([200, 401])
  writeFileSync(secret, NEW)
  expect(await both()).toEqual([200, 401])
  server.kill('SIGHUP')
  await saying('were read anew')
  expect(await both()).toEqual([401, 200])

  for (const wrong of [`jwt: { secrets: ["\${file:gone}"] }`, 'jwt: [', 'perMinute: 5\n  host: 0.0.0.0']) {
    write(wrong)
    server.kill('SIGHUP')
    await saying('stay as they were')
    expect(await both()).toEqual([401, 200])
  }
  server.kill('SIGTERM')
  expect((await once(server, 'exit'))[0]).toBe(0)
})

test('a server that others reach keeps whom it believes where the configuration names nobody any more, wherever that would listen', async () => {
  const index = await knowledgeFile(pages('of theirs'))
  const config = join(temporaryFolder(), 'unsilo.config.yaml')
  const write = (serve: string) =>
    writeFileSync(config, `serve:\n  ${serve}\nsources:\n  wiki:\n    connector: confluence\n`)
  // To the guard a name like any other, and to the system this machine alone.
  write(`host: "127.1"\n  port: 0\n  jwt: { secrets: ["\${env:SECRET}"], as: [group:customers] }`)
  const server = spawn(process.execPath, [bin, 'serve', '--config', config, '--index', index], {
    env: { ...process.env, SECRET: OLD },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  onTestFinished(() => void server.kill('SIGKILL'))
  const said = createInterface({ input: server.stderr })[Symbol.asyncIterator]()
  const next = async (words: RegExp) => {
    for (let line = await said.next(); !line.done; line = await said.next())
      if (words.test(line.value)) return line.value
    throw new Error(`it never said ${words}`)
  }
  await next(/^Answering at/)
  write('host: 127.0.0.1')
  server.kill('SIGHUP')

  expect(await next(/were read anew|stay as they were/)).toContain('stay as they were')
})

test('a server that is told to end answers what it was asked, takes nothing new, and ends well', async () => {
  const server = await started(await knowledgeFile(pages('at last')), [OLD])
  const body = '{"query":"tunnel"}'
  const socket = connect(server.port, '127.0.0.1')
  const head = [
    'POST /v1/search HTTP/1.1',
    'Host: 127.0.0.1',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ]
  socket.write(`${[...head, `Authorization: Bearer ${await signed(OLD)}`].join('\r\n')}\r\n\r\n${body.slice(0, 5)}`)
  await fetch(`http://127.0.0.1:${server.port}/v1/health`)

  const exit = once(server.process, 'exit')
  server.process.kill('SIGTERM')
  while (await accepts(server.port)) await new Promise(setImmediate)
  socket.write(body.slice(5))
  const answered = await text(socket)

  expect(answered).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(answered).toContain('"title":"Page"')
  expect(await exit).toEqual([0, null])
})

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  const isThere = await Promise.race([
    once(socket, 'connect').then(
      () => true,
      () => false,
    ),
    once(socket, 'error').then(() => false),
  ])
  socket.destroy()
  return isThere
}

test('a real sync writes the index while it is asked: every request is answered', async () => {
  const index = join(temporaryFolder(), 'index.db')
  const sync = () =>
    spawn(process.execPath, [bin, 'sync', 'jsonix-wiki', '--replay', fixtures, '--index', index, '--quiet'])
  expect(await once(sync(), 'exit')).toEqual([0, null])
  const { ask, reported } = await serving(index, { perMinute: 1_000_000 })
  const paths = ['/v1/search?q=features', '/v1/collections', '/v1/ready', '/v1/search?q=how+do+I&typing=true']
  let at = 0
  const load = asking(async () => (await ask(paths[at++ % paths.length] ?? '')).status)

  const code = await once(sync(), 'exit')
  const seen = await load.end()

  expect(code).toEqual([0, null])
  expect([...seen.keys()]).toEqual([200])
  expect(reported).toEqual([])
})

test('an index that is replaced again and again is read on', async () => {
  const served = await knowledgeFile({ wiki: { page: { title: 'Old', markdown: 'A tunnel.' } } })
  const other = await knowledgeFile({ wiki: { page: { title: 'New', markdown: 'A tunnel.' } } })
  const { ask } = await serving(served, { perMinute: 1_000_000 })
  const titles = new Set<string>()
  const load = asking(async () => {
    const { status, json } = await ask('/v1/search?q=tunnel')
    for (const { title } of json.results ?? []) titles.add(title)
    return json.results?.length === 1 ? status : -1
  })

  for (let round = 0; round < 20; round++) {
    const next = join(dirname(served), `next-${round}`)
    cpSync(round % 2 === 0 ? other : served, next)
    renameSync(next, served)
    await ask('/v1/search?q=tunnel')
  }

  expect([...(await load.end()).keys()]).toEqual([200])
  expect(titles).toContain('New')
})

test('an older index that is put in place is told as not available, never as empty, until it was brought up to date', async () => {
  const served = await knowledgeFile({ wiki: { page: { title: 'Page', markdown: 'A tunnel.' } } })
  const older = join(temporaryFolder(), 'older.db')
  cpSync(served, older)
  toThirdSchema(older)
  const { ask } = await serving(served, { perMinute: 1_000_000 })
  const load = asking(async () => {
    const { status, json } = await ask('/v1/search?q=tunnel')
    return status === 200 && json.results.length !== 1 ? -1 : status
  })

  renameSync(older, served)
  expect((await ask('/v1/ready')).status).toBe(503)
  const writer = await openIndex(served, { mode: 'write' })
  await writer.close()

  expect((await ask('/v1/ready')).status).toBe(200)
  expect([...(await load.end()).keys()].sort()).toEqual([200, 503])
})

/** By which names the server answers, and which methods its addresses take. */
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { baseOf } from '../../src/cli/serve.ts'
import { defaultServe } from '../../src/config/serve.ts'
import { knownHost } from '../../src/serve/hosts.ts'
import { knowledgeFile } from './knowledge.ts'
import { SERVICE_TOKEN, serving } from './stage.ts'

const file = await knowledgeFile({ wiki: { seen: { title: 'Seen', markdown: 'The kiwi.\n' } } })

/** What the server answers to whoever says that it is called so. */
async function named(url: string, host: string, path: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  return await text(socket)
}

test('a page whose name was made to point here is told nothing, wherever it asks', async () => {
  const { url } = await serving(file)

  for (const path of ['/v1/search?q=kiwi', '/v1/health', '/help', '/mcp', '/metrics', '/openapi.json', '/none']) {
    const told = await named(url, 'evil.example:8787', path)
    expect(told).toMatch(/^HTTP\/1\.1 421 /)
    expect(told).toContain('application/problem+json')
    expect(told).not.toMatch(/kiwi|Seen/)
  }
  for (const host of ['localhost', 'LOCALHOST:1', '127.0.0.1:8787', '[::1]:8787', '127.1.2.3']) {
    expect(await named(url, host, '/v1/search?q=kiwi')).toMatch(/^HTTP\/1\.1 200 /)
  }
})

test('every operation says that it may be asked by a wrong name', async () => {
  const { ask } = await serving(file)
  const { paths } = (await ask('/openapi.json')).json as {
    paths: Record<string, Record<string, { responses: object }>>
  }

  const operations = Object.values(paths).flatMap((verbs) => Object.values(verbs))
  expect(operations.length).toBeGreaterThan(8)
  for (const { responses } of operations) expect(responses).toHaveProperty('421')
})

test('behind a proxy it answers by the name that it has there', async () => {
  const { url } = await serving(file, { publicUrl: 'https://help.example/space' })

  expect(await named(url, 'help.example', '/v1/search?q=kiwi')).toMatch(/^HTTP\/1\.1 200 /)
  expect(await named(url, 'sub.help.example', '/v1/search?q=kiwi')).toMatch(/^HTTP\/1\.1 421 /)
})

test('names are checked where only this machine reaches it, and wherever some are set', () => {
  const loopback = knownHost({ host: '::1', hosts: ['Inner.Example'], publicUrl: undefined })
  const open = knownHost({ host: '0.0.0.0', hosts: [], publicUrl: undefined })
  const closed = knownHost({ host: '0.0.0.0', hosts: ['help.example'], publicUrl: undefined })
  const others = ['localhost.evil.example', '127.0.0.1.evil.example', 'a b', 'x@localhost', '[::', '', undefined]

  expect(open).toBeNull()
  expect(loopback?.('inner.example')).toBe(true)
  for (const other of others) expect(loopback?.(other)).toBe(false)
  expect(closed?.('help.example:443')).toBe(true)
  expect(closed?.('10.0.0.1')).toBe(false)
})

test.each([
  ['DELETE', '/v1/search', 'GET, HEAD, POST'],
  ['GET', '/v1/context', 'POST'],
  ['PUT', '/v1/documents/wiki:seen', 'GET, HEAD'],
  ['POST', '/v1/health', 'GET, HEAD'],
  ['PATCH', '/v1/feedback', 'POST'],
  ['POST', '/help', 'GET, HEAD'],
  ['DELETE', '/openapi.json', 'GET, HEAD'],
])('%s %s is told which methods there are', async (method, path, allow) => {
  const { ask } = await serving(file)
  const headers: Record<string, string> = method === 'POST' ? { 'content-type': 'application/json' } : {}
  const { status, headers: told, json } = await ask(path, { method, headers, token: SERVICE_TOKEN })

  expect(status).toBe(405)
  expect(told.get('allow')).toBe(allow)
  expect(told.get('content-type')).toBe('application/problem+json')
  expect(json).toMatchObject({ status: 405, title: 'Method not allowed' })
})

test('an address that is none is none by any method', async () => {
  const { ask } = await serving(file)

  for (const method of ['GET', 'DELETE']) expect((await ask('/v1/none', { method })).status).toBe(404)
})

test('on this machine documents are cited below its own address, unless another one is set', () => {
  const config = defaultServe()

  expect(baseOf(config)).toBe('http://127.0.0.1:8787')
  expect(baseOf({ ...config, host: '::1', port: 80 })).toBe('http://[::1]:80')
  expect(baseOf({ ...config, publicUrl: 'https://help.example/' })).toBe('https://help.example')
  for (const more of [{ port: 0 }, { host: '0.0.0.0' }]) expect(baseOf({ ...config, ...more })).toBeUndefined()
})

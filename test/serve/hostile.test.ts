/** Requests that no honest client sends: over a bare socket, so that nothing puts them right on the way. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { asking } from '../../src/serve/asking/ask.ts'
import { listen } from '../../src/serve/listen.ts'
import { knowledgeFile } from './knowledge.ts'
import { SERVICE_TOKEN, type Stage, serving } from './stage.ts'

async function stage(): Promise<Stage> {
  return await serving(
    await knowledgeFile({
      wiki: {
        seen: { title: 'Seen', markdown: 'The kiwi.\n' },
        kept: { title: 'Kept', markdown: 'The moa.\n', access: ['group:staff'] },
      },
    }),
  )
}

/** Status of every answer on the connection. */
async function sent({ url }: Stage, text: string): Promise<readonly number[]> {
  const { promise, resolve } = Promise.withResolvers<string>()
  let answered = ''
  const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.end(text))
  socket.on('data', (data) => (answered += data))
  socket.on('error', () => undefined)
  socket.on('close', () => resolve(answered))
  return [...(await promise).matchAll(/^HTTP\/1\.1 (\d+)/gm)].map(([, status]) => Number(status))
}

const JSON_POST = 'POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
const NEXT = 'GET /v1/collections HTTP/1.1\r\nHost: localhost\r\n\r\n'
const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`

test.each([
  [
    'two ways to tell the length',
    `${JSON_POST}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${NEXT}`,
    400,
  ],
  ['two lengths', `${JSON_POST}Content-Length: 6\r\nContent-Length: 7\r\n\r\n{"a":1}${NEXT}`, 400],
  ['an encoding that is none', `${JSON_POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${NEXT}`, 400],
  ['no host', 'GET /v1/health HTTP/1.1\r\n\r\n', 400],
  ['a header without end', `GET /v1/health HTTP/1.1\r\nHost: localhost\r\nA: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ['headers without end', `GET /v1/health HTTP/1.1\r\nHost: localhost\r\n${'A: 1\r\n'.repeat(4000)}\r\n`, 431],
  ['files beside those of the page', GET('/help/assets/..%2f..%2fpackage.json'), 404],
  ['files above those of the page', GET('/help/assets/../../../package.json'), 404],
  ['what every object has', GET('/help/assets/__proto__'), 404],
  ['an id that is no UTF-8', GET('/v1/documents/%E0%A4%A'), 404],
])('refused, and what follows is not taken for a request: %s', async (_, text, status) => {
  expect(await sent(await stage(), text)).toEqual([status])
})

const chunked = (text: string) => `${JSON_POST}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n${text}`
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`

test.each([
  ['in pieces', chunked(`${chunk('{"query":')}${chunk('"kiwi"}')}0\r\n\r\n`), 200],
  ['none', chunked('0\r\n\r\n'), 400],
  ['too much, in pieces', chunked(chunk(' '.repeat(40_000)).repeat(2)), 413],
  ['by a method that takes none', 'DELETE /v1/search HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n', 405],
])('a body whose length nobody tells is read and counted: %s', async (_, text, status) => {
  const served = await stage()
  expect(await sent(served, text)).toEqual([status])
  expect(served.reported).toEqual([])
})

/** More than sockets hold, to somebody who has read its beginning and no more. */
async function halfRead(idleMs?: number) {
  const size = 64 * 1024 * 1024
  const app = new Hono().get('/', (c) => c.body('x'.repeat(size)))
  const { port, close } = await listen(app, { host: '127.0.0.1', port: 0 }, idleMs)
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await once(socket, 'readable')
  return { size, socket, close }
}

test('who asks and does not read the answer is not kept', async () => {
  const { socket, close } = await halfRead(300)

  // Else it would wait for the answer to be read, beyond the time of this test.
  await close(10 * 60_000)
  socket.destroy()
})

test('an answer that is still being read when the server is told to end is sent to its end', async () => {
  const { size, socket, close } = await halfRead()
  const closing = close(60_000)
  let read = 0
  for await (const part of socket) read += part.length
  await closing

  expect(read).toBeGreaterThan(size)
})

test('a tag of an answer tells nothing to who may not have it', async () => {
  const { ask } = await stage()
  const { headers } = await ask('/v1/documents/wiki:kept', { token: SERVICE_TOKEN })
  const tag = headers.get('etag') ?? ''
  const tagged = async (id: string, match: string) => {
    const { status, text } = await ask(`/v1/documents/wiki:${id}`, { headers: { 'if-none-match': match } })
    return `${status} ${text}`
  }

  expect(tag).not.toBe('')
  for (const match of [tag, '*']) expect(await tagged('kept', match)).toBe(await tagged('none', match))
  expect(await tagged('kept', tag)).toMatch(/^404 /)
})

test('what breaks here is told without its words, which are reported', async () => {
  const file = await knowledgeFile({ wiki: { seen: { title: 'Seen', markdown: 'The kiwi.\n' } } })
  const broken = asking(() => Promise.reject(new Error('/secret/place is broken')))
  const { ask, reported } = await serving(file, { ask: broken })
  const { status, text } = await ask('/v1/search?q=kiwi')

  expect(status).toBe(500)
  expect(text).not.toContain('secret')
  expect(reported).toMatchObject([{ message: '/secret/place is broken' }])
})

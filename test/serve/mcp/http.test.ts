/** MCP over HTTP, asked by the official client of each era on one address. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Principal } from '../../../src/core/access.ts'
import type { Store } from '../../../src/core/store.ts'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { asking, solving } from '../../../src/serve/asking/ask.ts'
import type { Door } from '../../../src/serve/mcp/door.ts'
import { mcpHandler } from '../../../src/serve/mcp/http.ts'
import { knowledgeFile } from '../knowledge.ts'
import { startWebServer, type WebServer } from '../web-server.ts'
import { ERAS, overHttp } from './clients.ts'

const PAGE = 'https://help.example.com'

let store: Store
let server: WebServer
let door: Door
const reported: unknown[] = []

beforeAll(async () => {
  store = await openSqlite(
    await knowledgeFile({
      wiki: {
        '1': { title: 'Passwords', markdown: 'Press **Reset password**.\n' },
        '2': { title: 'On call', markdown: 'The pager password stands in the vault.\n', access: ['group:staff'] },
      },
    }),
    { mode: 'read' },
  )
  door = {
    ...{ index: store, ask: asking(solving(store)), publicUrl: PAGE, version: '1' },
    report: (thrown: unknown) => reported.push(thrown),
  }
  const handle = mcpHandler(door, { origins: [PAGE] })
  server = await startWebServer((request) => handle(request, askerOf(request), 'one'))
})

afterAll(async () => {
  await server.close()
  await store.close()
})

function askerOf(request: Request): readonly Principal[] {
  return request.headers.get('authorization') === 'Bearer staff' ? ['group:staff'] : []
}

describe.each(ERAS)('the client of %s', (era) => {
  test('lists, searches and fetches', async () => {
    const client = await overHttp(era, `${server.url}/mcp`)

    expect((await client.tools()).map(({ name }) => name)).toEqual([
      'search',
      'fetch',
      'search_passages',
      'list_sources',
    ])
    const { data } = await client.call('search', { query: 'password' })
    expect(data).toEqual({ results: [{ id: 'wiki:1', title: 'Passwords', url: 'https://wiki.example/1' }] })
    expect((await client.call('fetch', { id: 'wiki:1' })).data).toMatchObject({ id: 'wiki:1', title: 'Passwords' })
    expect((await client.call('fetch', { id: 'wiki:2' })).isError).toBe(true)
    await client.close()
  })

  test('asks in the name of whoever each request is of, at the same time', async () => {
    const [visitor, staff] = await Promise.all([
      overHttp(era, `${server.url}/mcp`),
      overHttp(era, `${server.url}/mcp`, { authorization: 'Bearer staff' }),
    ])
    const asked = await Promise.all(
      Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? visitor : staff).call('fetch', { id: 'wiki:2' })),
    )

    expect(asked.map(({ isError }) => isError)).toEqual(asked.map((_, at) => at % 2 === 0))
    await Promise.all([visitor.close(), staff.close()])
  })
})

async function post(headers: Readonly<Record<string, string>>, body: string = LIST): Promise<Response> {
  return await fetch(`${server.url}/mcp`, { method: 'POST', headers: { ...JSON_RPC, ...headers }, body })
}

const JSON_RPC = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
const LIST = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })

test('a web page of another origin is refused; one that is named, our own and a program are not', async () => {
  const host = new URL(server.url).host
  const statusOf = async (headers: Readonly<Record<string, string>>) => (await post(headers)).status

  for (const origin of ['https://evil.example', 'null', `${PAGE}.evil.example`, 'http://127.0.0.1:1', 'no address']) {
    expect([origin, await statusOf({ origin })]).toEqual([origin, 403])
  }
  expect([await statusOf({}), await statusOf({ origin: PAGE }), await statusOf({ origin: `http://${host}` })]).toEqual([
    200, 200, 200,
  ])
})

test('a name that a web page made point here is not ours', async () => {
  const asked = (host: string, origin: string) =>
    mcpHandler({ ...door, publicUrl: 'https://kb.example' }, { origins: [] })(
      new Request(`http://${host}/mcp`, { method: 'POST', headers: { ...JSON_RPC, host, origin }, body: LIST }),
      [],
      'one',
    )

  expect((await asked('evil.example:80', 'http://evil.example')).status).toBe(403)
  expect((await asked('evil.example', 'http://evil.example')).status).toBe(403)
  expect((await asked('kb.example', 'https://kb.example')).status).toBe(200)
})

test('there are no sessions, no streams to resume and no large requests', async () => {
  const listed = await post({})
  expect(listed.headers.get('mcp-session-id')).toBeNull()
  for (const method of ['GET', 'DELETE']) expect((await fetch(`${server.url}/mcp`, { method })).status).toBe(405)

  const large = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: { x: 'x'.repeat(70_000) } })
  expect((await post({}, large)).status).toBe(413)
  expect((await post({}, '{')).status).toBe(400)
})

/** MCP where `unsilo serve` serves it: asked by the official client of each era, in the name of whoever the token names. */
import { rename } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { knowledgeFile } from '../knowledge.ts'
import { SERVICE_TOKEN, serving } from '../stage.ts'
import { ERAS, overHttp } from './clients.ts'

let file = ''
beforeAll(async () => {
  file = await knowledgeFile({
    wiki: {
      '1': { title: 'Passwords', markdown: 'Press **Reset password**.\n', more: { url: '' } },
      '2': { title: 'On call', markdown: 'The pager password stands in the vault.\n', access: ['group:staff'] },
    },
  })
})

describe.each(ERAS)('the client of %s', (era) => {
  test('reads as nobody without a token, and as what its token names', async () => {
    const { url } = await serving(file, { publicUrl: 'https://help.example' })
    const [visitor, staff] = [
      await overHttp(era, `${url}/mcp`),
      await overHttp(era, `${url}/mcp`, { authorization: `Bearer ${SERVICE_TOKEN}` }),
    ]

    expect((await visitor.tools()).length).toBe(4)
    expect((await visitor.call('search', { query: 'password' })).data).toEqual({
      results: [{ id: 'wiki:1', title: 'Passwords', url: 'https://help.example/help#/article/wiki%3A1' }],
    })
    expect((await visitor.call('fetch', { id: 'wiki:2' })).isError).toBe(true)
    expect((await staff.call('fetch', { id: 'wiki:2' })).data).toMatchObject({ id: 'wiki:2', title: 'On call' })
    await Promise.all([visitor.close(), staff.close()])
  })

  test('is refused with a token that is not good', async () => {
    const { url } = await serving(file)

    await expect(overHttp(era, `${url}/mcp`, { authorization: 'Bearer no' })).rejects.toThrow()
  })
})

test('a token that is not good is 401, a page of another origin 403, and too many requests 429', async () => {
  const { url } = await serving(file, { perMinute: 3 })
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} })
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const statusOf = async (more: Readonly<Record<string, string>>) =>
    (await fetch(`${url}/mcp`, { method: 'POST', headers: { ...headers, ...more }, body })).status

  expect(await statusOf({ authorization: 'Bearer no' })).toBe(401)
  expect(await statusOf({ origin: 'https://evil.example' })).toBe(403)
  expect(await statusOf({ origin: 'https://app.example' })).toBe(200)
  expect(await statusOf({})).toBe(429)
})

test('each question of a batch counts as one, and one that is too much is refused whole', async () => {
  const { url } = await serving(file, { perMinute: 5 })
  const call = { method: 'tools/call', params: { name: 'search', arguments: { query: 'password' } } }
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const batch = async (size: number) => {
    const body = JSON.stringify(Array.from({ length: size }, (_, id) => ({ jsonrpc: '2.0', id, ...call })))
    const answered = await fetch(`${url}/mcp`, { method: 'POST', headers, body })
    return [answered.status, (await answered.text()).match(/"result"/g)?.length ?? 0]
  }

  expect(await batch(3)).toEqual([200, 3])
  expect(await batch(3)).toEqual([429, 0])
  expect(await batch(1)).toEqual([200, 1])
  expect(await batch(1)).toEqual([429, 0])
})

test('a batch of more than a minute takes is told so, and not to try later; one of as many is answered', async () => {
  const { url } = await serving(file, { perMinute: 4 })
  const list = { method: 'tools/list', params: {} }
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const batch = async (size: number, more = {}) => {
    const body = JSON.stringify(Array.from({ length: size }, (_, id) => ({ jsonrpc: '2.0', id, ...list })))
    return await fetch(`${url}/mcp`, { method: 'POST', headers: { ...headers, ...more }, body })
  }

  const refused = await batch(5)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([413, null])
  expect(await refused.json()).toMatchObject({
    detail: expect.stringMatching(/of 5 messages .*send at most 4 at once/),
  })
  expect((await batch(4, { authorization: `Bearer ${SERVICE_TOKEN}` })).status).toBe(200)
})

test('what is no JSON is said to be none', async () => {
  const { url } = await serving(file)
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const answered = await fetch(`${url}/mcp`, { method: 'POST', headers, body: '{' })

  expect(answered.status).toBe(400)
  expect(await answered.json()).toMatchObject({ error: { code: -32_700 } })
})

test('an index that is gone is told without its place, which is reported here', async () => {
  const own = await knowledgeFile({ wiki: { '1': { title: 'Passwords', markdown: 'Reset them.\n' } } })
  const { url, ask, reported } = await serving(own)
  const client = await overHttp('2025', `${url}/mcp`)
  expect((await ask('/v1/ready')).status).toBe(200)
  await rename(own, `${own}.away`)

  const told = []
  for (const [tool, input] of [
    ['search', { query: 'x' }],
    ['fetch', { id: 'wiki:1' }],
    ['list_sources', {}],
  ] as const) {
    told.push(await client.call(tool, input))
  }

  expect(told.map(({ isError }) => isError)).toEqual([true, true, true])
  expect(JSON.stringify(told)).not.toContain(own)
  expect(reported).toHaveLength(3)
  await client.close()
})

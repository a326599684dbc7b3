import { afterEach, expect, test } from 'vitest'
import { safeToRepeat, twiceIsOnce, unrecorded } from '../../src/http/call.ts'
import { createFetch } from '../../src/http/fetch.ts'
import { readOnly } from '../../src/http/read-only.ts'
import { closeServers, serve } from './serve.ts'

afterEach(closeServers)

const network = () => readOnly(createFetch({ signal: new AbortController().signal }))

test.each<[string, RequestInit | undefined]>([
  ['no method', undefined],
  ['GET', { method: 'GET' }],
  ['get', { method: 'get' }],
  ['HEAD', { method: 'HEAD' }],
  ['a marked search', safeToRepeat({ method: 'POST', body: '{}' })],
  ['a request for a token', unrecorded({ method: 'POST', body: '{}' })],
])('%s is let through', async (_, init) => {
  const { url, seen } = await serve((_request, response) => response.end())
  expect((await network()(url, init)).status).toBe(200)
  expect(seen).toHaveLength(1)
})

test.each(['POST', 'post', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s never reaches the source', async (method) => {
  const { url, seen } = await serve((_, response) => response.end())
  const address = `${url}/articles?token=canary`
  for (const attempt of [network()(address, { method }), network()(new Request(address, { method }))]) {
    const error = await attempt.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      code: 'UNEXPECTED',
      message: expect.stringContaining(`${method.toUpperCase()} 127.0`),
    })
    expect(String(error)).not.toContain('canary')
  }
  expect(seen).toHaveLength(0)
})

test('what is marked as good to send twice is a write all the same', async () => {
  const { url, seen } = await serve((_, response) => response.end())
  const error = await network()(url, twiceIsOnce({ method: 'POST', body: '{}' })).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'UNEXPECTED' })
  expect(seen).toHaveLength(0)
})

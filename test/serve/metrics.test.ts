import { expect, test } from 'vitest'
import { knowledgeFile } from './knowledge.ts'
import { SERVICE_TOKEN, serving, userToken, WATCH_TOKEN } from './stage.ts'

const file = await knowledgeFile({ wiki: { canary: { title: 'Canary', markdown: 'Words of a canary.' } } })

test('figures are for a service whose token may read them, and for nobody else', async () => {
  const { ask } = await serving(file)
  const status = async (token?: string) => (await ask('/metrics', token === undefined ? {} : { token })).status

  expect([await status(), await status(SERVICE_TOKEN), await status(await userToken())]).toEqual([401, 403, 403])
  expect(await status(`${WATCH_TOKEN}x`)).toBe(401)
  const { status: ok, headers, text } = await ask('/metrics', { token: WATCH_TOKEN })
  expect([ok, headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
  expect(text).toContain('unsilo_build_info{version="0.0.0"} 1')
  expect(text).toContain('unsilo_http_requests_in_flight 1')
})

test('they count by route, and hold no question, no id and nobody', async () => {
  const { ask } = await serving(file)
  await ask('/v1/search?q=canary', { token: await userToken({ user_id: 'canary' }) })
  await ask('/v1/documents/wiki:canary')
  await ask('/v1/documents/wiki:none')
  await ask('/v1/canary')
  await ask('/canary?canary', { method: 'PUT', headers: { 'x-canary': 'canary' } })

  const { text } = await ask('/metrics', { token: WATCH_TOKEN })

  const counted = text.split('\n').filter((line) => line.startsWith('unsilo_http_requests_total'))
  expect(counted.sort()).toEqual(
    [
      ['/openapi.json', 'GET', '200'],
      ['/v1/documents/{id}', 'GET', '200'],
      ['/v1/documents/{id}', 'GET', '404'],
      ['/v1/search', 'GET', '200'],
      ['other', 'GET', '404'],
      ['other', 'other', '404'],
    ].map(
      ([route, method, status]) =>
        `unsilo_http_requests_total{route="${route}",method="${method}",status="${status}"} 1`,
    ),
  )
  expect(text).not.toMatch(/canary/i)
})

test('what anybody may ask is limited by address, by itself', async () => {
  const { ask } = await serving(file, { perMinute: 2, proxies: 1 })
  const from = async (path: string, address: string) =>
    (await ask(path, { headers: { 'x-forwarded-for': address } })).status

  for (const path of ['/v1/health', '/v1/ready']) expect(await from(path, '9.9.9.1')).toBe(200)
  for (const path of ['/v1/health', '/v1/ready', '/openapi.json']) expect(await from(path, '9.9.9.1')).toBe(429)
  expect(await from('/v1/search?q=x', '9.9.9.1')).toBe(200)
  expect(await from('/v1/health', '9.9.9.2')).toBe(200)
})

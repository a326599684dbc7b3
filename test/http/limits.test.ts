/** Requests against servers that count them per window, as services do. Time is the real one. */
import { afterEach, describe, expect, test } from 'vitest'
import { asAccount } from '../../src/http/call.ts'
import { createFetch, type FetchOptions } from '../../src/http/fetch.ts'
import { metered } from '../../src/http/meter.ts'
import { closeServers, type Handler, serve } from './serve.ts'

afterEach(closeServers)

const WINDOW_MS = 200

function network(options: Partial<FetchOptions> = {}): typeof fetch {
  return createFetch({ signal: new AbortController().signal, ...options })
}

/** Counts by windows laid from `start` on, and refuses what is over the limit. */
function counting(limit: number, headersOf: (left: number, msLeft: number) => Record<string, string> = () => ({})) {
  const start = performance.now()
  const windows = new Map<number, number>()
  const handler: Handler = (_, response) => {
    const elapsed = performance.now() - start
    const window = Math.floor(elapsed / WINDOW_MS)
    const count = (windows.get(window) ?? 0) + 1
    windows.set(window, count)
    const headers = headersOf(Math.max(0, limit - count), (window + 1) * WINDOW_MS - elapsed)
    setTimeout(() => response.writeHead(count > limit ? 429 : 200, headers).end('{}'), Math.random() * 20)
  }
  return {
    handler,
    most: () => Math.max(...windows.values()),
    total: () => [...windows.values()].reduce((sum, count) => sum + count, 0),
  }
}

const all = (fetching: typeof fetch, url: string, count: number, init: RequestInit = {}) =>
  Promise.all(Array.from({ length: count }, () => fetching(url, init)))

test('a published limit is never exceeded, and used', async () => {
  const server = counting(10)
  const { url } = await serve(server.handler)
  const meter = metered(network({ limits: () => [{ name: 'account', requests: 10, perMs: WINDOW_MS }] }))

  await all(meter.fetch, url, 35)

  expect(server.most()).toBeLessThanOrEqual(10)
  expect(meter.traffic()).toMatchObject({ requests: 35, retries: 0 })
})

test('without a published one, a run slows down by what answers say is left, before it is told to', async () => {
  const server = counting(10, (left, msLeft) => ({
    'x-ratelimit-limit': '10',
    'x-ratelimit-remaining': `${left}`,
    'x-ratelimit-reset': new Date(Date.now() + msLeft).toISOString(),
  }))
  const { url } = await serve(server.handler)
  const meter = metered(network())

  await all(meter.fetch, url, 45)

  expect(server.most()).toBeLessThanOrEqual(10)
  expect(meter.traffic()).toMatchObject({ requests: 45, retries: 0 })
})

test('what answers say corrects what is published', async () => {
  const server = counting(4, (left, msLeft) => ({
    'x-ratelimit-limit': '4',
    'x-ratelimit-remaining': `${left}`,
    'x-ratelimit-reset': new Date(Date.now() + msLeft).toISOString(),
  }))
  const { url } = await serve(server.handler)
  const fetching = network({ concurrency: 2, limits: () => [{ name: 'account', requests: 1000, perMs: WINDOW_MS }] })

  await all(fetching, url, 13)

  expect(server.most()).toBeLessThanOrEqual(4)
  expect(server.total()).toBe(13)
})

describe('accounts', () => {
  const onePerMinute = (options: Partial<FetchOptions> = {}) => {
    const waits: number[] = []
    const sleep = async (ms: number) => void waits.push(ms)
    const limits = () => [{ name: 'account', requests: 1, perMs: 60_000 }]
    return { waits, fetching: network({ sleep, limits, elapsed: () => 0, ...options }) }
  }
  const as = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

  test('of one host have limits of their own', async () => {
    const { url } = await serve((_, response) => response.end('{}'))
    const { waits, fetching } = onePerMinute()
    await fetching(url, as('one'))
    await fetching(url, as('other'))
    expect(waits).toEqual([])
    await fetching(url, as('one'))
    expect(waits).toEqual([60_001])
  })

  test('that a refusal speaks for are paused, and no other', async () => {
    const { url } = await serve((request, response, nth) =>
      response.writeHead(nth === 1 ? 429 : 200, { 'retry-after': '20' }).end(request.headers.authorization),
    )
    const waits: number[] = []
    const sleep = async (ms: number) => void waits.push(ms)
    const fetching = network({ sleep, random: () => 0, elapsed: () => 0 })
    await fetching(url, as('one'))
    expect(waits).toEqual([20_000])
    await fetching(url, as('other'))
    expect(waits).toEqual([20_000])
    await fetching(url, as('one'))
    expect(waits).toEqual([20_000, 20_000])
  })

  test('keep their limits when their token is renewed', async () => {
    const { url } = await serve((_, response) => response.end('{}'))
    const { waits, fetching } = onePerMinute()
    const account = asAccount(fetching, 'the account')
    await account(url, as('one'))
    await account(url, as('renewed'))
    expect(waits).toEqual([60_001])
  })

  test('a wait before a limit is told once to whoever shows progress, whoever else waits', async () => {
    const { url } = await serve((_, response) => response.end('{}'))
    const told: unknown[] = []
    const { fetching } = onePerMinute({ onWait: (wait) => told.push(wait), elapsed: () => 0 })
    await fetching(url)
    await Promise.all([fetching(url), fetching(url)])
    expect(told).toEqual([{ host: new URL(url).host, ms: 60_001, reason: 'rate limit' }])
  })
})

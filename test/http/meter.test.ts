import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import { createFetch, type FetchOptions } from '../../src/http/fetch.ts'
import { metered } from '../../src/http/meter.ts'
import { replayingFetch } from '../../src/http/record.ts'
import { closeServers, type Handler, serve } from './serve.ts'

afterEach(closeServers)

function network(options: Partial<FetchOptions> = {}): typeof fetch {
  return createFetch({ signal: new AbortController().signal, sleep: async () => {}, random: () => 0.5, ...options })
}

const failingOnce: Handler = (_, response, nth) => response.writeHead(nth === 1 ? 503 : 200).end('four')

test('every request is counted, retries and redirects included, with waits and bytes', async () => {
  const { url } = await serve((request, response, nth) => {
    if (request.url === '/moved') return response.writeHead(302, { location: '/there' }).end('here')
    return failingOnce(request, response, nth)
  })
  const meter = metered(network())
  expect(meter.traffic()).toEqual({ requests: 0, retries: 0, waitedMs: 0, bytes: 0 })

  await meter.fetch(`${url}/page`)
  expect(meter.traffic()).toEqual({ requests: 2, retries: 1, waitedMs: 250, bytes: 8 })

  await meter.fetch(`${url}/moved`)
  expect(meter.traffic()).toEqual({ requests: 4, retries: 1, waitedMs: 250, bytes: 16 })
})

test('bytes are those of the decoded body', async () => {
  const packed = gzipSync(Buffer.alloc(10_000))
  const { url } = await serve((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed))
  const meter = metered(network())
  await meter.fetch(url)
  expect(meter.traffic().bytes).toBe(10_000)
})

test('requests without an answer count too', async () => {
  const { url } = await serve((_, response) => response.destroy())
  const meter = metered(network({ tries: 3 }))
  await meter.fetch(url).catch(() => {})
  expect(meter.traffic()).toMatchObject({ requests: 3, retries: 2, bytes: 0 })
})

test('sources that share a transport are counted each by itself', async () => {
  const { url } = await serve((_, response) => response.end('abc'))
  const shared = network()
  const [one, other] = [metered(shared), metered(shared)]
  await Promise.all([one.fetch(url), one.fetch(url), other.fetch(url)])
  expect([one.traffic().requests, other.traffic().requests]).toEqual([2, 1])
})

test('a replay asks nothing of the network', async () => {
  const exchange = { method: 'GET', url: 'https://source.example/', status: 200, headers: {}, body: 'x' }
  const meter = metered(replayingFetch({ exchanges: [exchange] }).fetch)
  expect(await (await meter.fetch(exchange.url)).text()).toBe('x')
  expect(meter.traffic().requests).toBe(0)
})

import { brotliCompressSync, constants, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { UnsiloError } from '../../src/core/errors.ts'
import { LONGEST_TEXT } from '../../src/core/limits.ts'
import { safeToRepeat, twiceIsOnce } from '../../src/http/call.ts'
import { createFetch, type FetchOptions } from '../../src/http/fetch.ts'
import { metered } from '../../src/http/meter.ts'
import { closeServers, type Handler, serve } from './serve.ts'

afterEach(closeServers)

const NOW = Date.parse('2026-03-01T12:00:00Z')

/** Virtual time: waits are noted, not waited. */
function policy(options: Partial<FetchOptions> = {}) {
  const waits: number[] = []
  const run = new AbortController()
  const sleep = async (ms: number) => void waits.push(ms)
  const fetch = createFetch({ signal: run.signal, sleep, random: () => 0.5, now: () => NOW, ...options })
  return { fetch, waits, run }
}

const answering =
  (...statuses: number[]): Handler =>
  (_, response, nth) =>
    response.writeHead(statuses[Math.min(nth, statuses.length) - 1] ?? 200).end(`answer ${nth}`)

async function errorOf(promise: Promise<unknown>): Promise<UnsiloError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(UnsiloError)
  return error as UnsiloError
}

describe('trying again', () => {
  test.each([408, 429, 500, 502, 503, 504])('%i is asked again', async (status) => {
    const { url } = await serve(answering(status, 200))
    const { fetch, waits } = policy()
    expect(await (await fetch(url)).text()).toBe('answer 2')
    expect(waits.length).toBeGreaterThan(0)
  })

  test.each([400, 401, 403, 404, 409, 410])('%i is returned at once', async (status) => {
    const { url, seen } = await serve(answering(status))
    expect((await policy().fetch(url)).status).toBe(status)
    expect(seen).toHaveLength(1)
  })

  test.each([
    [429, 'RATE_LIMITED'],
    [503, 'SOURCE_UNAVAILABLE'],
  ])('%i that stays is %s after six tries', async (status, code) => {
    const { url, seen } = await serve(answering(status))
    expect(await errorOf(policy().fetch(url))).toMatchObject({ code, status })
    expect(seen).toHaveLength(6)
  })

  test('a body that breaks off is asked for again', async () => {
    const { url } = await serve((_, response, nth) => {
      if (nth > 1) return response.end('whole')
      response.writeHead(200, { 'content-length': '100' })
      return response.write('ha', () => response.destroy())
    })
    expect(await (await policy().fetch(url)).text()).toBe('whole')
  })

  test('a POST is not sent twice, unless it is marked as safe', async () => {
    const { url, seen } = await serve(answering(503))
    await errorOf(policy().fetch(url, { method: 'POST', body: '{}' }))
    expect(seen).toHaveLength(1)
    await errorOf(policy().fetch(url, safeToRepeat({ method: 'POST', body: '{}' })))
    expect(seen).toHaveLength(7)
    await errorOf(policy().fetch(url, twiceIsOnce({ method: 'PUT', body: '{}' })))
    expect(seen).toHaveLength(13)
  })

  test('a POST that met a rate limit was not heard, and is sent again', async () => {
    const { url, seen } = await serve((_, response, nth) => {
      response.writeHead(nth === 1 ? 429 : 200).end()
    })
    expect((await policy().fetch(url, { method: 'POST', body: '{}' })).status).toBe(200)
    expect(seen).toHaveLength(2)
  })

  test('without being told, waits grow', async () => {
    const { url } = await serve(answering(500))
    const { fetch, waits } = policy()
    await errorOf(fetch(url))
    expect(waits).toEqual([250, 500, 1000, 2000, 4000])
  })
})

describe('something else where JSON was asked for', () => {
  const asking = { headers: { accept: 'application/json' } }

  test.each(['<!DOCTYPE html><title>Log in</title>', '{"results":[{"id":"1', ''])('%j is asked again', async (body) => {
    const { url } = await serve((_, response, nth) => response.end(nth < 3 ? body : '{"whole":true}'))
    expect(await (await policy().fetch(url, asking)).text()).toBe('{"whole":true}')
  })

  test('is the caller’s to judge when it comes three times', async () => {
    const { url, seen } = await serve((_, response) => response.end('<html>'))
    const answer = await policy().fetch(url, asking)
    expect([answer.status, await answer.text()]).toEqual([200, '<html>'])
    expect(seen).toHaveLength(3)
  })

  test.each<[string, RequestInit]>([
    ['a POST', { ...asking, method: 'POST' }],
    ['a request that didn’t ask for it', {}],
    ['a HEAD', { ...asking, method: 'HEAD' }],
  ])('is handed on for %s', async (_, init) => {
    const { url, seen } = await serve((_request, response) => response.end('<html>'))
    expect((await policy().fetch(url, init)).status).toBe(200)
    expect(seen).toHaveLength(1)
  })

  test.each([204, 404])('of status %i is the answer', async (status) => {
    const { url, seen } = await serve(answering(status))
    expect((await policy().fetch(url, asking)).status).toBe(status)
    expect(seen).toHaveLength(1)
  })
})

describe('rate limits', () => {
  const refusal = (reason: string) => JSON.stringify({ error: { code: 403, errors: [{ reason }] } })

  test.each(['rateLimitExceeded', 'userRateLimitExceeded'])(
    'a 403 of Google by reason of %s is one',
    async (reason) => {
      const { url, seen } = await serve((_, response) => response.writeHead(403).end(refusal(reason)))
      expect(await errorOf(policy().fetch(url))).toMatchObject({ code: 'RATE_LIMITED', status: 403 })
      expect(seen).toHaveLength(6)
    },
  )

  test.each([refusal('insufficientFilePermissions'), '{"error":"rateLimitExceeded"}', '<html>', '[]', ''])(
    'a 403 that says %j is the caller’s to read',
    async (body) => {
      const { url } = await serve((_, response) => response.writeHead(403).end(body))
      const answer = await policy().fetch(url)
      expect([answer.status, await answer.text()]).toEqual([403, body])
    },
  )

  test('where no wait is asked for, the tries bridge the minute by which quotas are counted', async () => {
    const { url } = await serve(answering(429))
    const { fetch, waits } = policy()
    await errorOf(fetch(url))
    expect(waits).toEqual([6000, 12_000, 24_000, 45_000, 45_000])
  })
})

describe('waiting as asked', () => {
  const soon = new Date(NOW + 20_000)
  test.each<[string, Record<string, string>]>([
    ['Retry-After in seconds', { 'retry-after': '20' }],
    ['Retry-After as a date', { 'retry-after': soon.toUTCString() }],
    ['a reset as ISO 8601', { 'x-ratelimit-reset': soon.toISOString() }],
    ['a reset in Unix seconds', { 'x-ratelimit-reset': String(soon.getTime() / 1000) }],
    ['a reset in seconds to go', { 'ratelimit-reset': '20' }],
  ])('%s', async (_, headers) => {
    const { url } = await serve((_request, response, nth) => response.writeHead(nth === 1 ? 429 : 200, headers).end())
    const { fetch, waits } = policy()
    await fetch(url)
    // Of seconds to go, those that went by since the answer came are none to wait for.
    expect(waits[0]).toBeLessThanOrEqual(20_250)
    expect(waits[0]).toBeGreaterThan(19_250)
  })

  test('longer than a minute is not waited: the error says until when', async () => {
    const { url, seen } = await serve((_, response) => response.writeHead(429, { 'retry-after': '3600' }).end())
    const error = await errorOf(policy().fetch(url))
    expect(error).toMatchObject({ code: 'RATE_LIMITED', message: expect.stringContaining('2026-03-01T13:00:00.000Z') })
    expect(seen).toHaveLength(1)
  })

  test('the time until the quota is renewed, sent with every answer, does not delay a try after a failure', async () => {
    const headers = { 'x-ratelimit-reset': new Date(NOW + 3_600_000).toISOString() }
    const { url } = await serve((_, response, nth) => response.writeHead(nth === 1 ? 500 : 200, headers).end('came'))
    const { fetch, waits } = policy()
    expect(await (await fetch(url)).text()).toBe('came')
    expect(waits).toEqual([250])
  })

  test.each(['-5', '1e9', 'soon', '0', ''])('a Retry-After of %j is no wait to fear', async (text) => {
    const { url } = await serve((_, response, nth) =>
      response.writeHead(nth === 1 ? 503 : 200, { 'retry-after': text }).end(),
    )
    const { fetch, waits } = policy()
    expect((await fetch(url)).status).toBe(200)
    expect(waits).toEqual([250])
  })

  test.each(['9'.repeat(40), '31536000', 'Fri, 31 Dec 2099 23:59:59 GMT', '-5', 'soon'])(
    'a 429 with a Retry-After of %j is waited for like one without',
    async (text) => {
      const { url } = await serve((_, response, nth) =>
        response.writeHead(nth === 1 ? 429 : 200, { 'retry-after': text }).end(),
      )
      const { fetch, waits } = policy()
      expect((await fetch(url)).status).toBe(200)
      expect(waits).toEqual([6000])
    },
  )

  test('is told to whoever shows progress', async () => {
    const { url } = await serve(answering(429, 200))
    const told: unknown[] = []
    await policy({ onWait: (wait) => told.push(wait) }).fetch(url)
    expect(told).toEqual([{ host: new URL(url).host, ms: 6000, reason: '429' }])
  })
})

describe('limits', () => {
  test('no answer in time fails, however often it is tried', async () => {
    const { url, seen } = await serve(() => {})
    const error = await errorOf(policy({ timeouts: { headers: 30, total: 500 }, tries: 2 }).fetch(url))
    expect(error).toMatchObject({ code: 'SOURCE_UNAVAILABLE', message: expect.stringContaining('0.03 s') })
    expect(seen).toHaveLength(2)
  })

  test('an answer that stops in the middle fails when nothing has come for a while', async () => {
    const { url } = await serve((_, response) => response.writeHead(200).write('a'))
    const error = await errorOf(policy({ timeouts: { idle: 60 }, tries: 1 }).fetch(url))
    expect(error).toMatchObject({ code: 'SOURCE_UNAVAILABLE', message: expect.stringContaining('more of an answer') })
  })

  test('an answer that drips for ever fails in time, though something always comes', async () => {
    const { url } = await serve((_, response) => {
      const drip = setInterval(() => response.write('a'), 10)
      response.on('close', () => clearInterval(drip))
    })
    const error = await errorOf(policy({ timeouts: { idle: 10_000, total: 300 }, tries: 1 }).fetch(url))
    expect(error).toMatchObject({ code: 'SOURCE_UNAVAILABLE', message: expect.stringContaining('complete answer') })
  })

  test('an answer that is slow but moves comes whole', async () => {
    const { url } = await serve((_, response) => {
      for (let part = 1; part <= 4; part += 1) setTimeout(() => response[part < 4 ? 'write' : 'end']('a'), part * 100)
    })
    const answer = await policy({ timeouts: { headers: 3000, idle: 300 }, tries: 1 }).fetch(url)
    expect(await answer.text()).toBe('aaaa')
  })

  test('a body over the cap is refused, not tried again', async () => {
    const { url, seen } = await serve((_, response) => response.end('x'.repeat(2000)))
    expect((await errorOf(policy({ maxBytes: 1000 }).fetch(url))).code).toBe('ANSWER_INVALID')
    expect(seen).toHaveLength(1)
  })

  const BOMB = Buffer.alloc(50_000_000, ' ')
  const BOMBS: Readonly<Record<string, () => Buffer>> = {
    gzip: () => gzipSync(BOMB),
    deflate: () => deflateSync(BOMB),
    br: () => brotliCompressSync(BOMB, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
    zstd: () => zstdCompressSync(BOMB),
    'gzip, gzip': () => gzipSync(gzipSync(BOMB)),
  }
  const asJson = { 'content-type': 'application/json' }

  test.each(Object.keys(BOMBS))('a small answer that unpacks beyond the cap is refused: %s', async (encoding) => {
    const packed = BOMBS[encoding]?.() ?? Buffer.of()
    const { url, seen } = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': encoding, ...asJson }).end(packed),
    )
    const counted = metered(policy({ maxBytes: 1_000_000 }).fetch)
    expect((await errorOf(counted.fetch(url))).code).toBe('ANSWER_INVALID')
    const { bytes } = counted.traffic()
    expect([seen.length, bytes > 900_000, bytes < 3_000_000]).toEqual([1, true, true])
    expect(packed.byteLength).toBeLessThan(100_000)
  })

  test.each([
    ['of a redirect', 302],
    ['of a failure that is tried again', 503],
    ['of a rate limit', 429],
    ['of a refusal', 403],
  ])('the body %s is no larger than the cap either', async (_, status) => {
    const packed = gzipSync(BOMB)
    const { url } = await serve((_request, response) =>
      response.writeHead(status, { 'content-encoding': 'gzip', location: '/again' }).end(packed),
    )
    const counted = metered(policy({ maxBytes: 1_000_000 }).fetch)
    expect((await errorOf(counted.fetch(url))).code).toBe('ANSWER_INVALID')
    expect(counted.traffic().bytes).toBeLessThan(3_000_000)
  })

  test('a text that is cut while it arrives is not read for ever', async () => {
    const more = gzipSync(Buffer.alloc(LONGEST_TEXT * 2, 'x'))
    const endless = Buffer.concat([gzipSync('["'), ...Array.from({ length: 40 }, () => more)])
    const { url } = await serve((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip', ...asJson }).end(endless),
    )
    const counted = metered(policy({ maxBytes: LONGEST_TEXT + 1000 }).fetch)
    expect((await errorOf(counted.fetch(url))).code).toBe('ANSWER_INVALID')
    expect(counted.traffic().bytes).toBeLessThan(LONGEST_TEXT * 66)
    expect(endless.byteLength).toBeLessThan(1_000_000)
  })

  test('half a packed answer, which the platform takes for a whole one, is asked for again', async () => {
    const packed = gzipSync('{"all":"of it"}')
    const { url, seen } = await serve((_, response, nth) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(nth === 1 ? packed.subarray(0, 14) : packed),
    )
    expect(await (await policy().fetch(url, { headers: { accept: 'application/json' } })).json()).toEqual({
      all: 'of it',
    })
    expect(seen).toHaveLength(2)
  })

  test('one text of many megabytes is cut, and all else that the answer says is there', async () => {
    const long = 'x'.repeat(LONGEST_TEXT * 2)
    const { url } = await serve((_, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify([long, long, 'after'])),
    )
    const answer = (await (await policy({ maxBytes: LONGEST_TEXT * 3 }).fetch(url)).json()) as string[]
    expect(answer.map(({ length }) => length)).toEqual([LONGEST_TEXT + 1, LONGEST_TEXT + 1, 'after'.length])
  })

  test('at most so many requests at a time', async () => {
    let now = 0
    let most = 0
    const { url } = await serve((_, response) => {
      now += 1
      most = Math.max(most, now)
      setTimeout(() => {
        now -= 1
        response.end()
      }, 5)
    })
    const { fetch } = policy({ concurrency: 3 })
    await Promise.all(Array.from({ length: 12 }, () => fetch(url)))
    expect(most).toBe(3)
  })

  test('an abort ends a wait, a running request and every queued one', async () => {
    const { fetch, run } = policy({ concurrency: 1 })
    const { url, seen } = await serve(() => run.abort())
    const all = [fetch(`${url}/1`), fetch(`${url}/2`)].map(errorOf)
    expect((await Promise.all(all)).map(({ code }) => code)).toEqual(['INTERRUPTED', 'INTERRUPTED'])
    expect(seen).toHaveLength(1)

    const waiting = policy({ sleep: () => new Promise(() => {}) })
    const { url: failing } = await serve(answering(500))
    setTimeout(() => waiting.run.abort(), 20)
    expect((await errorOf(waiting.fetch(failing))).code).toBe('INTERRUPTED')
  })
})

describe('credentials', () => {
  const headers = { authorization: 'Bearer canary', cookie: 'canary', 'x-api-key': 'canary', accept: 'text/plain' }

  test('do not follow a redirect to another origin', async () => {
    const other = await serve((_, response) => response.end('there'))
    const { url } = await serve((_, response) => response.writeHead(302, { location: `${other.url}/file` }).end())
    expect(await (await policy().fetch(url, { headers })).text()).toBe('there')
    expect(JSON.stringify(other.seen[0]?.headers)).not.toContain('canary')
    expect(other.seen[0]?.headers.accept).toBe('text/plain')
  })

  test.each(['two\nlines-of-a-secret', 'sécrët-of-Łódź'])(
    'that no header can hold are not repeated: %j',
    async (token) => {
      const { fetch } = policy()
      const error = await fetch('http://127.0.0.1:9/', { headers: { authorization: token } }).catch((thrown) => thrown)

      expect(error).toMatchObject({ code: 'CONFIG_INVALID' })
      expect(`${error.message}${error.hint}${error.stack}${error.cause}`).not.toContain(token.slice(-8))
    },
  )

  test('stay on a redirect within the origin', async () => {
    const { url, seen } = await serve((request, response) =>
      request.url === '/here' ? response.end() : response.writeHead(307, { location: '/here' }).end(),
    )
    await policy().fetch(`${url}/there`, { headers })
    expect(seen[1]?.headers.authorization).toBe('Bearer canary')
  })

  test.each([
    ['another port', 'https://source.example:8443/x'],
    ['another host, without naming a protocol', '//other.example/x'],
    ['another host, by a backslash', '/\\\\other.example/x'],
    ['a host that only begins alike', 'https://source.example.other.example/x'],
  ])('do not go to %s, nor back from there', async (_, location) => {
    const seen: [string, string | null][] = []
    const network: typeof fetch = async (input, init) => {
      seen.push([String(input), new Headers(init?.headers).get('authorization')])
      const to = ['', location, 'https://source.example/back'][seen.length]
      return to === undefined ? new Response('end') : new Response(null, { status: 302, headers: { location: to } })
    }
    await policy({ fetch: network }).fetch('https://source.example/', { headers })
    expect(seen.map(([, authorization]) => authorization)).toEqual(['Bearer canary', null, null])
  })

  test.each(['http://source.example/', 'https://user:pass@source.example/', 'file:///etc/passwd', 'https://'])(
    'a redirect from https to %s is not followed',
    async (location) => {
      const asked: string[] = []
      const network: typeof fetch = async (input) => {
        asked.push(String(input))
        return new Response(null, { status: 301, headers: { location } })
      }
      const error = await errorOf(policy({ fetch: network }).fetch('https://source.example/'))
      expect(error.code).toBe('ANSWER_INVALID')
      expect(asked).toHaveLength(1)
    },
  )

  test('four redirects are too many', async () => {
    const { url, seen } = await serve((_, response) => response.writeHead(302, { location: '/again' }).end())
    expect((await errorOf(policy().fetch(url))).code).toBe('ANSWER_INVALID')
    expect(seen).toHaveLength(4)
  })

  test.each<[string, (url: string) => string, Handler]>([
    ['in a query', (url) => `${url}/path?token=canary`, answering(503)],
    ['in a query, unreachable', () => 'http://127.0.0.1:1/path?token=canary', answering(200)],
    ['in front of the host', (url) => url.replace('http://', 'http://user:canary@'), answering(200)],
    ['in no URL at all', () => 'canary', answering(200)],
  ])('%s are in no error', async (_, urlOf, handler) => {
    const { url } = await serve(handler)
    const error = await errorOf(policy({ tries: 1 }).fetch(urlOf(url), { headers }))
    expect(`${error.message} ${error.hint} ${error.stack} ${error.cause}`).not.toContain('canary')
  })
})

import { describe, expect, test } from 'vitest'
import { askedWait, saidLimit } from '../../src/http/limit-headers.ts'
import { publishedLimits } from '../../src/http/published-limits.ts'

const NOW = Date.parse('2026-03-01T12:00:00Z')
const inTenSeconds = new Date(NOW + 10_000)

const said = (headers: Record<string, string>) => saidLimit(new Headers(headers), NOW)

describe('what is left, as each service says it', () => {
  test.each([
    [
      'Confluence Cloud, with a moment',
      { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': inTenSeconds.toISOString() },
      { limit: 100, left: { requests: 7, forMs: 10_050, refill: 100, unsureMs: 3000, tellsWhen: true } },
    ],
    [
      'Confluence Cloud, with a moment to the second',
      { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '7', 'x-ratelimit-reset': '2026-03-01T12:00:10Z' },
      { limit: 100, left: { requests: 7, forMs: 11_000, refill: 100, unsureMs: 3000, tellsWhen: true } },
    ],
    [
      'Intercom, in Unix seconds',
      {
        'x-ratelimit-limit': '167',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': `${inTenSeconds.getTime() / 1000}`,
      },
      { limit: 167, left: { requests: 0, forMs: 11_000, refill: 167, unsureMs: 3000, tellsWhen: true } },
    ],
    [
      'Zendesk, in seconds to go',
      { 'x-rate-limit': '700', 'x-rate-limit-remaining': '699', 'ratelimit-reset': '41' },
      { limit: 700, left: { requests: 699, forMs: 42_000, refill: 700, unsureMs: 3000, tellsWhen: true } },
    ],
    [
      'Confluence Data Center, which hands out tokens at intervals',
      {
        'x-ratelimit-limit': '50',
        'x-ratelimit-remaining': '3',
        'x-ratelimit-interval-seconds': '2',
        'x-ratelimit-fillrate': '10',
        'retry-after': '0',
      },
      { limit: 50, left: { requests: 3, forMs: 2000, refill: 10, unsureMs: 2000, tellsWhen: false } },
    ],
  ])('%s', (_, headers, expected) => {
    expect(said(headers)).toEqual(expected)
  })
})

describe('what can’t be believed', () => {
  const sane = { 'x-ratelimit-limit': '100', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '10' }

  test.each(['-5', 'soon', '', '1e3', '12345678901234567890', 'NaN', '0x10', '5, 5'])(
    'a limit or rest of %j is none',
    (text) => {
      expect(said({ ...sane, 'x-ratelimit-limit': text }).limit).toBeNull()
      expect(said({ ...sane, 'x-ratelimit-remaining': text }).left).toBeNull()
    },
  )

  test('a limit of nothing at all is none, and an absurd one is bounded', () => {
    expect(said({ ...sane, 'x-ratelimit-limit': '0' })).toMatchObject({ limit: null, left: { refill: 1 } })
    expect(said({ ...sane, 'x-ratelimit-limit': '999999999' }).limit).toBe(1_000_000)
  })

  test.each([
    ['in the past', new Date(NOW - 60_000).toISOString()],
    ['a day away', new Date(NOW + 86_400_000).toISOString()],
    ['centuries away', '99999999999999'],
    ['negative', '-20'],
    ['beyond any calendar', '9'.repeat(40)],
    ['words', 'tomorrow, perhaps'],
    ['nothing', ''],
  ])('a reset that is %s leaves the rest unsaid', (_, reset) => {
    expect(said({ ...sane, 'x-ratelimit-reset': reset }).left).toBeNull()
  })

  test('an answer without such headers says nothing', () => {
    expect(said({})).toEqual({ limit: null, left: null })
  })
})

test('moments are told by the clock of the source, where it sends one: this machine’s may be days off', () => {
  const days = 48 * 3_600_000
  const headers = { date: new Date(NOW).toUTCString(), 'x-ratelimit-reset': inTenSeconds.toISOString() }
  for (const now of [NOW - days, NOW + days]) {
    expect(askedWait(new Response(null, { status: 429, headers }), now)).toBe(10_000)
    const wait = { date: headers.date, 'retry-after': inTenSeconds.toUTCString() }
    expect(askedWait(new Response(null, { status: 503, headers: wait }), now)).toBe(10_000)
    expect(saidLimit(new Headers({ ...headers, 'x-ratelimit-remaining': '5' }), now).left?.forMs).toBe(10_050)
  }
  expect(askedWait(new Response(null, { status: 429, headers: { ...headers, date: 'now' } }), NOW)).toBe(10_000)
})

test('services are known by their hosts, and nothing is assumed of others', () => {
  const limitsOf = (address: string) =>
    publishedLimits(new URL(address)).map(({ requests, perMs }) => [requests, perMs])

  expect(limitsOf('https://api.intercom.io/articles')).toEqual([[1_666, 10_000]])
  expect(limitsOf('https://api.eu.intercom.io/articles')).toEqual([[1_666, 10_000]])
  expect(limitsOf('https://docs.googleapis.com/v1/documents/1')).toEqual([[300, 60_000]])
  expect(limitsOf('https://acme.zendesk.com/api/v2/help_center/articles.json')).toEqual([[200, 60_000]])
  expect(limitsOf('https://acme.zendesk.com/api/v2/incremental/tickets/cursor.json')).toEqual([
    [200, 60_000],
    [10, 60_000],
  ])
  for (const other of [
    'https://acme.atlassian.net/wiki',
    'https://zendesk.com.evil.example/',
    'http://127.0.0.1:80/',
  ]) {
    expect(limitsOf(other)).toEqual([])
  }
})

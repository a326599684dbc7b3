import { rename } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { type Knowledge, knowledgeFile } from './knowledge.ts'
import { SERVICE_TOKEN, serving, userToken } from './stage.ts'

const pages: Knowledge = {
  wiki: {
    vpn: { title: 'VPN', markdown: '# Setup\n\nThe tunnel needs a certificate.', more: { labels: ['network'] } },
    'a/b': { title: 'Odd id', markdown: 'A slash in its name.', more: { url: 'file:///etc/odd' } },
    prices: { title: 'Prices', markdown: 'The tunnel costs nothing.', access: ['group:customers'] },
    ada: { title: 'For Ada', markdown: 'Her tunnel is ready.', access: ['user:ada'] },
    secret: { title: 'Plans', markdown: 'The tunnel will be sold.', access: ['group:staff'] },
  },
}
const file = await knowledgeFile(pages)

test('a question finds what whoever asks may read, by address and by body alike', async () => {
  const { ask } = await serving(file)
  const titles = async (token?: string) => {
    const { json } = await ask('/v1/search?q=tunnel', token === undefined ? {} : { token })
    const { json: same } = await ask('/v1/search', { body: { query: 'tunnel' }, ...(token && { token }) })
    expect(same).toEqual(json)
    return json.results.map(({ title }: { title: string }) => title).sort()
  }

  expect(await titles()).toEqual(['VPN'])
  expect(await titles(await userToken())).toEqual(['For Ada', 'Prices', 'VPN'])
  expect(await titles(await userToken({ user_id: 'bob' }))).toEqual(['Prices', 'VPN'])
  expect(await titles(await userToken({ user_id: 'bob', role: ['agent', 'x'] }))).toEqual(['Plans', 'Prices', 'VPN'])
  expect(await titles(SERVICE_TOKEN)).toEqual(['Plans', 'VPN'])
})

test('a result is flat, has a rank, a link and no score', async () => {
  const { ask } = await serving(file)

  const { json, headers } = await ask('/v1/search?q=certificate&limit=1&typing=true')

  expect(json).toEqual({
    results: [
      {
        ...{ rank: 1, id: 'wiki:vpn', title: 'VPN', url: 'https://wiki.example/vpn', headings: ['Setup'] },
        ...{ path: ['Space'], kind: 'page', source: 'wiki', updated_at: '2026-01-01T00:00:00Z' },
        ...{ snippet: 'Setup The tunnel needs a certificate.', highlights: [[25, 36]] },
      },
    ],
  })
  expect(headers.get('cache-control')).toBe('no-store')
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('content-security-policy')).toContain("default-src 'none'")
})

test('filters narrow, alike in an address and in a body', async () => {
  const { ask } = await serving(file)
  const count = async (query: string, body: object) => {
    const [one, other] = [
      await ask(`/v1/search?q=tunnel&${query}`),
      await ask('/v1/search', { body: { query: 'tunnel', ...body } }),
    ]
    expect(one.json).toEqual(other.json)
    return one.json.results.length
  }

  expect(await count('label=network&label=other', { labels: ['network', 'other'] })).toBe(1)
  expect(await count('label=other', { labels: ['other'] })).toBe(0)
  expect(await count('kind=page&source=wiki', { kinds: ['page'], sources: ['wiki'] })).toBe(1)
  expect(await count('kind=ticket', { kinds: ['ticket'] })).toBe(0)
  expect(await count('updated_since=2026-01-02', { updated_since: '2026-01-02' })).toBe(0)
})

test('passages for a model fit into its tokens, with the place that each has in its document', async () => {
  const { ask } = await serving(file)

  const { json } = await ask('/v1/context', { body: { query: 'tunnel', max_tokens: 512 }, token: SERVICE_TOKEN })

  expect(json.passages.map(({ id }: { id: string }) => id).sort()).toEqual(['wiki:secret', 'wiki:vpn'])
  for (const { id, text, start, end } of json.passages) {
    const { json: document } = await ask(`/v1/documents/${id}`, { token: SERVICE_TOKEN })
    expect(document.markdown.slice(start, end)).toContain(text)
  }
})

test('a document is read whole, by any id, and not sent again while it is the same', async () => {
  const { ask } = await serving(file)

  const { json, headers } = await ask(`/v1/documents/${encodeURIComponent('wiki:a/b')}`)
  const tag = headers.get('etag') ?? ''
  const again = await ask('/v1/documents/wiki%3Aa%2Fb', { headers: { 'if-none-match': tag } })

  expect(json).toMatchObject({ id: 'wiki:a/b', markdown: 'A slash in its name.\n', url: 'urn:unsilo:wiki%3Aa%2Fb' })
  expect(tag).not.toBe('')
  expect(again).toMatchObject({ status: 304, text: '' })
})

test('a hidden document is told as one that is not there, byte for byte', async () => {
  const { ask } = await serving(file)

  const hidden = await ask('/v1/documents/wiki:secret')
  const missing = await ask('/v1/documents/wiki:nothin')

  expect(hidden.status).toBe(404)
  expect(hidden.text).toBe(missing.text)
  expect(headersOf(hidden.headers)).toEqual(headersOf(missing.headers))
})

function headersOf(headers: Headers): readonly (readonly [string, string])[] {
  return [...headers].filter(([name]) => name !== 'date')
}

test.each([
  ['/v1/search', {}],
  ['/v1/search?q=', {}],
  ['/v1/search?q=x&limit=0', {}],
  ['/v1/search?q=x&limit=many', {}],
  ['/v1/search?q=x&kind=book', {}],
  ['/v1/search?q=x&kinds=page', {}],
  ['/v1/search?q=x&updated_since=yesterday', {}],
  [`/v1/search?q=${'x'.repeat(501)}`, {}],
  ['/v1/search', { body: '{"query": "x"' }],
  ['/v1/search', { body: { query: 'x', lables: ['y'] } }],
  ['/v1/context', { body: { query: 'x', max_tokens: 1 } }],
])('what is asked wrongly is refused with a problem: %s %j', async (path, asked) => {
  const { ask } = await serving(file)

  const { status, json, headers } = await ask(path, asked)

  expect(status).toBe(400)
  expect(json).toMatchObject({ type: 'about:blank', title: 'Bad request', status: 400 })
  expect(headers.get('content-type')).toBe('application/problem+json')
})

test('a body beyond 64 KB is refused, one that is not said to be JSON, and an address that is not there', async () => {
  const { ask } = await serving(file)

  expect((await ask('/v1/search', { body: { query: 'x'.repeat(70_000) } })).status).toBe(413)
  const headers = { 'content-type': 'text/plain' }
  expect((await ask('/v1/search', { body: { query: 'x' }, headers })).status).toBe(415)
  expect((await ask('/v2/search')).status).toBe(404)
})

test('a token that is not good is refused, and never taken for none', async () => {
  const { ask, reported } = await serving(file)
  const refused = [
    `${SERVICE_TOKEN}x`,
    'unsilo_',
    'x',
    await userToken({}, 'another secret that is as long as the one'),
  ]

  for (const token of refused) {
    const { status, headers } = await ask('/v1/search?q=tunnel', { token })
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
  }
  for (const authorization of [
    '',
    'Basic eDp5',
    'Bearer',
    `Bearer  ${SERVICE_TOKEN}`,
    `Bearer ${SERVICE_TOKEN} ${SERVICE_TOKEN}`,
  ]) {
    expect((await ask('/v1/documents/wiki:vpn', { headers: { authorization } })).status).toBe(401)
  }
  expect(reported).toEqual([])
})

test('who asks too often is told when to come back, and others are not', async () => {
  const { ask } = await serving(file, { perMinute: 2, proxies: 1 })
  const from = (address: string) => ask('/v1/search?q=x', { headers: { 'x-forwarded-for': `spoofed, ${address}` } })

  expect([await from('9.9.9.1'), await from('9.9.9.1')].map(({ status }) => status)).toEqual([200, 200])
  const { status, headers } = await from('9.9.9.1')
  expect([status, headers.get('retry-after')]).toEqual([429, '30'])
  expect((await from('9.9.9.2')).status).toBe(200)
  expect((await ask('/v1/search?q=x', { token: SERVICE_TOKEN })).status).toBe(200)
  expect((await ask('/v1/health')).status).toBe(200)
})

test('all addresses of one IPv6 network are one asker', async () => {
  const { ask } = await serving(file, { perMinute: 2, proxies: 1 })
  const from = async (address: string) =>
    (await ask('/v1/search?q=x', { headers: { 'x-forwarded-for': address } })).status

  expect([await from('2001:db8:0:1::1'), await from('2001:DB8:0:1:a:b:c:d')]).toEqual([200, 200])
  expect(await from('2001:db8:0:1:ffff::')).toBe(429)
  for (const other of ['2001:db8:0:2::1', '2001:db8::1', '::ffff:9.9.9.1', '9.9.9.1'])
    expect(await from(other)).toBe(200)
  expect(await from('::ffff:9.9.9.1')).toBe(429)
})

test('a page of a named origin is told that nothing changed, and another is not', async () => {
  const { ask } = await serving(file)
  const from = async (origin: string, match: string) => {
    const { status, headers } = await ask('/v1/collections', { headers: { origin, 'if-none-match': match } })
    return [status, headers.get('access-control-allow-origin')]
  }
  const tag = (await ask('/v1/collections')).headers.get('etag') ?? ''
  expect(await from('https://app.example', tag)).toEqual([304, 'https://app.example'])
  expect(await from('https://evil.example', tag)).toEqual([304, null])
})

test('browsers are told of HTTPS for this host, and nothing for the hosts below it', async () => {
  const { ask } = await serving(file)
  for (const path of ['/v1/health', '/help', '/help/unsilo-help.js']) {
    expect((await ask(path)).headers.get('strict-transport-security')).toBe('max-age=15552000')
  }
})

test('nothing between takes what one reader was answered for what another is', async () => {
  const { ask } = await serving(file)
  for (const path of ['/v1/search?q=x', '/v1/collections', '/v1/documents/wiki:none', '/metrics']) {
    expect((await ask(path)).headers.get('vary')).toContain('Authorization')
  }
})

test('pages of the named origins may ask, and no others', async () => {
  const { ask } = await serving(file)
  const allowed = async (origin: string) => {
    const { headers } = await ask('/v1/search?q=x', { headers: { origin } })
    return headers.get('access-control-allow-origin')
  }

  expect(await allowed('https://app.example')).toBe('https://app.example')
  for (const origin of ['https://app.example.evil', 'http://app.example', 'https://app.example:444', 'null']) {
    expect(await allowed(origin)).toBe(null)
  }
})

test('an index that is replaced is read on, and one that is gone is told as that', async () => {
  const own = await knowledgeFile(pages)
  const other = await knowledgeFile({ wiki: { new: { title: 'New', markdown: 'A tunnel of another file.' } } })
  const { ask, reported } = await serving(own)
  expect((await ask('/v1/ready')).status).toBe(200)

  await rename(other, own)
  const { json } = await ask('/v1/search?q=tunnel')
  expect(json.results.map(({ title }: { title: string }) => title)).toEqual(['New'])

  await rename(own, `${own}.away`)
  const { status, text, headers } = await ask('/v1/search?q=tunnel')
  expect([status, headers.get('retry-after')]).toEqual([503, '5'])
  expect(text).not.toContain(own)
  expect((await ask('/v1/ready')).status).toBe(503)
  expect(reported).toHaveLength(2)

  await rename(`${own}.away`, own)
  expect((await ask('/v1/ready')).status).toBe(200)
})

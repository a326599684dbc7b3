import { afterEach, expect, test } from 'vitest'
import { type OpenAiCompatible, openAiCompatible } from '../../src/embed/openai-compatible.ts'
import { createFetch } from '../../src/http/fetch.ts'
import { closeServers, serve } from '../http/serve.ts'
import { type Answer, DIMENSIONS, embeddingsOf, serveEmbeddings, vectorOf } from './embedding-server.ts'

const { signal } = new AbortController()
const TEXTS = ['refund twice', 'login error', 'export a page']

afterEach(closeServers)

test('texts go out with the model, the key and what the model wants in front, and come back in their order', async () => {
  const server = await serveEmbeddings(({ input }) => {
    const answer = embeddingsOf(input)
    return { body: JSON.stringify({ ...answer, data: answer.data.toReversed() }) }
  })
  const embedder = embedderAt(`${server.url}/v1/`, { apiKey: 'canary', prefixes: { query: 'query: ', passage: '' } })

  expect(await embedder.embed(TEXTS, 'passage', signal)).toEqual(TEXTS.map((text) => Float32Array.from(vectorOf(text))))
  await embedder.embed(['refund'], 'query', signal)

  expect(server.asked).toEqual([
    { path: '/v1/embeddings', authorization: 'Bearer canary', model: 'm', input: TEXTS },
    { path: '/v1/embeddings', authorization: 'Bearer canary', model: 'm', input: ['query: refund'] },
  ])
})

test('a server without keys and without indexes in its answers is one too', async () => {
  const server = await serveEmbeddings(({ input }) => ({
    body: JSON.stringify({ data: input.map((text) => ({ embedding: vectorOf(text) })) }),
  }))

  const vectors = await embedderAt(server.url).embed(TEXTS, 'passage', signal)

  expect(vectors).toEqual(TEXTS.map((text) => Float32Array.from(vectorOf(text))))
  expect(server.asked[0]?.authorization).toBeUndefined()
})

test('the identity changes with whatever changes vectors, and not with the place', () => {
  const identities = [
    embedderAt('http://a'),
    embedderAt('http://b'),
    embedderAt('http://a', { model: 'n' }),
    embedderAt('http://a', { dimensions: 8 }),
    embedderAt('http://a', { prefixes: { query: '', passage: 'passage: ' } }),
  ].map(({ identity }) => identity)

  expect(identities[0]).toBe(identities[1])
  expect(new Set(identities).size).toBe(4)
})

const whole = embeddingsOf(TEXTS)
const [first, second, third] = whole.data

test.for<[string, Answer]>([
  ['429', { status: 429, body: '{}' }],
  ['500', { status: 500, body: 'oops' }],
  ['503', { status: 503, headers: { 'retry-after': '1' }, body: '' }],
  ['JSON that is cut', { body: JSON.stringify(whole).slice(0, -40) }],
  ['a page', { headers: { 'content-type': 'text/html' }, body: '<html>Please log in</html>' }],
])('%s, once: asked again', async ([, answer]) => {
  const server = await serveEmbeddings((_, nth) => (nth === 1 ? answer : undefined))

  expect(await embedderAt(server.url).embed(TEXTS, 'passage', signal)).toHaveLength(3)
  expect(server.asked).toHaveLength(2)
})

test.for<[string, Answer, string]>([
  ['429', { status: 429, body: '{}' }, 'RATE_LIMITED'],
  ['500', { status: 500, body: '{}' }, 'SOURCE_UNAVAILABLE'],
  ['JSON that is cut', { body: JSON.stringify(whole).slice(0, -40) }, 'ANSWER_INVALID'],
  ['no vectors', { body: '{"error":"busy"}' }, 'ANSWER_INVALID'],
  ['too few vectors', { body: JSON.stringify({ data: [first, second] }) }, 'ANSWER_INVALID'],
  ['too many vectors', { body: JSON.stringify({ data: [first, second, third, first] }) }, 'ANSWER_INVALID'],
  ['one text twice', { body: JSON.stringify({ data: [first, second, second] }) }, 'ANSWER_INVALID'],
  ['a text not sent', { body: JSON.stringify({ data: [first, second, { ...third, index: 3 }] }) }, 'ANSWER_INVALID'],
  ['text for a number', { body: withNumber('"NaN"') }, 'ANSWER_INVALID'],
  ['null for a number', { body: withNumber('null') }, 'ANSWER_INVALID'],
  ['a number without end', { body: withNumber('1e999') }, 'ANSWER_INVALID'],
  ['a bare NaN', { body: withNumber('NaN') }, 'ANSWER_INVALID'],
  ['zeros', { body: JSON.stringify({ data: [first, second, { index: 2, embedding: zeros() }] }) }, 'ANSWER_INVALID'],
  [
    'another length',
    { body: JSON.stringify({ data: [first, second, { index: 2, embedding: [1] }] }) },
    'CONFIG_INVALID',
  ],
  ['401', { status: 401, body: '{}' }, 'AUTH_REJECTED'],
  ['404', { status: 404, body: '{}' }, 'CONFIG_INVALID'],
  ['413', { status: 413, body: '{}' }, 'DOCUMENT_UNREADABLE'],
  ['a redirect away', { status: 302, body: '' }, 'ANSWER_INVALID'],
])('%s, always: no vector at all, and an error that says so', async ([, answer, code]) => {
  const server = await serveEmbeddings(() => answer)
  const embedder = embedderAt(server.url, { apiKey: 'canary' })

  const error: unknown = await embedder.embed(TEXTS, 'passage', signal).catch((thrown: unknown) => thrown)

  expect(error).toMatchObject({ code })
  expect(`${error}`).not.toMatch(/canary|refund/)
})

test.for([302, 303, 307])(
  'a redirect (%i) to another host is not followed: that one was not sent the texts',
  async (status) => {
    const reached: unknown[] = []
    const other = await serve((request, response) => {
      reached.push(request.url)
      response.end(JSON.stringify(whole))
    })
    const server = await serveEmbeddings(() => ({ status, headers: { location: other.url }, body: '' }))

    const embedding = embedderAt(server.url, { apiKey: 'canary' }).embed(TEXTS, 'passage', signal)

    await expect(embedding).rejects.toMatchObject({ code: 'ANSWER_INVALID' })
    expect(reached).toEqual([])
  },
)

test('nothing listens: unavailable', async () => {
  const embedding = embedderAt('http://127.0.0.1:1').embed(TEXTS, 'query', signal)

  await expect(embedding).rejects.toMatchObject({ code: 'SOURCE_UNAVAILABLE' })
})

function embedderAt(baseUrl: string, config: Partial<OpenAiCompatible> = {}) {
  const sleep = async () => {}
  const usual = { model: 'm', dimensions: DIMENSIONS, prefixes: { query: '', passage: '' } }
  const fetch = createFetch({ signal, sleep, random: () => 0 })
  return openAiCompatible({ ...usual, atOnce: { texts: 8, tokens: 1000 }, baseUrl, ...config }, fetch)
}

function withNumber(json: string): string {
  return JSON.stringify(whole).replace(/"embedding":\[[^,]+/, `"embedding":[${json}`)
}

function zeros(): number[] {
  return new Array<number>(DIMENSIONS).fill(0)
}

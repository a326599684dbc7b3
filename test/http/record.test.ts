import { describe, expect, test } from 'vitest'
import { unrecorded } from '../../src/http/call.ts'
import { formatRecording, parseRecording, recordingFetch, replayingFetch } from '../../src/http/record.ts'

const api = 'https://example.atlassian.net/wiki/api/v2'

/** Answers with what it was asked, and with headers that must not be kept. */
const echo: typeof fetch = async (input, init) =>
  Response.json(
    { asked: `${init?.method ?? 'GET'} ${new URL(String(input)).pathname}`, access_token: 'canary-answer' },
    { headers: { link: '</next>; rel="next"', 'set-cookie': 'canary-cookie', 'x-trace': 'canary-trace' } },
  )

async function record(...calls: [string, RequestInit?][]) {
  const recorder = recordingFetch(echo)
  for (const [url, init] of calls) await recorder.fetch(url, init)
  return recorder.recording()
}

describe('a recording', () => {
  test('reads back as it was written, and answers what was answered', async () => {
    const recording = await record([`${api}/pages`], [`${api}/spaces`, { method: 'POST', body: '{"a":1}' }])
    const replay = replayingFetch(parseRecording(formatRecording(recording), 'a.json'))

    const answer = await replay.fetch(`${api}/spaces`, { method: 'POST', body: '{"a":1}' })
    expect(await answer.json()).toMatchObject({ asked: 'POST /wiki/api/v2/spaces' })
    expect(answer.headers.get('link')).toBe('</next>; rel="next"')
    expect(replay.unused()).toEqual([`GET ${api}/pages`])
  })

  test('holds no credential, wherever it travels, and replays all the same', async () => {
    const secret: [string, RequestInit?][] = [
      [`${api}/pages?token=canary-1&limit=5`, { headers: { authorization: 'Bearer canary-2' } }],
      [`${api}/token`, { method: 'POST', body: 'grant_type=refresh_token&refresh_token=canary-3' }],
      [`${api}/token`, { method: 'POST', body: '{"client_secret":"canary-\\"4"}' }],
      ['https://user:canary-5@example.com/'],
    ]
    const text = formatRecording(await record(...secret))
    const replay = replayingFetch(parseRecording(text, 'a.json'))

    expect(text).not.toContain('canary')
    expect(text).toContain('limit=5')
    for (const [url, init] of secret) await replay.fetch(url, init)
    expect(replay.unused()).toEqual([])
  })

  test('leaves out what a replay, which has no credentials, does not ask', async () => {
    const recording = await record([`${api}/pages`], [`${api}/token`, unrecorded({ method: 'POST', body: 'a=1' })])
    expect(recording.exchanges.map(({ url }) => url)).toEqual([`${api}/pages`])
  })

  test('is the same whatever the order of different requests was', async () => {
    const [a, b]: [[string], [string]] = [[`${api}/a`], [`${api}/b`]]
    expect(formatRecording(await record(a, b))).toBe(formatRecording(await record(b, a)))
  })

  test('keeps JSON readable, and text and large numbers as they came', async () => {
    const bodies = ['{"a":[1,2]}', '<p>text</p>', '{"id":12345678901234567890}', '"text"', '']
    const recorder = recordingFetch(
      async (input) => new Response(bodies[Number(new URL(String(input)).pathname.slice(1))]),
    )
    for (const index of bodies.keys()) await recorder.fetch(`https://example.com/${index}`)
    const recording = recorder.recording()
    const replay = replayingFetch(recording)

    expect(recording.exchanges.map(({ body }) => body)).toEqual([{ a: [1, 2] }, ...bodies.slice(1)])
    for (const [index, body] of bodies.entries()) {
      expect(await (await replay.fetch(`https://example.com/${index}`)).text()).toBe(body)
    }
  })
})

describe('replaying', () => {
  test('answers equal requests in their order, and not once more', async () => {
    let count = 0
    const recorder = recordingFetch(async () => new Response(`answer ${++count}`))
    for (const _ of [1, 2]) await recorder.fetch(api)
    const replay = replayingFetch(recorder.recording())

    expect(await (await replay.fetch(api)).text()).toBe('answer 1')
    expect(await (await replay.fetch(api)).text()).toBe('answer 2')
    await expect(replay.fetch(api)).rejects.toMatchObject({
      code: 'REPLAY_MISMATCH',
      message: expect.stringContaining('more often'),
    })
  })

  test('refuses what was not recorded and names the nearest that was', async () => {
    const replay = replayingFetch(await record([`${api}/pages?limit=250`], [`${api}/spaces`]))
    await expect(replay.fetch(`${api}/pages?limit=25`)).rejects.toMatchObject({
      code: 'REPLAY_MISMATCH',
      message: expect.stringMatching(/limit=25 was not recorded.*limit=250/),
    })
  })
})

describe('a broken file', () => {
  const exchange = { method: 'GET', url: 'https://example.com/', status: 200, headers: {}, body: '' }
  const withEntry = (change: object) =>
    JSON.stringify({ version: 1, exchanges: [exchange, { ...exchange, ...change }] })

  test.each([
    ['{"version":1', 'a.json is not valid JSON'],
    ['[]', 'a.json'],
    ['{"version":2,"exchanges":[]}', 'a.json.version'],
    [withEntry({ url: 'file:///etc/passwd' }), 'a.json: exchanges[1].url'],
    [withEntry({ status: '200' }), 'a.json: exchanges[1].status'],
    [withEntry({ headers: { authorization: 'x' } }), 'a.json: exchanges[1].headers'],
    [withEntry({ body: undefined }), 'a.json: exchanges[1].body'],
    [withEntry({ extra: 1 }), 'a.json: exchanges[1]'],
  ])('%s says where', (text, place) => {
    expect(() => parseRecording(text, 'a.json')).toThrow(place)
  })
})

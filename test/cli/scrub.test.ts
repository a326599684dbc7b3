import { expect, test } from 'vitest'
import { namingPeople, recordingPolicy, scrubRecording } from '../../src/cli/scrub.ts'
import type { Change, Connector, Recordable } from '../../src/core/connector.ts'
import type { Json } from '../../src/core/json.ts'
import type { Recording } from '../../src/http/record.ts'

const ON = { patterns: [] }
const anything = { parse: (input: unknown) => input as Json }
const head = { id: '1', version: '1', title: '', url: '', updatedAt: '', path: [], kind: 'ticket' as const, access: [] }
const connector: Connector = {
  name: 'desk',
  config: anything,
  cursor: anything,
  async *pull(): AsyncIterable<Change> {
    yield { type: 'upsert', head, load: async () => ({ markdown: '', people: ['Ana Silva'] }) }
  },
}

/** Knows one kind of answer: keeps its text and names its author. */
function recordable(answer: Json): Recordable {
  if (answer === null || typeof answer !== 'object' || !('text' in answer)) return { answer: null, people: [] }
  const { text, author } = answer as { text: string; author: string }
  return { answer: { text }, people: [author] }
}

function recorded(body: Json, more: Partial<Recording['exchanges'][number]> = {}): Recording['exchanges'][number] {
  return { method: 'GET', url: 'https://desk.example/1', status: 200, headers: {}, body, ...more }
}

function scrub(exchanges: Recording['exchanges'], own: Partial<Connector> = {}, named: readonly string[] = []) {
  return scrubRecording({ exchanges }, { ...connector, ...own }, ON, named).exchanges
}

test('answers are cut to what the connector reads, and the people of each are removed from all', () => {
  const exchanges = [
    recorded({ text: 'Jean wrote: call Lefebvre', author: 'Jean Dupont', note: 'a secret note' }),
    recorded('{"text":"Dupont","author":"Zoé Lefebvre","big":12345678901234567890}'),
    recorded('<html>Jean Dupont</html>', { status: 502 }),
  ]

  expect(scrub(exchanges, { recordable }).map(({ body }) => body)).toEqual([
    { text: '[PERSON_1] wrote: call [PERSON_2]' },
    { text: '[PERSON_1]' },
    null,
  ])
})

test('addresses, requests and headers say the same placeholders as the answers; ids, keys and all else stay', () => {
  const next = 'https://desk.example/?email=jean%40example.org&page=2'
  const id = '4111111111111111'
  const [shown, plain] = scrub([
    recorded(
      {
        next,
        id,
        item_ids: [id],
        phone: 33639981234,
        Mobile: '33639981234',
        count: 33639981234,
        at: 1719494400,
        email: 'jean@example.org',
        n: 4111111111111111,
      },
      { url: next, requestBody: '{"q":"jean@example.org"}', headers: { link: `<${next}>; rel="next"` } },
    ),
    recorded({ at: '2026-01-01T00:00:00Z' }, { requestBody: '{ "q": 1 }' }),
  ])

  const clean = 'https://desk.example/?email=[EMAIL_1]&page=2'
  expect(shown).toMatchObject({
    url: clean,
    requestBody: '{"q":"[EMAIL_1]"}',
    headers: { link: `<${clean}>; rel="next"` },
  })
  expect(shown?.body).toEqual({
    next: clean,
    id,
    item_ids: [id],
    phone: 0,
    Mobile: '[PHONE_1]',
    count: 33639981234,
    at: 1719494400,
    email: '[EMAIL_1]',
    n: 0,
  })
  expect(plain).toMatchObject({ requestBody: '{ "q": 1 }', body: { at: '2026-01-01T00:00:00Z' } })
})

test('people whom a loaded body names are removed too', async () => {
  const named: string[] = []
  for await (const change of namingPeople(connector, (people) => named.push(...people)).pull({} as never, null)) {
    if (change.type === 'upsert') await change.load(change.head.id)
  }

  expect(scrub([recorded({ by: 'silva' })], {}, named)[0]?.body).toEqual({ by: '[PERSON_1]' })
})

test('what a connector asks for holds although the configuration turns it off, and one that cannot say what to keep is refused', () => {
  expect(recordingPolicy(connector, null)).toBeNull()
  expect(recordingPolicy(connector, ON)).toEqual(ON)
  expect(recordingPolicy({ ...connector, redact: true, recordable }, null)).toEqual(ON)
  expect(() => recordingPolicy({ ...connector, redact: true }, ON)).toThrow(/desk can't be recorded/)
})

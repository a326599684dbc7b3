/**
 * Every door to the index, as `unsilo eval access` asks it: the query core as the command line does, and the server as a
 * client does, over requests. What a door answers is told word for word.
 */
import type { Principal } from '../core/access.ts'
import type { FeedbackBook } from '../core/feedback.ts'
import type { Store } from '../core/store.ts'
import { answer } from '../query/answer.ts'
import { embedded, nearestArm } from '../query/arms.ts'
import type { Probe } from '../query/evaluation/planted.ts'
import { WORD_VECTORS } from '../query/evaluation/word-vectors.ts'
import { search } from '../query/search.ts'
import { createApp } from '../serve/app.ts'
import { asking, solving } from '../serve/asking/ask.ts'
import { hashOf, newToken } from '../serve/identity/tokens.ts'
import { serveMetrics } from '../serve/metrics.ts'

export interface ProbedDoor {
  readonly name: string
  /** All that leaves, but what says when. */
  ask(as: readonly Principal[], probe: Probe): Promise<string>
}

/** Asks the server in the name of a reader. */
type Request = (as: readonly Principal[], address: string, body?: unknown) => Promise<string>

const MOST = 20
const MANY = 10_000_000
const KEEPS_NOTHING: FeedbackBook = { add: async () => undefined, close: async () => undefined }
const MCP_ACCEPTS = 'application/json, text/event-stream'
/** Headers of an answer that could tell something. */
const TOLD = ['content-type', 'etag', 'cache-control', 'www-authenticate', 'retry-after']

/** @param store with vectors of `WORD_VECTORS`, by which the server's doors find beside words  @param readers all that will ask */
export function doorsTo(store: Store, readers: readonly (readonly Principal[])[]): readonly ProbedDoor[] {
  const request = requestsTo(store, readers)
  return [...coreDoors(store), ...restDoors(request), ...mcpDoors(request)]
}

const nearOf = (text: string) => embedded(WORD_VECTORS, text, new AbortController().signal)

function coreDoors(index: Store): readonly ProbedDoor[] {
  const searched = async (query: Parameters<typeof search>[1]) => JSON.stringify(await search(index, query))
  return [
    { name: 'search', ask: (as, { text }) => searched({ text, as, limit: MOST }) },
    { name: 'search --typing', ask: (as, { text }) => searched({ text, as, limit: MOST, isUnfinished: true }) },
    {
      name: 'search by vectors',
      ask: async (as, { text }) => {
        const arms = [nearestArm(index, await nearOf(text))]
        return JSON.stringify(await search(index, { text, as, limit: MOST }, undefined, arms))
      },
    },
    {
      name: 'search by source and label',
      ask: (as, { text, source, label }) => searched({ text, as, limit: MOST, sources: [source], labels: [label] }),
    },
    { name: 'ask', ask: async (as, { text }) => JSON.stringify((await answer(index, { text, as })).quotes) },
    { name: 'show', ask: async (as, { id }) => JSON.stringify(await index.document(id, as)) },
  ]
}

function restDoors(request: Request): readonly ProbedDoor[] {
  return [
    {
      name: 'GET /v1/search',
      ask: (as, { text }) => request(as, `/v1/search?${parameters({ q: text, limit: '50' })}`),
    },
    {
      name: 'POST /v1/search, typing',
      ask: (as, { text }) => request(as, '/v1/search', { query: text, limit: MOST, typing: true }),
    },
    {
      name: 'POST /v1/search, filtered',
      ask: (as, { text: query, source, label, kind, locale }) =>
        request(as, '/v1/search', { query, sources: [source], labels: [label], kinds: [kind], locales: [locale] }),
    },
    {
      name: 'POST /v1/context',
      ask: (as, { text, kind }) => request(as, '/v1/context', { query: text, kinds: [kind], max_tokens: 20_000 }),
    },
    {
      name: 'POST /v1/answer',
      ask: (as, { text: query }) => request(as, '/v1/answer', { query }),
    },
    {
      name: 'GET /v1/documents/{id}',
      ask: (as, { id }) => request(as, `/v1/documents/${encodeURIComponent(id)}`),
    },
    {
      name: 'GET /v1/documents/{id}?format=html',
      ask: (as, { id }) => request(as, `/v1/documents/${encodeURIComponent(id)}?format=html`),
    },
    { name: 'GET /v1/collections', ask: (as) => request(as, '/v1/collections') },
    {
      name: 'GET /v1/collections?source=',
      ask: (as, { source, path }) =>
        request(
          as,
          `/v1/collections?${parameters({ source })}${path.map((name) => `&${parameters({ path: name })}`).join('')}`,
        ),
    },
    {
      name: 'POST /v1/feedback',
      ask: (as, { id: document }) => request(as, '/v1/feedback', { document, helpful: false }),
    },
    {
      name: 'mistakes',
      ask: (as, { text, label }) =>
        request(as, `/v1/search?${parameters({ q: text, kind: label, updated_since: label, [label]: text })}`),
    },
  ]
}

function mcpDoors(request: Request): readonly ProbedDoor[] {
  const call = (as: readonly Principal[], name: string, input: Readonly<Record<string, unknown>>) =>
    request(as, '/mcp', { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: input } })
  return [
    { name: 'mcp search', ask: (as, { text }) => call(as, 'search', { query: text }) },
    { name: 'mcp fetch', ask: (as, { id }) => call(as, 'fetch', { id }) },
    {
      name: 'mcp search_passages',
      ask: (as, { text, source }) =>
        call(as, 'search_passages', { query: text, sources: [source], max_tokens: 20_000 }),
    },
    { name: 'mcp list_sources', ask: (as) => call(as, 'list_sources', {}) },
  ]
}

/** The server's app, listening nowhere; each reader has a token, but who reads what is public. */
function requestsTo(index: Store, readers: readonly (readonly Principal[])[]): Request {
  const tokens = new Map(
    readers.filter(({ length }) => length > 0).map((as) => [nameOf(as), { as, token: newToken() }]),
  )
  const app = createApp({
    ...{ index, ask: asking(solving(index), nearOf), publicUrl: undefined, version: '0', origins: [], perMinute: MANY },
    feedback: KEEPS_NOTHING,
    metrics: serveMetrics({ version: '0', now: () => 0, ofProcess: false }),
    identity: () => ({ tokens: [...tokens].map(([name, { as, token }]) => ({ name, hash: hashOf(token), as })) }),
    ...{ now: () => 0, addressOf: () => '', knownHost: null, report: () => undefined },
  })
  return async (as, address, body) => {
    const token = tokens.get(nameOf(as))?.token
    const answered = await app.request(address, {
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json', accept: MCP_ACCEPTS }),
      },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    })
    const headers = TOLD.map((name) => `${name}: ${answered.headers.get(name) ?? ''}`)
    return [answered.status, ...headers, await answered.text()].join('\n')
  }
}

function nameOf(as: readonly Principal[]): string {
  return as.join(' ')
}

function parameters(values: Readonly<Record<string, string>>): string {
  return new URLSearchParams(values).toString()
}

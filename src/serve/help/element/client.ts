/** Asks the HTTP API in the name of one reader: the token goes into a header, and nowhere else. */
import type { Article, Result, Shelf } from './answers.ts'
import { failure, failureOf, isAborted, kindOf } from './failure.ts'
import type { Kept } from './kept.ts'

export interface Client {
  /** Of the server that is asked. */
  readonly base: string
  search(query: string, how: { typing: boolean; locale: string }, signal: AbortSignal): Promise<Found>
  shelf(place: Place | null, signal: AbortSignal): Promise<Loaded<Shelf>>
  /** The documents behind those that an answer gave, by its cursor. */
  more(place: Place, cursor: string): Promise<Shelf>
  article(id: string, signal: AbortSignal): Promise<Loaded<Article>>
  feedback(said: Feedback): Promise<void>
  /** What was answered before under this key, to be shown at once. */
  remembered(key: string): unknown
}

export interface Found {
  readonly results: readonly Result[]
  /** Nothing was found in the language that was asked for, and these are in others. */
  readonly isOtherLanguage: boolean
}

export interface Loaded<T> {
  readonly value: T
  /** There was no network, and this is what was read before. */
  readonly isKept: boolean
}

export interface Place {
  readonly source: string
  readonly path: readonly string[]
}

export interface Feedback {
  readonly document: string
  readonly helpful: boolean
  readonly query?: string
  readonly comment?: string
}

export interface ClientOptions {
  readonly base: string
  readonly kept: Promise<Kept>
  token(): string | null
  /** Asked once when a token was refused: a new one, or null where there is none. */
  renew(): Promise<string | null>
  /** The token was refused, and there is no other. */
  refused(): void
}

const TIMEOUT_MS = 15_000
const LIMIT = 8
const MOST_REMEMBERED = 40

export const shelfKey = (place: Place | null): string =>
  `/v1/collections${place === null ? '' : `?${placeQuery(place)}`}`
export const articleKey = (id: string): string => `/v1/documents/${encodeURIComponent(id)}?format=html`

export function createClient({ base, kept, token, renew, refused }: ClientOptions): Client {
  const memory = new Map<string, unknown>()

  async function send(path: string, init: RequestInit, isAgain = false): Promise<Response> {
    const bearer = token()
    const headers = { ...init.headers, ...(bearer !== null && { authorization: `Bearer ${bearer}` }) }
    const response = await fetched(base + path, { ...init, headers })
    if (response.ok) return response
    const isOld = response.status === 401 && !isAgain && bearer !== null
    if (isOld && (token() !== bearer || (await renew()) !== null)) return await send(path, init, true)
    if (response.status === 401) {
      memory.clear()
      refused()
    }
    throw failureOf(response.status)
  }

  async function post(path: string, body: unknown, signal?: AbortSignal): Promise<Response> {
    const headers = { 'content-type': 'application/json' }
    return await send(path, { method: 'POST', headers, body: JSON.stringify(body), ...(signal && { signal }) })
  }

  async function results(asked: object, signal: AbortSignal): Promise<readonly Result[]> {
    const answer = (await (await post('/v1/search', asked, signal)).json()) as { results: readonly Result[] }
    return answer.results
  }

  /** From the network, and without one from what was kept. */
  async function load<T>(path: string, signal: AbortSignal): Promise<Loaded<T>> {
    try {
      const value: T = await (await send(path, { signal })).json()
      remember(memory, path, value)
      void kept.then((cache) => cache.put(path, value))
      return { value, isKept: false }
    } catch (thrown) {
      if (isAborted(thrown)) throw thrown
      return await instead<T>(path, thrown)
    }
  }

  async function instead<T>(path: string, thrown: unknown): Promise<Loaded<T>> {
    const kind = kindOf(thrown)
    if (kind === 'missing') {
      memory.delete(path)
      await (await kept).remove(path)
    }
    const value = kind === 'offline' || kind === 'busy' ? await (await kept).get(path) : null
    if (value === null) throw thrown
    return { value: value as T, isKept: true }
  }

  return {
    base,
    async search(query, { typing, locale }, signal) {
      const asked = { query, typing, limit: LIMIT }
      const own = await results({ ...asked, locales: [locale] }, signal)
      if (own.length > 0) return { results: own, isOtherLanguage: false }
      const all = await results(asked, signal)
      return { results: all, isOtherLanguage: all.length > 0 }
    },
    shelf: (place, signal) => load(shelfKey(place), signal),
    more: async (place, cursor) => {
      const path = `${shelfKey(place)}&${new URLSearchParams({ cursor })}`
      return (await (await send(path, {})).json()) as Shelf
    },
    article: (id, signal) => load(articleKey(id), signal),
    feedback: async (said) => void (await post('/v1/feedback', said)),
    remembered: (key) => memory.get(key),
  }
}

async function fetched(address: string, init: RequestInit): Promise<Response> {
  const limit = AbortSignal.timeout(TIMEOUT_MS)
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit
  try {
    return await fetch(address, {
      ...init,
      signal,
      credentials: 'omit',
      cache: 'no-store',
      referrerPolicy: 'no-referrer',
    })
  } catch (thrown) {
    if (init.signal?.aborted) throw thrown
    throw failure('offline')
  }
}

function placeQuery({ source, path }: Place): string {
  return new URLSearchParams([['source', source], ...path.map((part) => ['path', part])]).toString()
}

function remember(memory: Map<string, unknown>, key: string, value: unknown): void {
  memory.delete(key)
  memory.set(key, value)
  const [oldest] = memory.keys()
  if (memory.size > MOST_REMEMBERED && oldest !== undefined) memory.delete(oldest)
}

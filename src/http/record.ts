/**
 * Recordings of a source's answers: readable, diffable JSON that replays a run without the source. They hold no request
 * header and no credential: known secret names in URLs, request bodies and answers are replaced before anything is kept.
 */
import { distance } from 'fastest-levenshtein'
import { UnsiloError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'
import { isUnrecorded } from './call.ts'
import { cleanBody, cleanUrl } from './clean.ts'
import { type Exchange, KEPT_HEADERS, type Recording } from './recording.ts'

export { formatRecording, parseRecording, type Recording } from './recording.ts'

const MAX_COMPARED = 500

/** Passes requests on and keeps what was answered; failures are not kept. */
export function recordingFetch(inner: typeof fetch): { fetch: typeof fetch; recording(): Recording } {
  const exchanges: Exchange[] = []
  return {
    fetch: async (input, init) => {
      if (isUnrecorded(init)) return inner(input, init)
      const asked = readRequest(input, init)
      const response = await inner(input, init)
      const body = keptBody(await response.clone().text())
      exchanges.push({ ...asked, status: response.status, headers: keptHeaders(response.headers), body })
      return response
    },
    recording: () => ({ exchanges: [...exchanges] }),
  }
}

/** Answers by method, URL and body; equal requests get their answers in order. What was not recorded throws REPLAY_MISMATCH. */
export function replayingFetch(recording: Recording): { fetch: typeof fetch; unused(): readonly string[] } {
  const queues = Map.groupBy(recording.exchanges, keyOf)
  return {
    fetch: async (input, init) => {
      const asked = readRequest(input, init)
      const exchange = queues.get(keyOf(asked))?.shift()
      if (exchange === undefined) throw mismatch(asked, recording)
      return answer(exchange)
    },
    unused: () => [...queues.values()].flat().map(({ method, url }) => `${method} ${url}`),
  }
}

type Asked = Pick<Exchange, 'method' | 'url' | 'requestBody'>

function keyOf({ method, url, requestBody }: Asked): string {
  return `${method} ${url} ${requestBody ?? ''}`
}

function readRequest(input: string | URL | Request, init: RequestInit = {}): Asked {
  const request = input instanceof Request ? input : null
  const method = (init.method ?? request?.method ?? 'GET').toUpperCase()
  const url = cleanUrl(request?.url ?? input.toString())
  if (init.body === undefined || init.body === null) return { method, url }
  const { body } = init
  if (typeof body !== 'string' && !(body instanceof URLSearchParams)) {
    throw new UnsiloError('UNEXPECTED', `${method} ${url}: only requests with text bodies can be recorded`)
  }
  return { method, url, requestBody: cleanBody(body.toString()) }
}

function keptHeaders(headers: Headers): Exchange['headers'] {
  const kept = KEPT_HEADERS.map((name) => [name, headers.get(name)] as const)
  return Object.fromEntries(kept.filter(([, value]) => value !== null))
}

/** JSON objects and lists as such, unless parsing would change what they say: integers beyond a double's precision. */
function keptBody(text: string): Json {
  const clean = cleanBody(text)
  if (!/^\s*[[{]/.test(clean) || /[:[,]\s*-?\d{16,}/.test(clean)) return clean
  try {
    const parsed: Json = JSON.parse(clean)
    JSON.stringify(parsed)
    return parsed
  } catch {
    return clean
  }
}

function answer({ status, headers, body }: Exchange): Response {
  const empty = status === 204 || status === 205 || status === 304
  return new Response(empty ? null : typeof body === 'string' ? body : JSON.stringify(body), { status, headers })
}

function mismatch(asked: Asked, recording: Recording): UnsiloError {
  const again = recording.exchanges.some((exchange) => keyOf(exchange) === keyOf(asked))
  const nearest = again ? null : nearestUrl(asked, recording)
  const message = again
    ? `${asked.method} ${asked.url} was asked more often than it was recorded`
    : `${asked.method} ${asked.url} was not recorded${nearest === null ? '' : `; the nearest recorded one is ${nearest}`}`
  return new UnsiloError('REPLAY_MISMATCH', message, {
    hint: 'Record the scenario again if the requests changed on purpose.',
  })
}

function nearestUrl(asked: Asked, recording: Recording): string | null {
  let best: string | null = null
  let least = Number.POSITIVE_INFINITY
  for (const { url } of recording.exchanges) {
    const far = distance(asked.url.slice(0, MAX_COMPARED), url.slice(0, MAX_COMPARED))
    if (far < least) [best, least] = [url, far]
  }
  return best
}

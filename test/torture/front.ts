/**
 * What stands in front of an emulator, a real server of its own: it counts requests by windows, as a service does, says
 * what is left as that service says it, makes answers late, and spoils a share of them.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { startServer } from '../emulators/server.ts'
import type { FastTime } from './fast-time.ts'

/** How a service says its limit: https://developers.google.com says nothing at all. */
export type Saying = 'iso' | 'unix' | 'to-go' | 'tokens' | 'nothing'

export interface FrontOptions {
  /** http://127.0.0.1:port */
  readonly target: string
  readonly time: FastTime
  readonly limit: number
  readonly windowMs: number
  readonly saying: Saying
  /** Real milliseconds before an answer. */
  readonly latencyMs?: number
  /** Spoils the answer to a request, or leaves it alone; `nth` counts equal requests. */
  readonly spoil?: (request: string, nth: number) => Spoil | null
}

export type Spoil = (response: ServerResponse, answer: () => Promise<Answer>) => void | Promise<void>

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

export interface Front {
  readonly url: string
  requests(): number
  /** The most that one window of the service counted, and the most in any stretch of its length. */
  most(): { readonly window: number; readonly stretch: number }
  /** Milliseconds from the first to the last. */
  took(): number
  close(): Promise<void>
}

export async function startFront(options: FrontOptions): Promise<Front> {
  const { time, limit, windowMs, latencyMs = 0 } = options
  const arrivals: number[] = []
  const seen = new Map<string, number>()

  function said(at: number): Record<string, string> {
    const window = Math.floor(at / windowMs)
    const used = arrivals.filter((each) => Math.floor(each / windowMs) === window).length
    return limitHeaders(options, Math.max(0, limit - used), (window + 1) * windowMs)
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = time.elapsed()
    // Google gives tokens at another host, which counts by itself.
    if (request.url !== '/token') arrivals.push(at)
    const limits = said(at)
    const body = await buffer(request)
    const name = `${request.method} ${request.url} ${body}`
    const nth = (seen.get(name) ?? 0) + 1
    seen.set(name, nth)
    const answer = async (): Promise<Answer> => {
      const { status, headers, body: came } = await passOn(options.target, request, body)
      return { status, headers: { ...headers, ...limits, date: new Date(time.now()).toUTCString() }, body: came }
    }
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs))
    const spoil = options.spoil?.(name, nth) ?? null
    if (spoil !== null) return await spoil(response, answer)
    const { status, headers, body: text } = await answer()
    response.writeHead(status, headers).end(text)
  }

  const { url, close } = await startServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  return {
    url,
    close,
    requests: () => arrivals.length,
    took: () => (arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0),
    most: () => ({ window: mostPerWindow(arrivals, windowMs), stretch: mostInStretch(arrivals, windowMs) }),
  }
}

function limitHeaders(
  { time, limit, windowMs, saying }: FrontOptions,
  left: number,
  end: number,
): Record<string, string> {
  const moment = time.now() - time.elapsed() + end
  const count = { 'x-ratelimit-limit': `${limit}`, 'x-ratelimit-remaining': `${left}` }
  if (saying === 'iso') return { ...count, 'x-ratelimit-reset': new Date(moment).toISOString() }
  if (saying === 'unix') return { ...count, 'x-ratelimit-reset': `${Math.ceil(moment / 1000)}` }
  if (saying === 'tokens') {
    const interval = `${Math.ceil(windowMs / 1000)}`
    return { ...count, 'x-ratelimit-interval-seconds': interval, 'x-ratelimit-fillrate': `${limit}` }
  }
  if (saying === 'nothing') return {}
  const toGo = `${Math.ceil((end - time.elapsed()) / 1000)}`
  return { 'x-rate-limit': `${limit}`, 'x-rate-limit-remaining': `${left}`, 'ratelimit-reset': toGo }
}

async function passOn(target: string, request: IncomingMessage, body: Buffer): Promise<Answer> {
  const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers
  const response = await fetch(`${target}${request.url}`, {
    ...{ method: request.method ?? 'GET', headers: headers as Record<string, string> },
    ...(body.length > 0 && { body: new Uint8Array(body) }),
  })
  const type = response.headers.get('content-type')
  const kept: Record<string, string> = type === null ? {} : { 'content-type': type }
  return { status: response.status, headers: kept, body: Buffer.from(await response.arrayBuffer()) }
}

function mostPerWindow(arrivals: readonly number[], windowMs: number): number {
  const counts = Map.groupBy(arrivals, (at) => Math.floor(at / windowMs))
  return Math.max(0, ...[...counts.values()].map(({ length }) => length))
}

function mostInStretch(arrivals: readonly number[], windowMs: number): number {
  let most = 0
  for (let from = 0, to = 0; to < arrivals.length; to += 1) {
    while ((arrivals[to] as number) - (arrivals[from] as number) >= windowMs) from += 1
    most = Math.max(most, to - from + 1)
  }
  return most
}

/**
 * Requests at planned times, whether or not those before were answered: users don't wait for each other. A request's time
 * runs from when it was planned, so that a server that stalls is charged for all who would have come meanwhile
 * (what measuring from when it was sent leaves out is known as coordinated omission).
 */
import { Agent, request } from 'undici'

export interface Plan {
  /** When each request is sent, in milliseconds from the beginning, in order. */
  readonly times: readonly number[]
  /** What the next one asks for. */
  next(): Asked
}

export interface Asked {
  /** What kind of request it is. */
  readonly kind: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

export interface Load {
  /** Of those that were answered with 200, from when each was planned. */
  readonly answered: readonly { readonly kind: string; readonly ms: number }[]
  /** How much later than planned the latest was sent: what the generator itself could not keep up with. */
  readonly lateMs: number
  /** By status, or by what went wrong. */
  readonly errors: ReadonlyMap<string, number>
}

const TICK_MS = 2
const CONNECTIONS = 256
const GIVE_UP_MS = 30_000

/** As people come who know nothing of each other: so many a second in the mean, now and then several at once. */
export function poissonTimes(rate: number, seconds: number, random: () => number): readonly number[] {
  const times: number[] = []
  const all = rate * seconds
  for (let at = 0, time = 0; at < all; at++, time -= (Math.log(1 - random()) * 1000) / rate) times.push(time)
  return times
}

export async function openLoop({ times, next }: Plan): Promise<Load> {
  const agent = new Agent({
    connections: CONNECTIONS,
    pipelining: 1,
    headersTimeout: GIVE_UP_MS,
    bodyTimeout: GIVE_UP_MS,
  })
  const answered: Load['answered'][number][] = []
  const errors = new Map<string, number>()
  const sent: Promise<void>[] = []
  let lateMs = 0

  async function send(plannedAt: number): Promise<void> {
    const { kind, url, headers } = next()
    try {
      const { statusCode, body } = await request(url, { headers, dispatcher: agent })
      await body.text()
      if (statusCode === 200) answered.push({ kind, ms: performance.now() - plannedAt })
      else count(errors, String(statusCode))
    } catch (thrown) {
      count(errors, thrown instanceof Error ? thrown.message : String(thrown))
    }
  }

  const startedAt = performance.now()
  for (let at = 0; at < times.length; ) {
    for (; at < times.length && startedAt + (times[at] ?? 0) <= performance.now(); at++) {
      const plannedAt = startedAt + (times[at] ?? 0)
      lateMs = Math.max(lateMs, performance.now() - plannedAt)
      sent.push(send(plannedAt))
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  }
  await Promise.all(sent)
  await agent.close()
  return { answered, lateMs, errors }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/**
 * Requests at planned times, whether or not those before were answered: users don't wait for each other. A request's time
 * runs from when it was planned, so that a server that stalls is charged for all who would have come meanwhile
 * (what measuring from when it was sent leaves out is known as coordinated omission).
 */
import { Agent, request } from 'undici'

export interface Plan {
  /** Requests a second. */
  readonly rate: number
  readonly seconds: number
  /** What the request of this number asks for. */
  ask(at: number): Asked
}

export interface Asked {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

export interface Load {
  /** Of those that were answered with 200, from when each was planned. */
  readonly ms: readonly number[]
  /** How much later than planned the latest was sent: what the generator itself could not keep up with. */
  readonly lateMs: number
  /** By status, or by what went wrong. */
  readonly errors: ReadonlyMap<string, number>
}

const TICK_MS = 2
const CONNECTIONS = 256
const GIVE_UP_MS = 30_000

export async function openLoop({ rate, seconds, ask }: Plan): Promise<Load> {
  const agent = new Agent({
    connections: CONNECTIONS,
    pipelining: 1,
    headersTimeout: GIVE_UP_MS,
    bodyTimeout: GIVE_UP_MS,
  })
  const ms: number[] = []
  const errors = new Map<string, number>()
  const sent: Promise<void>[] = []
  let lateMs = 0

  async function send(at: number, plannedAt: number): Promise<void> {
    const { url, headers } = ask(at)
    try {
      const { statusCode, body } = await request(url, { headers, dispatcher: agent })
      await body.text()
      if (statusCode === 200) ms.push(performance.now() - plannedAt)
      else count(errors, String(statusCode))
    } catch (thrown) {
      count(errors, thrown instanceof Error ? thrown.message : String(thrown))
    }
  }

  const startedAt = performance.now()
  for (let at = 0; at < rate * seconds; ) {
    const due = Math.min(rate * seconds, Math.floor(((performance.now() - startedAt) * rate) / 1000) + 1)
    for (; at < due; at++) {
      const plannedAt = startedAt + (at * 1000) / rate
      lateMs = Math.max(lateMs, performance.now() - plannedAt)
      sent.push(send(at, plannedAt))
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS))
  }
  await Promise.all(sent)
  await agent.close()
  return { ms, lateMs, errors }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/**
 * Sources that answer after 100 ms and allow so many requests in ten seconds: one bound by its listing, one by its bodies.
 * A round is a size. The run makes as many requests as the connector's README says, never more at once than is allowed,
 * and is done in hardly more time than the limit makes it take.
 */
import { helpCenter } from '../../connectors/help-center/index.ts'
import { tickets } from '../../connectors/tickets/index.ts'
import type { Connector } from '../../src/core/types.ts'
import { createFetch } from '../../src/http/fetch.ts'
import { openNetwork } from '../../src/http/network.ts'
import { openMemory } from '../../src/indexes/memory.ts'
import { syncSource } from '../../src/sync/sync.ts'
import { startIntercomEmulator } from '../emulators/intercom.ts'
import { createFastTime } from './fast-time.ts'
import { startFront } from './front.ts'
import type { Part } from './part.ts'

const NOW = Date.parse('2026-03-01T12:00:00.000Z')
const TIMES_FASTER = 10
const LATENCY_MS = 100
const [LIMIT, WINDOW_MS] = [40, 10_000]
const LEAST_SHARE = 0.9

interface Bound {
  readonly connector: Connector
  readonly config: Readonly<Record<string, unknown>>
  /** Articles or conversations in one answer. */
  readonly page: number
  /** Articles or conversations that a request brings, about. */
  readonly perRequest: number
  readonly atOnce: number
  fill(emulator: Awaited<ReturnType<typeof startIntercomEmulator>>, size: number): void
  /** As its README has it. */
  requests(size: number): number
}

const bounds: Readonly<Record<string, Bound>> = {
  listing: {
    ...{ connector: helpCenter as Connector, config: { provider: 'intercom' }, page: 2, perRequest: 2, atOnce: 1 },
    fill({ model }, size) {
      const center = model.addHelpCenter({ locales: ['en'] })
      const collection = model.addCollection({ helpCenterId: center.id, name: 'All' })
      for (let at = 0; at < size; at += 1) model.addArticle({ title: `Article ${at}`, parentIds: [collection.id] })
    },
    requests: (size) => 1 + 1 + Math.ceil(size / 2),
  },
  bodies: {
    ...{ connector: tickets as Connector, config: { provider: 'intercom' }, page: 150, perRequest: 1, atOnce: 8 },
    fill({ model: { inbox } }, size) {
      for (let at = 0; at < size; at += 1) inbox.addConversation({ parts: [{ body: `<p>Answer number ${at}.</p>` }] })
    },
    requests: (size) => 3 + Math.max(1, Math.ceil(size / 149)) + 1 + size,
  },
}

export const part: Part = {
  name: 'throughput',
  rounds: { full: 3, quick: 1, test: 1 },
  alone: true,
  async run({ rounds, timed, log }) {
    const figures: Record<string, string> = {}
    const missed: string[] = []
    for (const [name, bound] of Object.entries(bounds)) {
      for (let round = 0; round < rounds; round += 1) {
        const size = (round + (timed ? 4 : 1)) * LIMIT * bound.perRequest - round
        const { requests, most, share } = await measure(bound, size)
        const due = bound.requests(size)
        figures[`${name}, ${size}`] = `${requests} requests, ${Math.round(share * 100)} % of what the limit allows`
        if (requests !== due) missed.push(`${name}, ${size}: ${requests} requests, by the README ${due}`)
        if (most > LIMIT) missed.push(`${name}, ${size}: ${most} requests where ${LIMIT} are allowed`)
        if (timed && share < LEAST_SHARE) missed.push(`${name}, ${size}: ${share.toFixed(2)} of what the limit allows`)
        log(`${name}, ${size}`)
      }
    }
    return { figures, missed }
  },
}

async function measure(bound: Bound, size: number) {
  const { connector, config, page, atOnce } = bound
  const emulator = await startIntercomEmulator({ pageSize: page })
  bound.fill(emulator, size)
  const time = createFastTime(NOW, TIMES_FASTER)
  const latencyMs = LATENCY_MS / TIMES_FASTER
  const front = await startFront({
    ...{ target: emulator.url, time, limit: LIMIT, windowMs: WINDOW_MS, saying: 'unix', latencyMs },
  })
  const { signal } = new AbortController()
  const network = openNetwork()
  try {
    const { error } = await syncSource({
      ...{ source: 'source', connector, access: { level: 'staff', principals: {} }, store: openMemory(), signal },
      config: connector.config.parse({ ...config, apiUrl: front.url, token: 'token' }),
      fetch: createFetch({
        ...{ signal, sleep: time.sleep, now: time.now, elapsed: time.elapsed, fetch: network },
        limits: () => [{ name: 'account', requests: LIMIT, perMs: WINDOW_MS }],
      }),
      ...{ now: () => NOW, runId: 'run', full: false, dryRun: false, allowed: { deletes: 0, wider: 0 } },
    })
    if (error !== null) throw error
    return {
      requests: front.requests(),
      most: front.most().stretch,
      share: shortest(front.requests(), atOnce) / front.took(),
    }
  } finally {
    await Promise.all([front.close(), emulator.close()])
  }
}

/** Milliseconds that nobody could do with less: whole windows, then the rest as quickly as answers come. */
function shortest(requests: number, atOnce: number): number {
  const windows = Math.ceil(requests / LIMIT) - 1
  return windows * WINDOW_MS + (Math.ceil((requests - windows * LIMIT) / atOnce) - 1) * LATENCY_MS
}

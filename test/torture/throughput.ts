/**
 * Every connector, with each of its providers, against a service that answers after 100 ms and allows so many requests in
 * ten seconds. A round is a size. The run makes as many requests as the connector's README says, never more at once than is
 * allowed, and is done in hardly more time than the limit makes it take. Where a service tells an interval and not when it
 * began, a run that oversteps no limit has to wait for all of it: its share is printed, and judged by less.
 */
import { createFetch } from '../../src/http/fetch.ts'
import { openNetwork } from '../../src/http/network.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { syncSource } from '../../src/sync/sync.ts'
import { type Bound, bounds } from './bounds.ts'
import { createFastTime } from './fast-time.ts'
import { startFront } from './front.ts'
import type { Part } from './part.ts'

const NOW = Date.parse('2026-03-01T12:00:00.000Z')
const TIMES_FASTER = 10
const LATENCY_MS = 100
const [LIMIT, WINDOW_MS] = [40, 10_000]
/** In a quick look, of two windows and four sources at a time, whole seconds of a reset and a busy machine weigh more. */
const LEAST_SHARE = { full: 0.9, quick: 0.8 } as const

export const part: Part = {
  name: 'throughput',
  rounds: { full: 3, quick: 1, test: 1 },
  alone: true,
  async run({ rounds, quick, timed, log }) {
    const figures: Record<string, string> = {}
    const missed: string[] = []
    const windows = timed ? (quick ? 2 : 4) : 1
    for (let round = 0; round < rounds; round += 1) {
      for (const some of several(Object.entries(bounds), timed && !quick ? 2 : 4)) {
        await Promise.all(
          some.map(async ([name, bound]) => {
            const size = (round + windows) * LIMIT * bound.perRequest - round
            const { stored, requests, most, share } = await measure(bound, size)
            const due = bound.requests(size)
            const what = `${name}, ${size}`
            figures[what] = `${requests} requests, ${Math.round(share * 100)} % of what the limit allows`
            if (stored !== size) missed.push(`${what}: ${stored} documents`)
            if (requests !== due) missed.push(`${what}: ${requests} requests, by the README ${due}`)
            if (most > LIMIT) missed.push(`${what}: ${most} requests where ${LIMIT} are allowed`)
            if (timed && share < (bound.leastShare ?? LEAST_SHARE[quick ? 'quick' : 'full']))
              missed.push(`${what}: ${share.toFixed(2)} of what the limit allows`)
            log(what)
          }),
        )
      }
    }
    return { figures, missed }
  },
}

/** At a time: they wait for most of it. */
function* several<T>(items: readonly T[], count: number): Generator<readonly T[]> {
  for (let from = 0; from < items.length; from += count) yield items.slice(from, from + count)
}

async function measure({ saying, atOnce, start }: Bound, size: number) {
  const { connector, config, url, close } = await start(size)
  const time = createFastTime(NOW, TIMES_FASTER)
  const latencyMs = LATENCY_MS / TIMES_FASTER
  const front = await startFront({ target: url, time, limit: LIMIT, windowMs: WINDOW_MS, saying, latencyMs })
  const { signal } = new AbortController()
  const network = openNetwork()
  try {
    const { error, run } = await syncSource({
      ...{ source: 'source', connector, access: { level: 'staff', principals: {} }, store: openMemory(), signal },
      config: connector.config.parse(JSON.parse(JSON.stringify(config).replaceAll(url, front.url))),
      fetch: createFetch({
        ...{ signal, sleep: time.sleep, now: time.now, elapsed: time.elapsed, fetch: network },
        limits: () => [{ name: 'account', requests: LIMIT, perMs: WINDOW_MS }],
      }),
      ...{ now: () => NOW, runId: 'run', full: false, dryRun: false, allowed: { deletes: 0, wider: 0 } },
    })
    if (error !== null) throw error
    return {
      stored: run.counts.added,
      requests: front.requests(),
      most: front.most().stretch,
      share: shortest(front.requests(), atOnce) / front.took(),
    }
  } finally {
    await Promise.all([front.close(), close()])
  }
}

/** Milliseconds that nobody could do with less: whole windows, then the rest as quickly as answers come. */
function shortest(requests: number, atOnce: number): number {
  const windows = Math.ceil(requests / LIMIT) - 1
  return windows * WINDOW_MS + (Math.ceil((requests - windows * LIMIT) / atOnce) - 1) * LATENCY_MS
}

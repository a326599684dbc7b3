/** Bodies as they come from the source: many at a time, and no more of them than memory has room for. */
import pLimit from 'p-limit'
import { slices } from './batches.ts'
import type { Load } from './decision.ts'
import { type Loaded, type MakeOptions, settle } from './make.ts'

/** Bodies asked for at once, where they are no larger than usual. Connectors turn them into few bulk requests. */
const BODIES_AT_ONCE = 100

/** Characters of bodies held, after which no further one is asked for. Those under way come in addition. */
export const HEAVY_BODIES = 16_000_000

/** Answers with the next of the loads, in order: a slice of them, or fewer where they are heavy; none at the end. */
export function bodyQueue(options: MakeOptions, loads: Iterable<Load>): () => Promise<readonly Loaded[]> {
  const limit = pLimit(BODIES_AT_ONCE)
  const queue = slices(loads)
  let left: readonly Load[] = []

  return async () => {
    const slice: readonly Load[] = left.length > 0 ? left : (queue.next().value ?? [])
    let weight = 0
    const load = async (decision: Load): Promise<Loaded | null> => {
      if (weight > HEAVY_BODIES) return null
      const loaded = await settle(options, decision)
      weight += weightOf(loaded)
      return loaded
    }
    const settled = await Promise.all(slice.map((decision) => limit(load, decision)))
    const loaded = settled.filter((item) => item !== null)
    left = slice.filter((_, at) => settled[at] === null)
    limit.concurrency = fitting(weight, loaded.length)
    return loaded
  }
}

/** As many of the size of the last ones as are not yet heavy together. */
function fitting(weight: number, count: number): number {
  if (weight === 0) return BODIES_AT_ONCE
  return Math.min(BODIES_AT_ONCE, Math.max(1, Math.floor((HEAVY_BODIES * count) / weight)))
}

/** Characters. A body that can't even be read fails when it is converted, alone. */
export function weightOf(loaded: Loaded): number {
  try {
    if ('error' in loaded) return 0
    return 'html' in loaded.body ? loaded.body.html.length : loaded.body.markdown.length
  } catch {
    return 0
  }
}

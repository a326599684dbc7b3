/** As many of the best passages as somebody can take in who pays by the token. */
import type { Hit } from './search.ts'

export interface Budgeted {
  /** In the order of the hits. */
  readonly hits: readonly Hit[]
  /** Of them all, heading paths counted in. */
  readonly tokens: number
  /** Hits that found no room. */
  readonly left: number
}

/** A passage is taken whole or not at all; one that is too large leaves its room to those behind it. */
export function withinBudget(found: readonly Hit[], budget: number): Budgeted {
  const hits: Hit[] = []
  let tokens = 0
  for (const hit of found) {
    if (tokens + hit.chunk.tokens > budget) continue
    hits.push(hit)
    tokens += hit.chunk.tokens
  }
  return { hits, tokens, left: found.length - hits.length }
}

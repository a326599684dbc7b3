/** From what a person typed to the words that are worth looking up. */
import { type Language, queryGroups } from '../analysis/analyse.ts'
import type { Index } from '../core/types.ts'

/** A word of the query. */
export interface Term {
  /** Alternatives: what the word is in each language. */
  readonly tokens: readonly string[]
  /** How many chunks hold it, at most; hidden ones count too, so this is never shown to who asks. */
  readonly chunks: number
  /** How much its being found says: the logarithm of its rarity. 0 for a word that is nowhere. */
  readonly weight: number
}

export interface Asked {
  /** In the order of the words. */
  readonly terms: readonly Term[]
  /** Those that the index is asked for: not the common ones, unless there are no others. */
  readonly kept: readonly Term[]
}

/** Of a question, longer ones are cut: enough for a paragraph, too little to keep an index busy. */
const LONGEST_QUERY = 1000
const MOST_GROUPS = 32
const MOST_ALTERNATIVES = 8

/** A term in more than this share of all chunks tells little and costs most: ranking visits every chunk that holds it. */
const COMMON_SHARE = 0.05
/** So few chunks are ranked at once: there a common word costs nothing, and leaving it out costs answers. */
const COMMON_FLOOR = 2000
/** How many are kept when all are common: the rarest. */
const COMMON_KEPT = 3

export const QUERY_LANGUAGES: readonly Language[] = ['en', 'fr']

/** No terms for an empty query or one of symbols only. */
export async function askedOf(index: Index, text: string): Promise<Asked> {
  const groups = groupsOf(text)
  if (groups.length === 0) return { terms: [], kept: [] }
  const { chunks, of } = await index.frequencies([...new Set(groups.flat())])
  const terms = groups.map((tokens) => {
    const holding = Math.min(chunks, Math.max(...tokens.map((token) => of.get(token) ?? 0)))
    return { tokens, chunks: holding, weight: holding === 0 ? 0 : rarity(holding, chunks) }
  })
  return { terms, kept: withoutCommon(terms, chunks) }
}

/** Distinct groups in the order of the words. */
export function groupsOf(text: string): readonly (readonly string[])[] {
  const distinct = new Map<string, readonly string[]>()
  for (const group of queryGroups(text.slice(0, LONGEST_QUERY), QUERY_LANGUAGES)) {
    const terms = [...new Set(group)].slice(0, MOST_ALTERNATIVES)
    if (terms.length > 0) distinct.set(JSON.stringify(terms), terms)
    if (distinct.size === MOST_GROUPS) break
  }
  return [...distinct.values()]
}

function withoutCommon(terms: readonly Term[], chunks: number): readonly Term[] {
  const limit = Math.max(COMMON_FLOOR, chunks * COMMON_SHARE)
  const rare = terms.filter((term) => term.chunks <= limit)
  if (rare.length > 0) return rare
  return terms.toSorted((a, b) => a.chunks - b.chunks).slice(0, COMMON_KEPT)
}

/** As Lucene's BM25 has it: never negative, however common. */
function rarity(holding: number, chunks: number): number {
  return Math.log(1 + (chunks - holding + 0.5) / (holding + 0.5))
}

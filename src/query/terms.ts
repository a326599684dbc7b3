/** From what a person typed to the groups that are worth looking up. */
import { type Language, queryGroups } from '../analysis/analyse.ts'
import type { Index } from '../core/types.ts'

export type Groups = readonly (readonly string[])[]

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

/** Distinct groups in the order of the words; none for an empty query or one of symbols only. */
export function groupsOf(text: string): Groups {
  const distinct = new Map<string, readonly string[]>()
  for (const group of queryGroups(text.slice(0, LONGEST_QUERY), QUERY_LANGUAGES)) {
    const terms = [...new Set(group)].slice(0, MOST_ALTERNATIVES)
    if (terms.length > 0) distinct.set(JSON.stringify(terms), terms)
    if (distinct.size === MOST_GROUPS) break
  }
  return [...distinct.values()]
}

/** Without the common ones; with the rarest few when all are common. */
export async function withoutCommon(index: Index, groups: Groups): Promise<Groups> {
  const { chunks, of } = await index.frequencies([...new Set(groups.flat())])
  const limit = Math.max(COMMON_FLOOR, chunks * COMMON_SHARE)
  const frequency = (group: readonly string[]) => Math.max(...group.map((term) => of.get(term) ?? 0))
  const rare = groups.filter((group) => frequency(group) <= limit)
  if (rare.length > 0) return rare
  return groups.toSorted((a, b) => frequency(a) - frequency(b)).slice(0, COMMON_KEPT)
}

/**
 * What stands in straight double quotes must stand in a passage so, word by word, each as its stem, as in any search box.
 * Where it stands nowhere, its words are asked for as if there were no quotes. Other quotation marks are typography:
 * people paste them along with what they quote.
 */
import { askedTokens, type Language, queryGroups } from '../analysis/analyse.ts'
import type { Index, Reader } from '../core/store.ts'
import { packedToken, scanWords } from '../core/words.ts'
import { stands } from './places.ts'
import { type Ranked, ranked } from './ranked.ts'
import { LONGEST_QUERY } from './terms.ts'

export interface Quoted {
  readonly text: string
  /** One a word; the members of a group are alternatives. */
  readonly groups: readonly (readonly string[])[]
  /** The packed tokens, one after the other, in each language. */
  readonly sequences: readonly (readonly number[])[]
}

/** Not after a letter or a digit: `19"` is no beginning. */
const QUOTES = /(?<![\p{L}\p{N}])"([^"]+)"(?![\p{L}\p{N}])/gu
const MOST = 8
/** Of what is quoted, words that the index is asked for: the rest is seen in what it finds. */
const MOST_GROUPS = 32
/** Passages with all of the words that are looked at, first and at most. */
const LOOKED = [200, 1500] as const

export function quotedIn(text: string, languages: readonly Language[]): readonly Quoted[] {
  if (languages.length === 0) return []
  const parts = text.slice(0, LONGEST_QUERY).matchAll(QUOTES)
  return [...parts]
    .map(([, part = '']) => part.trim())
    .map((part) => ({
      text: part,
      groups: queryGroups(part, languages),
      sequences: languages.map((language) => askedTokens(part, language).map(packedToken)),
    }))
    .filter(({ groups }) => groups.length > 0)
    .slice(0, MOST)
}

export function holdsAll(quoted: readonly Quoted[], words: Uint8Array): boolean {
  return quoted.every(({ sequences }) => sequences.some((sequence) => holds(words, sequence)))
}

/** Passages that hold all of it, of those with all of its words that the index ranks first. */
export async function quotedPool(
  index: Index,
  reader: Reader,
  quoted: readonly Quoted[],
  enough: number,
): Promise<readonly Ranked[]> {
  const all = quoted.flatMap((part) => part.groups)
  const groups = [...new Map(all.map((group) => [JSON.stringify(group), group])).values()].slice(0, MOST_GROUPS)
  let found: readonly Ranked[] = []
  for (const limit of LOOKED) {
    const candidates = await index.lexical({ ...reader, groups, match: 'all', limit })
    found = (await ranked(index, reader, candidates)).filter(({ words }) => holdsAll(quoted, words))
    if (found.length >= enough || candidates.length < limit) break
  }
  return found
}

function holds(words: Uint8Array, [first, ...rest]: readonly number[]): boolean {
  const scan = scanWords(words)
  return Object.values(scan.extent).some(([start, end]) => {
    for (let at = start; at < end; at += 1) if (scan.token(at) === first && stands(rest, scan, at, end)) return true
    return false
  })
}

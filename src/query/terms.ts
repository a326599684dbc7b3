/** From what a person typed to the words that are worth looking up. */
import { isLanguage, type Language, languageOf, queryGroups } from '../analysis/analyse.ts'
import type { Index, Reader } from '../core/store.ts'
import { begunBy, heldTokens, spellingsOf, stemsOf } from './spelling.ts'
import { countedFor } from './statistics.ts'

/** A word of the query. */
export interface Term {
  /** What was typed, in each language. */
  readonly typed: readonly string[]
  readonly found: Finding
  /** Alternatives: what the word is in each language. */
  readonly tokens: readonly string[]
  /** How many chunks hold it, at most; of frequent words hidden ones count too, so this is never shown to who asks. */
  readonly chunks: number
  /** How much its being found says: the logarithm of its rarity. 0 for a word that is nowhere. */
  readonly weight: number
}

/** As what a word is looked up. */
export type Finding = 'as typed' | 'what it begins' | 'other spelling' | 'stem' | 'nowhere'

export interface Asked {
  /** Those of what may be read, and the query's own. */
  readonly languages: readonly Language[]
  /** In the order of the words. */
  readonly terms: readonly Term[]
  /** Those that the index is asked for: not the common ones, unless there are no others. */
  readonly kept: readonly Term[]
  /** Of those the ones of which any is enough: not so many chunks hold them that ranking takes long. */
  readonly enough: readonly Term[]
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
/** Chunks that hold any of the words that are kept: the rarest first, and one always. */
const MOST_HOLDING = 25_000
/** Words of a query that are looked for in other spellings. */
const MOST_SPELT = 8

/** What a word counts that was found in another spelling only. */
const SPELT_OTHERWISE = 0.8

/** No terms for an empty query or one of symbols only. `isUnfinished`: the last word may go on. */
export async function askedOf(whole: Index, text: string, reader: Reader, isUnfinished = false): Promise<Asked> {
  const index = rememberingTokens(whole)
  const spoken = (await index.languages(reader)).filter(isLanguage)
  const languages = spoken.length === 0 ? [] : [...new Set([...spoken, languageOf(undefined, text)])]
  const typed = languages.length === 0 ? [] : groupsOf(text, languages)
  if (typed.length === 0) return { languages, terms: [], kept: [], enough: [] }
  const held = await heldTokens(index, [...new Set(typed.flat())], reader)
  const unknown = typed.filter((tokens) => !tokens.some((token) => held.has(token))).slice(0, MOST_SPELT)
  const words = await Promise.all(
    typed.map((tokens, at) => {
      const isBegun = isUnfinished && at === typed.length - 1
      return meant(index, tokens, held, reader, { isBegun, isSpelt: unknown.includes(tokens) })
    }),
  )
  const { chunks, of } = await countedFor(index, [...new Set(words.flatMap(({ tokens }) => tokens))], reader)
  const terms = words.map(({ tokens, found, share }, at) => {
    const holding = Math.min(chunks, Math.max(0, ...tokens.map((token) => of.get(token) ?? 0)))
    return {
      typed: typed[at] ?? [],
      found,
      tokens,
      chunks: holding,
      weight: holding === 0 ? 0 : share * rarity(holding, chunks),
    }
  })
  const known = terms.filter(({ weight }) => weight > 0)
  const kept = known.length === 0 ? [] : withoutCommon(known, chunks)
  return { languages, terms, kept, enough: rarest(kept) }
}

/** Several words of a query look through the same tokens. */
function rememberingTokens(index: Index): Index {
  const known = new Map<string, ReturnType<Index['tokens']>>()
  return {
    ...index,
    tokens: (prefix, limit) => {
      const found = known.get(prefix) ?? index.tokens(prefix, limit)
      known.set(prefix, found)
      return found
    },
  }
}

interface Meant {
  readonly tokens: readonly string[]
  readonly found: Finding
  /** How sure it is that this was meant. */
  readonly share: number
}

/** A word that something readable holds is meant as it is typed; else another spelling of it, or what it begins. */
async function meant(
  index: Index,
  tokens: readonly string[],
  held: ReadonlySet<string>,
  reader: Reader,
  { isBegun, isSpelt }: { readonly isBegun: boolean; readonly isSpelt: boolean },
): Promise<Meant> {
  const known = tokens.filter((token) => held.has(token))
  const begun = isBegun ? await firstOf(tokens, (token) => begunBy(index, token, reader)) : []
  if (known.length > 0 || begun.length > 0) {
    const found = begun.length > 0 ? 'what it begins' : 'as typed'
    return { tokens: [...new Set([...known, ...begun])], found, share: 1 }
  }
  if (!isSpelt) return { tokens, found: 'nowhere', share: 0 }
  const near = await firstOf(tokens, (token) => spellingsOf(index, token, reader))
  if (near.length > 0) return { tokens: near, found: 'other spelling', share: SPELT_OTHERWISE }
  const stems = await firstOf(tokens, (token) => stemsOf(index, token, reader))
  if (stems.length > 0) return { tokens: stems, found: 'stem', share: SPELT_OTHERWISE }
  return { tokens, found: 'nowhere', share: 0 }
}

async function firstOf(
  tokens: readonly string[],
  find: (token: string) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const found = await Promise.all(tokens.map(find))
  return [...new Set(found.flat())].slice(0, MOST_ALTERNATIVES)
}

/** Distinct groups in the order of the words, which are analysed in each language. */
function groupsOf(text: string, languages: readonly Language[]): readonly (readonly string[])[] {
  const distinct = new Map<string, readonly string[]>()
  for (const group of queryGroups(text.slice(0, LONGEST_QUERY), languages)) {
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

/** In the order of the words. */
function rarest(terms: readonly Term[]): readonly Term[] {
  let room = MOST_HOLDING
  const taken = terms
    .toSorted((a, b) => a.chunks - b.chunks)
    .filter(({ chunks }, at) => {
      room -= chunks
      return at === 0 || room >= 0
    })
  return terms.filter((term) => taken.includes(term))
}

/** As Lucene's BM25 has it: never negative, however common. */
function rarity(holding: number, chunks: number): number {
  return Math.log(1 + (chunks - holding + 0.5) / (holding + 0.5))
}

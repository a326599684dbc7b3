/** From what a person typed to the words that are worth looking up. */
import { isLanguage, isTold, type Language, languageOf, queryGroups } from '../analysis/analyse.ts'
import type { Index, Reader } from '../core/store.ts'
import { begunBy, heldTokens, spellingsOf, stemsOf } from './spelling.ts'
import { countedFor } from './statistics.ts'
import { type Meaning, meaningsOf } from './synonyms.ts'

/** A word of the query. */
export interface Term {
  /** What was typed, in each language. */
  readonly typed: readonly string[]
  readonly found: Finding
  /** Alternatives: what the word is in each language. */
  readonly tokens: readonly string[]
  /** What the index's owner says that it means too; counts a little less. */
  readonly synonyms: readonly Synonym[]
  /** How many chunks hold it, at most; of frequent words hidden ones count too, so this is never shown to who asks. */
  readonly chunks: number
  /** How much its being found says: the logarithm of its rarity. 0 for a word that is nowhere. */
  readonly weight: number
}

/** As what a word is looked up. */
export type Finding = 'as typed' | 'what it begins' | 'synonym' | 'other spelling' | 'stem' | 'nowhere'

/** A word or a phrase. */
export interface Synonym {
  /** Tokens, one after the other. */
  readonly words: readonly string[]
  /** The one of them that the fewest chunks hold: the index is asked for it, and where the others stand is seen then. */
  readonly key: string
}

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
export const LONGEST_QUERY = 1000
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
/** Of a text in a language that nothing readable is in, words of so many letters mean their other spellings too. */
const COGNATE = 6

/** What a word counts that was found in another spelling only. */
const SPELT_OTHERWISE = 0.8

/** What the index is asked for; one of them is enough. */
export function lookedUp({ tokens, synonyms }: Pick<Term, 'tokens' | 'synonyms'>): readonly string[] {
  return synonyms.length === 0 ? tokens : [...new Set([...tokens, ...synonyms.map(({ key }) => key)])]
}

/** No terms for an empty query or one of symbols only. `isUnfinished`: the last word may go on. */
export async function askedOf(whole: Index, text: string, reader: Reader, isUnfinished = false): Promise<Asked> {
  const index = rememberingTokens(whole)
  const spoken = (await index.languages(reader)).filter(isLanguage)
  const own = languageOf(undefined, text)
  const languages = spoken.length === 0 ? [] : [...new Set([...spoken, own])]
  const typed = languages.length === 0 ? [] : groupsOf(text, languages)
  if (typed.length === 0) return { languages, terms: [], kept: [], enough: [] }
  const meanings = meaningsOf(index.synonyms, text, typed, languages)
  const others = [...meanings.values()].flatMap(({ to }) => to.flat())
  const held = await heldTokens(index, [...new Set([...typed.flat(), ...others])], reader)
  const isHeld = (tokens: readonly string[]) => tokens.some((token) => held.has(token))
  const unknown = typed.filter((tokens) => !isHeld(tokens))
  const foreign = !spoken.includes(own) && isTold(own, text) ? typed.filter(isHeld) : []
  const spelt = new Set([...unknown, ...foreign].slice(0, MOST_SPELT))
  const words = await Promise.all(
    typed.map((tokens, at) => {
      const isBegun = isUnfinished && at === typed.length - 1
      return meant(index, tokens, held, reader, {
        isBegun,
        isSpelt: spelt.has(tokens),
        meaning: meanings.get(at),
      })
    }),
  )
  const asked = words.flatMap(({ tokens, synonyms }) => [...tokens, ...synonyms.flat()])
  const { chunks, of } = await countedFor(index, [...new Set(asked)], reader)
  const terms = words.map((word, at) => termOf(typed[at] ?? [], word, chunks, of))
  const known = terms.filter(({ weight }) => weight > 0)
  const kept = known.length === 0 ? [] : withoutCommon(known, chunks)
  return { languages, terms, kept, enough: rarest(kept) }
}

/** How rare a word is says how much it tells; how rare its synonyms are, only where it is nowhere itself. */
function termOf(
  typed: readonly string[],
  { tokens, synonyms, found, share }: Meant,
  chunks: number,
  of: ReadonlyMap<string, number>,
): Term {
  const holding = (some: readonly string[]) => Math.min(chunks, Math.max(0, ...some.map((token) => of.get(token) ?? 0)))
  const own = holding(tokens)
  const most = Math.max(own, commonest(chunks))
  const taken = synonyms
    .map((words) => ({ words, key: words.toSorted((a, b) => (of.get(a) ?? 0) - (of.get(b) ?? 0))[0] ?? '' }))
    .filter(({ key }) => holding([key]) <= most)
  const counted = tokens.length > 0 ? own : holding(taken.map(({ key }) => key))
  return {
    ...{ typed, found, tokens, synonyms: taken },
    chunks: holding(lookedUp({ tokens, synonyms: taken })),
    weight: counted === 0 ? 0 : share * rarity(counted, chunks),
  }
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
  readonly synonyms: readonly (readonly string[])[]
  readonly found: Finding
  /** How sure it is that this was meant. */
  readonly share: number
}

interface LookedFor {
  /** It is still being typed. */
  readonly isBegun: boolean
  /** Other spellings of it are looked for: it is nowhere, unless it begins a word, or of a language that nothing readable is in. */
  readonly isSpelt: boolean
  readonly meaning: Meaning | undefined
}

/**
 * A word that something readable holds is meant as it is typed, and as its synonyms; else another spelling of it, or what
 * it begins. Of a text in a language that nothing readable is in, both: that another language holds it may be chance.
 * Where nothing readable holds what it is to be replaced by, it stays.
 */
async function meant(
  index: Index,
  tokens: readonly string[],
  held: ReadonlySet<string>,
  reader: Reader,
  { isBegun, isSpelt, meaning }: LookedFor,
): Promise<Meant> {
  const synonyms = (meaning?.to ?? []).filter((words) => words.every((token) => held.has(token)))
  if (meaning?.isKept === false && synonyms.length > 0) return { tokens: [], found: 'synonym', synonyms, share: 1 }
  const known = tokens.filter((token) => held.has(token))
  const begun = isBegun ? await firstOf(tokens, (token) => begunBy(index, token, reader)) : []
  if (known.length > 0 || begun.length > 0) {
    const found = begun.length > 0 ? 'what it begins' : 'as typed'
    const long = isSpelt && known.length > 0 ? tokens.filter(({ length }) => length >= COGNATE) : []
    const cognates = await firstOf(long, (token) => spellingsOf(index, token, reader))
    return { tokens: [...new Set([...known, ...begun, ...cognates])], found, synonyms, share: 1 }
  }
  if (synonyms.length > 0) return { tokens: [], found: 'synonym', synonyms, share: 1 }
  if (!isSpelt) return { tokens, found: 'nowhere', synonyms, share: 0 }
  const near = await firstOf(tokens, (token) => spellingsOf(index, token, reader))
  if (near.length > 0) return { tokens: near, found: 'other spelling', synonyms, share: SPELT_OTHERWISE }
  const stems = await firstOf(tokens, (token) => stemsOf(index, token, reader))
  if (stems.length > 0) return { tokens: stems, found: 'stem', synonyms, share: SPELT_OTHERWISE }
  return { tokens, found: 'nowhere', synonyms, share: 0 }
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
  const limit = commonest(chunks)
  const rare = terms.filter((term) => term.chunks <= limit)
  if (rare.length > 0) return rare
  return terms.toSorted((a, b) => a.chunks - b.chunks).slice(0, COMMON_KEPT)
}

/** In more chunks a word is a common one. */
function commonest(chunks: number): number {
  return Math.max(COMMON_FLOOR, chunks * COMMON_SHARE)
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

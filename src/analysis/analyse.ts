/** Text to tokens, the same to index and to ask: drivers store and match the tokens as they are. */

import type { Chunk, Terms } from '../core/document.ts'
import { type OfSlice, rememberSlices } from '../core/slice-memory.ts'
import { type PackedToken, packedWord, packWords } from '../core/words.ts'
import { allLanguages, type Language } from './languages.ts'
import { plainText } from './plain-text.ts'
import { stem } from './stem.ts'
import { type Term, wordEnd, wordOf, wordStart, wordsOf } from './words.ts'

export { isTold, languageOf } from './detection.ts'
export { allLanguages, isLanguage, type Language } from './languages.ts'

/** The version of this folder's behaviour; a change analyses again what is stored. */
export const ANALYSER = 'analysis-5'

interface Tokens {
  /** What a query for the word must find, each of them. */
  readonly asked: readonly string[]
  /** What the word puts into the index. */
  readonly indexed: readonly string[]
  readonly packed: readonly PackedToken[]
}

/** A text's tokens, and the same as ranking scans them. */
interface Analysed {
  readonly tokens: readonly string[]
  readonly packed: readonly PackedToken[]
}

/** In UTF-16 code units. */
const LONGEST_TITLE = 2000
const LONGEST_QUERY = 2000
const MOST_GROUPS = 32

const LONGEST_REMEMBERED = 40
const MOST_REMEMBERED = 10_000
const remembered = new Map<Language, OfSlice<Tokens>>()

/** The tokens of plain text, in order, with repeats. Stop words are kept. */
export function analyse(text: string, language: Language): readonly string[] {
  return analysed(text, language).tokens
}

function analysed(text: string, language: Language): Analysed {
  const tokensOf = tokensIn(language)
  const tokens: string[] = []
  const packed: PackedToken[] = []
  for (let start = wordStart(text, 0); start < text.length; ) {
    const end = wordEnd(text, start)
    const word = tokensOf(text, start, end)
    for (const token of word.indexed) tokens.push(token)
    for (const token of word.packed) packed.push(token)
    start = wordStart(text, end)
  }
  return { tokens, packed }
}

/**
 * For the chunks of one document: the tokens of a chunk of markdown without its markup. Headings in its text count as
 * headings too. What the chunks share, its title and most headings, is analysed once.
 */
export function chunkAnalyser(title: string, language: Language): (chunk: Chunk) => Terms {
  const shared = analysed(title.slice(0, LONGEST_TITLE), language)
  const known = new Map<string, Analysed>()

  function ofHeading(heading: string): Analysed {
    const found = known.get(heading) ?? analysed(heading, language)
    known.set(heading, found)
    return found
  }

  return ({ headings: path, text }) => {
    const { headings, body } = plainText(text)
    const above = [...path, ...headings.filter((heading) => !path.includes(heading))].map(ofHeading)
    const said = analysed(body, language)
    return {
      title: shared.tokens,
      headings: above.flatMap(({ tokens }) => tokens),
      body: said.tokens,
      words: packWords({
        title: shared.packed,
        headings: above.flatMap(({ packed }) => packed),
        body: said.packed,
      }),
    }
  }
}

/**
 * One group a word of the query, without repeats; the members of a group are alternatives, one a language (all that are
 * known where none is given). Of a long query the first 32 groups.
 */
export function queryGroups(text: string, languages: readonly Language[]): readonly (readonly string[])[] {
  const asked = languages.length === 0 ? allLanguages() : languages
  const groups = new Map<string, readonly string[]>()
  for (const word of wordsOf(text.slice(0, LONGEST_QUERY))) {
    for (const group of groupsOf(word, asked)) groups.set(group.join(' '), group)
    if (groups.size >= MOST_GROUPS) break
  }
  return [...groups.values()].slice(0, MOST_GROUPS)
}

/** What a query for the text must find in that language, in order, with repeats. */
export function askedTokens(text: string, language: Language): readonly string[] {
  return wordsOf(text.slice(0, LONGEST_QUERY)).flatMap((word) => tokensIn(language)(word, 0, word.length).asked)
}

function groupsOf(word: string, languages: readonly Language[]): string[][] {
  const [first = [], ...others] = languages.map((language) => tokensIn(language)(word, 0, word.length).asked)
  return first.map((token, index) => [...new Set([token, ...others.map((tokens) => tokens[index] ?? token)])])
}

function tokensIn(language: Language): OfSlice<Tokens> {
  const known = remembered.get(language)
  if (known !== undefined) return known
  const made = rememberSlices(MOST_REMEMBERED, LONGEST_REMEMBERED, (text, start, end) =>
    wordTokens(text.slice(start, end), language),
  )
  remembered.set(language, made)
  return made
}

function wordTokens(written: string, language: Language): Tokens {
  const { terms, parts } = wordOf(written)
  const tokenOf = ({ text, isWord }: Term) => (isWord ? stem(text, language) : text)
  const asked = terms.map(tokenOf).filter((token) => token !== '')
  const indexed = asked.concat(parts.map(tokenOf).filter((token) => !asked.includes(token)))
  return { asked, indexed, packed: packedWord(indexed) }
}

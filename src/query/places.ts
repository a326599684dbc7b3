/** Where the words of a query stand in a chunk, read from its text: an index tells that they do, not where. */
import { indexedAs, type Language } from '../analysis/analyse.ts'
import { plainText } from '../analysis/plain-text.ts'
import { wordEnd, wordStart } from '../analysis/words.ts'
import type { LexicalHit } from '../core/store.ts'
import type { Term } from './terms.ts'

/** A field's words that were asked for, in order. */
export interface Field {
  /** In words. */
  readonly length: number
  readonly found: readonly Place[]
}

export interface Place {
  /** The how manieth word of the field. */
  readonly at: number
  /** Positions in the query's terms: one word may be several. */
  readonly terms: readonly number[]
}

export interface Places {
  readonly title: Field
  readonly headings: Field
  readonly body: Field
}

const NONE: readonly number[] = []
const EMPTY: Field = { length: 0, found: [] }

/** In UTF-16 code units: of a huge chunk only so much is looked at. */
const LONGEST = 20_000

/** For one answer: what a word was found to be is remembered from chunk to chunk. */
export function placesFinder(terms: readonly Term[], languages: readonly Language[]): (hit: LexicalHit) => Places {
  const byToken = new Map<string, number[]>()
  for (const [at, { tokens }] of terms.entries()) {
    for (const token of tokens) byToken.set(token, [...(byToken.get(token) ?? []), at])
  }
  const known = new Map<string, readonly number[]>()
  const titles = new Map<string, Field>()

  function termsOf(word: string): readonly number[] {
    const found = known.get(word) ?? asked(word, byToken, languages)
    known.set(word, found)
    return found
  }
  function titleField(title: string): Field {
    const found = titles.get(title) ?? fieldOf(title, termsOf)
    titles.set(title, found)
    return found
  }

  return ({ document, chunk }) => {
    const { headings: inside, body } = plainText(chunk.text.slice(0, LONGEST))
    const headings = [...chunk.headings, ...inside.filter((heading) => !chunk.headings.includes(heading))]
    return {
      title: titleField(document.head.title),
      headings: headings.length === 0 ? EMPTY : fieldOf(headings.join('\n'), termsOf),
      body: fieldOf(body, termsOf),
    }
  }
}

function fieldOf(text: string, termsOf: (word: string) => readonly number[]): Field {
  const found: Place[] = []
  let length = 0
  for (let start = wordStart(text, 0); start < text.length; length++) {
    const end = wordEnd(text, start)
    const terms = termsOf(text.slice(start, end))
    if (terms.length > 0) found.push({ at: length, terms })
    start = wordStart(text, end)
  }
  return { length, found }
}

function asked(
  word: string,
  byToken: ReadonlyMap<string, number[]>,
  languages: readonly Language[],
): readonly number[] {
  let found = NONE
  for (const language of languages) {
    for (const token of indexedAs(word, language)) {
      const terms = byToken.get(token)
      if (terms !== undefined) found = [...new Set([...found, ...terms])]
    }
  }
  return found
}

/**
 * Answers that are nothing but quotations: the sentences of the best passages that hold most of what was asked, word for
 * word as they are stored, or none where even the best one holds too little. README.md in this folder has the figures
 * that the threshold was chosen by.
 */
import { analyse, type Language, languageOf } from '../analysis/analyse.ts'
import { wordsOf } from '../analysis/words.ts'
import { readerOf } from '../core/reader.ts'
import type { Index, Reader } from '../core/store.ts'
import type { Arm } from './arms.ts'
import { RANKING } from './score.ts'
import { type Hit, search } from './search.ts'
import { sentencesOf } from './sentences.ts'
import { askedOf } from './terms.ts'
import { type Weighed, weighed } from './weigh.ts'

export interface Question extends Reader {
  readonly text: string
}

/** A sentence of a document. */
export interface Quote {
  readonly hit: Hit
  /** As stored: what stands in the document's markdown from `start` to `end`. */
  readonly text: string
  /** Offsets into the document's markdown, in UTF-16 code units: `[start, end)`. */
  readonly start: number
  readonly end: number
}

export interface Answer {
  /** Best first; empty: there is no answer among what who asks may read. */
  readonly quotes: readonly Quote[]
  /** How much of what was asked the first of them holds, its title and headings counted in: 0 to 1. Never shown. */
  readonly support: number
}

interface Candidate extends Quote {
  readonly support: number
}

/** Of what was asked, how much an answer must hold. */
export const THRESHOLD = 0.5
/** What a sentence counts by its passage's rank: the ranking knows more than the words do. Passages behind these never answer. */
const BY_RANK = [1, 0.6, 0.2] as const
/** What a word counts that stands neither in the sentence, nor in a heading above it, but in its passage. */
const AROUND = 0.5
/** A question is no answer. */
const ASKS = /[?？؟][)\]"'»”’*_\s]{0,4}$/
const MOST_QUOTES = 3
/** Sentences that hold less than this share of what the best one does are left out. */
const BESIDE = 0.85

/** @param threshold what the best sentence must hold; 0 for measuring */
export async function answer(
  index: Index,
  question: Question,
  arms: readonly Arm[] = [],
  threshold: number = THRESHOLD,
): Promise<Answer> {
  const reader = readerOf(question)
  const asked = await askedOf(index, question.text, reader)
  const terms = await weighed(index, asked, reader)
  const brief = { ...reader, text: question.text, limit: BY_RANK.length, isBrief: true }
  const hits = await search(index, brief, RANKING, arms)
  const termsOf = termsFinder(terms, asked.languages)
  const found = hits.flatMap((hit, at) => candidatesOf(hit, BY_RANK[at] ?? 0, terms, termsOf))
  const best = found.toSorted((a, b) => b.support - a.support)
  const support = best[0]?.support ?? 0
  if (support === 0 || support < threshold) return { quotes: [], support }
  const quotes = best.filter((candidate) => candidate.support >= support * BESIDE).slice(0, MOST_QUOTES)
  return { quotes: quotes.map(({ support: _, ...quote }) => quote), support }
}

type TermsOf = (text: string) => ReadonlySet<number>

function candidatesOf(hit: Hit, counts: number, terms: readonly Weighed[], termsOf: TermsOf): readonly Candidate[] {
  const { text, start: place } = hit.chunk
  const above = termsOf([hit.title, ...hit.headings].join('\n'))
  const around = termsOf(text)
  const said = sentencesOf(text, languageOf(undefined, text)).filter(({ end }) => !ASKS.test(text.slice(0, end)))
  return said.map(({ start, end }) => {
    const quoted = text.slice(start, end)
    const support = counts * supportOf(terms, new Set([...termsOf(quoted), ...above]), around)
    return { hit, text: quoted, start: place + start, end: place + end, support }
  })
}

/** The share of what was asked, each word by how much it tells. */
function supportOf(terms: readonly Weighed[], said: ReadonlySet<number>, around: ReadonlySet<number>): number {
  let all = 0
  let held = 0
  for (const [at, { weight }] of terms.entries()) {
    all += weight
    held += weight * (said.has(at) ? 1 : around.has(at) ? AROUND : 0)
  }
  return all === 0 ? 0 : held / all
}

/** What a word was found to be is remembered. */
function termsFinder(terms: readonly Weighed[], languages: readonly Language[]): TermsOf {
  const byToken = new Map<string, number[]>()
  for (const [at, { tokens }] of terms.entries()) {
    for (const token of tokens) byToken.set(token, [...(byToken.get(token) ?? []), at])
  }
  const known = new Map<string, readonly number[]>()
  function termsOfWord(word: string): readonly number[] {
    const found = known.get(word)
    if (found !== undefined) return found
    const tokens = new Set(languages.flatMap((language) => analyse(word, language)))
    const ats = [...tokens].flatMap((token) => byToken.get(token) ?? [])
    known.set(word, ats)
    return ats
  }
  return (text) => new Set(wordsOf(text).flatMap(termsOfWord))
}

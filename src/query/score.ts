/**
 * How well a chunk answers, among those that were found: BM25 of each field by itself, added up, so that a word of the
 * title counts however often the body says it; then what the words' standing together adds. README.md in this folder
 * says what each part brings.
 */
import { type Freshness, liftOf } from './freshness.ts'
import { type Field, type Places, placesFinder } from './places.ts'
import type { Ranked } from './ranked.ts'
import type { Asked, Term } from './terms.ts'

/** What is counted, each by its weight; 0 leaves a part out. */
export interface Ranking {
  readonly title: number
  readonly headings: number
  readonly body: number
  /** For two telling words near each other, as a share of what the rarer field word counts. */
  readonly near: number
  /** For a chunk that holds both words of a query of two, as a share of its score: of longer ones the scores see to it. */
  readonly both: number
}

export interface Scored {
  readonly hit: Ranked
  readonly score: number
  /** What it is the sum of. */
  readonly parts: Parts
}

export type Parts = Readonly<Record<keyof Ranking | 'fresh', number>>

export const RANKING: Ranking = { title: 3, headings: 2, body: 1, near: 0.1, both: 2 }

const K1 = 1.2
const B = 0.75
const FIELDS = ['title', 'headings', 'body'] as const
/** Words between two that are near each other, and one more. */
const NEAR = 3
/** A word that weighs at least this share of the weightiest one is telling. */
const TELLING = 0.5
/** What a synonym counts of the word itself. */
const ALIKE = 0.7

type FieldName = (typeof FIELDS)[number]
type Averages = Readonly<Record<FieldName, number>>

/** Best first; equals by document and place: the index ordered them by what it counts, hidden documents too. */
export function rank(
  hits: readonly Ranked[],
  { terms }: Pick<Asked, 'terms'>,
  ranking: Ranking,
  freshness?: Freshness,
): readonly Scored[] {
  const find = placesFinder(terms)
  const placed = hits.map((hit) => ({ hit, places: find(hit.words) }))
  const averages = averagesOf(placed.map(({ places }) => places))
  // Of a phrase the index was asked for one word, which may stand alone.
  const hasPhrase = terms.some(({ synonyms }) => synonyms.some(({ words }) => words.length > 1))
  return placed
    .map(({ hit, places }) => scored(hit, partsOf(places, terms, averages, ranking), freshness))
    .filter(({ score }) => score > 0 || !hasPhrase)
    .sort((a, b) => b.score - a.score || byPlace(a.hit, b.hit))
}

function byPlace(a: Ranked, b: Ranked): number {
  return a.document === b.document ? a.ordinal - b.ordinal : a.document < b.document ? -1 : 1
}

function scored(hit: Ranked, parts: Omit<Parts, 'fresh'>, freshness: Freshness | undefined): Scored {
  const found = Object.values(parts).reduce((sum, part) => sum + part, 0)
  const fresh = freshness === undefined ? 0 : found * liftOf(hit.updated, freshness)
  return { hit, parts: { ...parts, fresh }, score: rounded(found + fresh) }
}

function partsOf(places: Places, terms: readonly Term[], averages: Averages, ranking: Ranking): Omit<Parts, 'fresh'> {
  const least = TELLING * Math.max(...terms.map(({ weight }) => weight))
  const fieldScore = (name: FieldName) => ranking[name] * frequencyScore(places[name], terms, averages[name])
  const nearScore = (name: FieldName) =>
    ranking[name] === 0 ? 0 : ranking[name] * ranking.near * nearness(places[name], terms, least)
  const [title, headings, body] = [fieldScore('title'), fieldScore('headings'), fieldScore('body')]
  const near = nearScore('title') + nearScore('headings') + nearScore('body')
  const found = title + headings + body + near
  return { title, headings, body, near, both: holdsBoth(places, terms) ? found * ranking.both : 0 }
}

function frequencyScore({ length, found }: Field, terms: readonly Term[], average: number): number {
  const counts = new Map<number, number>()
  for (const { terms, alike } of found) {
    for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + (alike?.includes(term) ? ALIKE : 1))
  }
  const norm = K1 * (1 - B + (B * length) / average)
  let score = 0
  for (const [term, count] of counts) score += ((terms[term]?.weight ?? 0) * count * (K1 + 1)) / (count + norm)
  return score
}

/** Each pair of telling words counts once a field, where it stands closest. */
function nearness({ found }: Field, terms: readonly Term[], least: number): number {
  const pairs = new Map<number, number>()
  for (const [at, first] of found.entries()) {
    for (let next = at + 1; next < found.length; next++) {
      const second = found[next]
      if (second === undefined || second.at - first.at > NEAR) break
      const distance = Math.max(1, second.at - first.at)
      for (const a of first.terms) {
        for (const b of second.terms) addPair(pairs, a, b, distance, terms, least)
      }
    }
  }
  return [...pairs.values()].reduce((sum, value) => sum + value, 0)
}

function addPair(
  pairs: Map<number, number>,
  a: number,
  b: number,
  distance: number,
  terms: readonly Term[],
  least: number,
): void {
  const weight = Math.min(terms[a]?.weight ?? 0, terms[b]?.weight ?? 0)
  if (a === b || weight < least) return
  const value = (weight * (b === a + 1 ? 1 : 0.5)) / distance
  const key = Math.min(a, b) * terms.length + Math.max(a, b)
  pairs.set(key, Math.max(pairs.get(key) ?? 0, value))
}

/** Of two words; those that are nowhere can't be asked of anybody. */
function holdsBoth(places: Places, terms: readonly Term[]): boolean {
  if (terms.filter(({ weight }) => weight > 0).length !== 2) return false
  return new Set(FIELDS.flatMap((name) => places[name].found.flatMap((place) => place.terms))).size === 2
}

/** Of what was found and may be read: what is hidden has no say. */
function averagesOf(places: readonly Places[]): Averages {
  const average = (name: FieldName) =>
    Math.max(1, places.reduce((sum, each) => sum + each[name].length, 0) / Math.max(1, places.length))
  return { title: average('title'), headings: average('headings'), body: average('body') }
}

/** In whole steps, so that the last bits of a floating-point sum do not decide between equals. */
function rounded(score: number): number {
  return Math.round(score * 1e9) / 1e9
}

/**
 * How an answer came about: what was asked for and what was left out, where each hit stood in each retriever's answer,
 * and what its score is made of. For operators only: scores, and counts over all chunks, tell of hidden documents.
 */
import { readerOf } from '../core/reader.ts'
import type { ChunkPlace, Index, Reader } from '../core/store.ts'
import type { Arm } from './arms.ts'
import type { Parts, Ranking, Scored } from './score.ts'
import { type Found, find, type Hit, type SearchQuery } from './search.ts'
import type { Lap } from './stopwatch.ts'
import type { Asked, Finding, Term } from './terms.ts'

export interface ExplainedTerm {
  readonly typed: readonly string[]
  readonly found: Finding
  /** What it was looked up as; one of these is enough. */
  readonly tokens: readonly string[]
  /** What a synonyms file added: words and phrases, by their tokens. */
  readonly synonyms: readonly (readonly string[])[]
  /** In how many chunks, of frequent words hidden ones counted in. */
  readonly chunks: number
  readonly weight: number
  /** Null where it was looked up; else why not. Left out words still rank what others found. */
  readonly leftOut: 'common' | 'nowhere' | null
}

export interface ExplainedArm {
  readonly arm: string
  /** Of the passage in this retriever's answer, from 1. */
  readonly rank: number
  readonly score: number
  /** What the score is the sum of; only of the one by words. */
  readonly parts?: Parts
}

export interface ExplainedHit {
  readonly hit: Hit
  /** Of all retrievers together. */
  readonly score: number
  readonly arms: readonly ExplainedArm[]
}

export interface Explanation {
  readonly languages: readonly string[]
  readonly terms: readonly ExplainedTerm[]
  /** What was quoted; where it is held nowhere, its words alone were asked for. */
  readonly phrases: Found['phrases']
  /** Who asked, and of which documents. */
  readonly reader: Reader
  /** How many passages each retriever found. */
  readonly arms: readonly { readonly arm: string; readonly passages: number }[]
  readonly steps: readonly Lap[]
  readonly hits: readonly ExplainedHit[]
}

/** @param now milliseconds, for the steps */
export async function explain(
  index: Index,
  query: SearchQuery,
  ranking: Ranking,
  arms: readonly Arm[],
  now: () => number,
): Promise<Explanation> {
  const found = await find(index, query, ranking, arms, now)
  const { asked, byWords, byArms, laps } = found
  return {
    languages: asked.languages,
    terms: asked.terms.map((term) => explainedTerm(term, asked)),
    phrases: found.phrases,
    reader: readerOf(query),
    arms: [byWords, ...byArms].map((hits, at) => ({ arm: armName(at), passages: hits.length })),
    steps: laps,
    hits: found.hits.map((hit, at) => ({ hit, score: found.kept[at]?.score ?? 0, arms: armsOf(hit, found) })),
  }
}

function explainedTerm(term: Term, { kept }: Asked): ExplainedTerm {
  const { typed, found, tokens, chunks, weight } = term
  const synonyms = term.synonyms.map(({ words }) => words)
  const reason = weight === 0 ? 'nowhere' : 'common'
  return { typed, found, tokens, synonyms, chunks, weight, leftOut: kept.includes(term) ? null : reason }
}

function armsOf(hit: Hit, { byWords, byArms }: Found): readonly ExplainedArm[] {
  const words = byWords.findIndex((scored) => isOf(scored.hit, hit))
  const places = byArms.map((hits) => hits.findIndex((found) => isOf(found, hit)))
  return [
    ...(words === -1 ? [] : [wordsArm(byWords[words], words)]),
    ...places.flatMap((place, at) =>
      place === -1 ? [] : [{ arm: armName(at + 1), rank: place + 1, score: byArms[at]?.[place]?.score ?? 0 }],
    ),
  ]
}

function wordsArm(scored: Scored | undefined, at: number): ExplainedArm {
  return { arm: armName(0), rank: at + 1, score: scored?.score ?? 0, ...(scored && { parts: scored.parts }) }
}

function isOf({ document, ordinal }: ChunkPlace, hit: Hit): boolean {
  return document === hit.id && ordinal === hit.chunk.ordinal
}

/** The first is the one by words. */
function armName(at: number): string {
  return at === 0 ? 'words' : 'vectors'
}

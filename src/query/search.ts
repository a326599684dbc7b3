/**
 * A question and who asks it, to passages with their sources. The same words ask as were indexed; chunks with every
 * word come first, chunks with some of them fill up.
 */

import { isLanguage } from '../analysis/analyse.ts'
import type { Chunk, Kind } from '../core/document.ts'
import { UnsiloError } from '../core/errors.ts'
import { isFor, readerOf } from '../core/reader.ts'
import type { ChunkPlace, FoundPassage, Index, Reader } from '../core/store.ts'
import type { Arm } from './arms.ts'
import type { Freshness } from './freshness.ts'
import { fuse } from './fuse.ts'
import { holdsAll, quotedIn, quotedPool } from './phrases.ts'
import { poolOf } from './pool.ts'
import { placeIn, placeOf, type Ranked, ranked } from './ranked.ts'
import { RANKING, type Ranking, rank, type Scored } from './score.ts'
import { type Section, sectionOf } from './section.ts'
import { fewPerDocument, furtherOf } from './selection.ts'
import { type Snippet, snippetsFor } from './snippet.ts'
import { type Lap, stopwatch } from './stopwatch.ts'
import { type Asked, askedOf, lookedUp } from './terms.ts'

/** Asked as `[]`, it sees what is public. */
export interface SearchQuery extends Reader {
  readonly text: string
  /** Taken into 1..100. */
  readonly limit: number
  /** How many chunks of one document may answer; 1 unless told. */
  readonly perDocument?: number
  /** The last word is still being typed: what it begins is found too. */
  readonly isUnfinished?: boolean
  /** Only what answers best of each document: nothing else of it, and not what stands around it. */
  readonly isBrief?: boolean
  /** What changed lately is lifted among what is found by words; absent is not at all. */
  readonly freshness?: Freshness
}

/** A part of a document that answers. */
export interface Extract {
  /** Its heading path. */
  readonly headings: readonly string[]
  readonly snippet: Snippet
  readonly chunk: Chunk
}

export interface Hit extends Extract {
  /** `<source>:<native id>` */
  readonly id: string
  readonly title: string
  readonly url: string
  readonly path: readonly string[]
  readonly kind: Kind
  readonly updatedAt: string
  readonly source: string
  /** What else of the document answers, best first, where one passage a document was asked for, and not briefly. */
  readonly passages: readonly Extract[]
  /** Where the passage is small, and one a document was asked for, and not briefly: what stands around it under the same headings. */
  readonly section?: Section
}

/** How an answer came about, for who may see scores. */
export interface Found {
  readonly hits: readonly Hit[]
  readonly asked: Asked
  /** What was quoted; not held: together it stands nowhere, and its words alone were asked for. */
  readonly phrases: readonly { readonly text: string; readonly isHeld: boolean }[]
  /** Best first, of each hit the one at the same place. */
  readonly kept: readonly Ranked[]
  readonly byWords: readonly Scored[]
  /** What each retriever beside the one by words found. */
  readonly byArms: readonly (readonly Ranked[])[]
  readonly laps: readonly Lap[]
}

const MOST_HITS = 100
/** Passages that hold what was quoted: as many as are ranked without quotes. */
const QUOTED_POOL = 200

/**
 * Best first, ties in the index's stable order. A query without words has no hits by words.
 *
 * @param arms retrievers beside the one by words, whose answers are fused with its
 */
export async function search(
  index: Index,
  query: SearchQuery,
  ranking: Ranking = RANKING,
  arms: readonly Arm[] = [],
): Promise<readonly Hit[]> {
  return (await find(index, query, ranking, arms, () => 0)).hits
}

/** @param now milliseconds from whenever: only how long the steps took is told */
export async function find(
  index: Index,
  query: SearchQuery,
  ranking: Ranking,
  arms: readonly Arm[],
  now: () => number,
): Promise<Found> {
  const wanted = { limit: hitLimit(query.limit), perDocument: query.perDocument ?? 1 }
  checkSince(query)
  const { lap, laps } = stopwatch(now)
  const reader = readerOf(query)
  const asked = await lap('terms', askedOf(index, query.text, reader, query.isUnfinished))
  const quoted = quotedIn(query.text, asked.languages)
  const holding = quoted.length === 0 ? [] : await lap('quotes', quotedPool(index, reader, quoted, QUOTED_POOL))
  const isQuoted = holding.length > 0
  const pool = isQuoted ? holding : await lap('words', poolOf(index, reader, asked, wanted))
  const byWords = await lap('scores', rank(pool, asked, ranking, query.freshness))
  const found = await lap('vectors', Promise.all(arms.map(async (arm) => ranked(index, reader, await arm(reader)))))
  const byArms = isQuoted ? found.map((hits) => hits.filter(({ words }) => holdsAll(quoted, words))) : found
  const words = byWords.map(({ hit, score }) => ({ ...hit, score }))
  const all = byArms.every((hits) => hits.length === 0) ? words : fuse([words, ...byArms])
  const best = fewPerDocument(all, wanted.perDocument).slice(0, wanted.limit)
  const shown = await lap('passages', show(index, query, { asked, byWords, all, best }))
  const phrases = quoted.map((part) => ({ text: part.text, isHeld: isQuoted }))
  return {
    hits: shown.map(({ hit }) => hit),
    asked,
    phrases,
    kept: shown.map(({ from }) => from),
    byWords,
    byArms,
    laps,
  }
}

interface Shown {
  readonly hit: Hit
  readonly from: Ranked
}

async function show(
  index: Index,
  query: SearchQuery,
  { asked, byWords, all, best }: Pick<Found, 'asked' | 'byWords'> & Readonly<Record<'all' | 'best', readonly Ranked[]>>,
): Promise<readonly Shown[]> {
  const snippetOf = snippetsOf(asked)
  const extractOf = ({ document, chunk }: FoundPassage): Extract => {
    return { headings: chunk.headings, snippet: snippetOf(document.language)(chunk.text), chunk }
  }
  const isWhole = (query.perDocument ?? 1) === 1 && query.isBrief !== true
  const further = isWhole ? furtherOf(all, best, worthOf(byWords)) : []
  const read = await passagesAt(index, readerOf(query), [...best, ...further.flat()])
  const shown = best.map(async (from, at): Promise<readonly Shown[]> => {
    const [passage] = read([from])
    if (passage === undefined) return []
    const { id, title, url, path, kind, updatedAt } = passage.document.head
    const head = { id, title, url, path, kind, updatedAt, source: passage.document.source }
    const section = isWhole ? await sectionOf(index, passage, query) : null
    const passages = read(further[at] ?? []).map(extractOf)
    return [{ hit: { ...head, ...extractOf(passage), passages, ...(section && { section }) }, from }]
  })
  return (await Promise.all(shown)).flat()
}

/** Words are marked as what they were indexed as: in the language of the text, where it is one that is known. */
function snippetsOf({ kept, languages }: Asked): (language: string) => (markdown: string) => Snippet {
  const terms = new Set(kept.flatMap(lookedUp))
  const known = new Map<string, (markdown: string) => Snippet>()
  return (language) => {
    const snippetOf = known.get(language) ?? snippetsFor(terms, isLanguage(language) ? [language] : languages)
    known.set(language, snippetOf)
    return snippetOf
  }
}

/** Only what is there still, and for the reader: the driver has filtered already, so a leak would take two mistakes. */
async function passagesAt(
  index: Index,
  reader: Reader,
  places: readonly ChunkPlace[],
): Promise<(places: readonly ChunkPlace[]) => readonly FoundPassage[]> {
  const read = (await index.passages(places, reader)).filter(({ document }) => isFor(document, reader))
  const known = new Map(read.map((passage) => [placeOf(placeIn(passage)), passage]))
  return (asked) => asked.flatMap((place) => known.get(placeOf(place)) ?? [])
}

function worthOf(byWords: readonly Scored[]): (hit: ChunkPlace) => number | null {
  const worth = new Map(byWords.map(({ hit, parts }) => [placeOf(hit), parts.headings + parts.body]))
  return (hit) => worth.get(placeOf(hit)) ?? null
}

function checkSince({ updatedSince }: SearchQuery): void {
  if (updatedSince === undefined || !Number.isNaN(Date.parse(updatedSince))) return
  throw new UnsiloError('USAGE', `${JSON.stringify(updatedSince)} is no time that documents can be younger than.`, {
    hint: 'Write a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z.',
  })
}

function hitLimit(limit: number): number {
  if (Number.isNaN(limit)) throw new UnsiloError('USAGE', 'The limit of a search must be a number from 1 to 100.')
  return Math.min(Math.max(Math.trunc(limit), 1), MOST_HITS)
}

/**
 * A question and who asks it, to passages with their sources. The same words ask as were indexed; chunks with every
 * word come first, chunks with some of them fill up.
 */
import { UnsiloError } from '../core/errors.ts'
import { isFor, readerOf } from '../core/reader.ts'
import type { Chunk, Index, Kind, LexicalHit, Reader } from '../core/types.ts'
import type { Arm } from './arms.ts'
import { fuse } from './fuse.ts'
import { RANKING, type Ranking, rank } from './score.ts'
import { type Snippet, snippetsFor } from './snippet.ts'
import { type Asked, askedOf } from './terms.ts'

/** Asked as `[]`, it sees what is public. */
export interface SearchQuery extends Reader {
  readonly text: string
  /** Taken into 1..100. */
  readonly limit: number
  /** How many chunks of one document may answer; 1 unless told. */
  readonly perDocument?: number
  /** The last word is still being typed: what it begins is found too. */
  readonly isUnfinished?: boolean
}

export interface Hit {
  /** `<source>:<native id>` */
  readonly id: string
  readonly title: string
  readonly url: string
  readonly path: readonly string[]
  /** The heading path of the passage. */
  readonly headings: readonly string[]
  readonly kind: Kind
  readonly snippet: Snippet
  readonly chunk: Chunk
  readonly updatedAt: string
  readonly source: string
  /** Higher is better; comparable within one answer only. */
  readonly score: number
}

const MOST_HITS = 100
/** Chunks that are ranked: of those with every word, and of those with any. */
const POOL = { all: 50, any: 150 } as const
const MOST_CHUNKS = 2000

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
  const limit = hitLimit(query.limit)
  checkSince(query)
  const asked = await askedOf(index, query.text, readerOf(query), query.isUnfinished)
  const words = await byWords(index, query, ranking, limit, asked)
  const others = await Promise.all(arms.map((arm) => byArm(arm, query)))
  const ranked = others.every((hits) => hits.length === 0) ? words : fuse([words, ...others])
  const snippetOf = snippetsFor(new Set(asked.kept.flatMap(({ tokens }) => tokens)), asked.languages)
  return fewPerDocument(ranked, query.perDocument ?? 1)
    .slice(0, limit)
    .map((hit) => toHit(hit, snippetOf(hit.chunk.text)))
}

async function byWords(
  index: Index,
  query: SearchQuery,
  ranking: Ranking,
  limit: number,
  asked: Asked,
): Promise<readonly LexicalHit[]> {
  if (asked.kept.length === 0) return []
  const groups = asked.kept.map(({ tokens }) => tokens)
  const every = await retrieve(index, query, groups, 'all', limit, [])
  const pool = await retrieve(index, query, groups, 'any', limit, every)
  return rank(pool, asked, ranking).map(({ hit, score }) => ({ ...hit, score }))
}

async function byArm(arm: Arm, query: SearchQuery): Promise<readonly LexicalHit[]> {
  return (await arm(readerOf(query))).filter((hit) => mayShow(hit, query))
}

/**
 * `found` and further chunks, asking for more until they are of enough documents or there are no more. A text that was
 * found is looked for in its own document only: thousands may include it, and would leave no room for others.
 */
async function retrieve(
  index: Index,
  query: SearchQuery,
  groups: readonly (readonly string[])[],
  match: 'all' | 'any',
  limit: number,
  found: readonly LexicalHit[],
): Promise<readonly LexicalHit[]> {
  const { perDocument = 1 } = query
  const all = new Map(found.map((hit) => [`${hit.document.head.id}#${hit.chunk.ordinal}`, hit]))
  for (let asked: number = POOL[match]; ; asked = Math.min(asked * 4, MOST_CHUNKS)) {
    const onlyInPlace = [...new Set([...all.values()].flatMap(({ chunk }) => chunk.origin ?? []))]
    const hits = await index.lexical({ ...readerOf(query), groups, match, limit: asked, onlyInPlace })
    for (const hit of hits) if (mayShow(hit, query)) all.set(`${hit.document.head.id}#${hit.chunk.ordinal}`, hit)
    const kept = fewPerDocument([...all.values()], perDocument)
    if (kept.length >= limit || hits.length < asked || asked === MOST_CHUNKS) return [...all.values()]
  }
}

/** The driver has filtered already; a leak would take two mistakes. */
function mayShow({ document }: LexicalHit, query: SearchQuery): boolean {
  return isFor(document, query)
}

/**
 * A text that several documents show answers once, where it ranks best, as a part of the document that it is of; where
 * that doesn't answer with it, of the first that includes it.
 */
function fewPerDocument(hits: readonly LexicalHit[], most: number): LexicalHit[] {
  const own = Map.groupBy(
    hits.filter(({ chunk }) => chunk.origin === undefined),
    ({ document }) => document.head.id,
  )
  const kept = new Map<string, LexicalHit>()
  const taken = new Map<string, Chunk[]>()
  const takenOf = (id: string) => taken.get(id) ?? []
  for (const found of hits) {
    const text = found.chunk.origin ?? found.document.head.id
    if (takenOf(text).length >= most) continue
    const isIncluded = found.chunk.origin !== undefined
    const isSame = (chunk: Chunk) => isSamePassage(chunk, found.chunk)
    if (isIncluded && takenOf(text).some(isSame)) continue
    const hit = (isIncluded && own.get(text)?.find(({ chunk }) => isSame(chunk))) || found
    const place = hit.document.head.id
    const key = `${place}#${hit.chunk.ordinal}`
    if (kept.has(key) || takenOf(place).length >= most) continue
    kept.set(key, hit)
    for (const id of new Set([place, text])) taken.set(id, [...takenOf(id), hit.chunk])
  }
  return [...kept.values()]
}

/** A document may be cut at other places where it is included. */
function isSamePassage({ text: one }: Chunk, { text: other }: Chunk): boolean {
  return one.includes(other) || other.includes(one)
}

function toHit({ document, chunk, score }: LexicalHit, snippet: Snippet): Hit {
  const { id, title, url, path, kind, updatedAt } = document.head
  const { headings } = chunk
  return { id, title, url, path, headings, kind, snippet, chunk, updatedAt, source: document.source, score }
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

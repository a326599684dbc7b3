/** The lexical retriever of the reference driver: a scan. */

import type { IndexedChunk, IndexedDocument } from '../core/document.ts'
import { isFor } from '../core/reader.ts'
import type { Candidate, ChunkPlace, FoundPassage, LexicalQuery, Reader } from '../core/store.ts'
import { groupScore, inSteps, type Occurrences } from './lexical-score.ts'
import { byUtf8 } from './utf8.ts'

interface Row {
  readonly document: IndexedDocument
  readonly chunk: IndexedChunk
}

/** `documents` are all there are, hidden ones too. */
export function searchMemory(documents: readonly IndexedDocument[], query: LexicalQuery): Candidate[] {
  const hits = documents
    .flatMap((document) => document.chunks.map((chunk) => ({ document, chunk })))
    .filter((row) => mayAnswer(row, query))
    .flatMap((row) => {
      const found = query.groups.map((group) => occurrencesOf(row.chunk, new Set(group), query.match))
      return matches(found, query) ? [toCandidate(row, scoreOf(found, query))] : []
    })
    .sort(byRank)
  return fewEach(hits, ({ document }) => document, query.perDocument).slice(0, Math.max(0, Math.trunc(query.limit)))
}

/** The first so many of each owner, in their order. */
export function fewEach<T>(items: readonly T[], ownerOf: (item: T) => string | number, most?: number): readonly T[] {
  if (most === undefined) return items
  const counts = new Map<string | number, number>()
  return items.filter((item) => {
    const owner = ownerOf(item)
    const count = (counts.get(owner) ?? 0) + 1
    counts.set(owner, count)
    return count <= most
  })
}

function occurrencesOf({ terms }: IndexedChunk, group: ReadonlySet<string>, match: LexicalQuery['match']): Occurrences {
  const most = match === 'all' ? 1 : Number.POSITIVE_INFINITY
  const count = (tokens: readonly string[]) => Math.min(most, tokens.filter((token) => group.has(token)).length)
  const [title, headings, body] = [count(terms.title), count(terms.headings), count(terms.body)]
  return { count: title + headings + body, inTitle: title > 0, inHeadings: headings > 0 }
}

function scoreOf(found: readonly Occurrences[], { weights }: LexicalQuery): number {
  return inSteps(found.reduce((sum, each, at) => sum + groupScore(each, weights?.[at] ?? 1), 0))
}

function mayAnswer({ document, chunk }: Row, query: LexicalQuery): boolean {
  return (chunk.origin === undefined || query.onlyInPlace?.includes(chunk.origin) !== true) && isFor(document, query)
}

function matches(found: readonly Occurrences[], { match }: LexicalQuery): boolean {
  const isHeld = ({ count }: Occurrences) => count > 0
  return match === 'any' ? found.some(isHeld) : found.length > 0 && found.every(isHeld)
}

export function toCandidate({ document, chunk }: Row, score: number): Candidate {
  const updated = Date.parse(document.head.updatedAt)
  return {
    ...{ document: document.head.id, ordinal: chunk.ordinal, words: chunk.terms.words.slice(), score },
    updated: Number.isNaN(updated) ? null : updated,
    ...(chunk.origin !== undefined && { origin: chunk.origin }),
  }
}

export function byRank(a: Candidate, b: Candidate): number {
  return b.score - a.score || byUtf8(a.document, b.document) || a.ordinal - b.ordinal
}

export function readPassages(
  documents: ReadonlyMap<string, IndexedDocument>,
  places: readonly ChunkPlace[],
  reader: Reader,
): FoundPassage[] {
  return places.flatMap((place) => {
    const document = documents.get(place.document)
    const chunk = document?.chunks.find(({ ordinal }) => ordinal === place.ordinal)
    if (document === undefined || chunk === undefined || !isFor(document, reader)) return []
    const { head, recipe, source, language } = document
    const { terms: _, ...stored } = chunk
    return [structuredClone({ document: { head, recipe, source, language }, chunk: stored })]
  })
}

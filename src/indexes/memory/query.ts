/** The lexical retriever of the reference driver: a scan. */

import type { IndexedChunk, IndexedDocument } from '../../core/document.ts'
import { isFor } from '../../core/reader.ts'
import type { Candidate, ChunkPlace, FoundPassage, LexicalQuery, Reader } from '../../core/store.ts'
import { wordsScorer } from '../lexical-score.ts'
import { byUtf8 } from '../utf8.ts'

interface Row {
  readonly document: IndexedDocument
  readonly chunk: IndexedChunk
}

/** `documents` are all there are, hidden ones too. */
export function searchMemory(documents: readonly IndexedDocument[], query: LexicalQuery): Candidate[] {
  const score = wordsScorer(query)
  const hits = documents
    .flatMap((document) => document.chunks.map((chunk) => ({ document, chunk })))
    .filter((row) => mayAnswer(row, query) && matches(row.chunk, query))
    .map((row) => toCandidate(row, score(row.chunk.terms.words)))
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

function mayAnswer({ document, chunk }: Row, query: LexicalQuery): boolean {
  return (chunk.origin === undefined || query.onlyInPlace?.includes(chunk.origin) !== true) && isFor(document, query)
}

function matches({ terms: { title, headings, body } }: IndexedChunk, { groups, match }: LexicalQuery): boolean {
  const held = new Set([...title, ...headings, ...body])
  const holds = (group: readonly string[]) => group.some((token) => held.has(token))
  return match === 'any' ? groups.some(holds) : groups.length > 0 && groups.every(holds)
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

/**
 * BM25 as SQLite's FTS5 computes it (https://www.sqlite.org/fts5.html#the_bm25_function), so that all drivers rank alike:
 * one phrase a token, rows are chunks, a row's length is all its tokens, a hit counts its field's weight.
 */

import type { IndexedChunk, IndexedDocument } from '../core/document.ts'
import { isFor } from '../core/reader.ts'
import { FIELD_WEIGHTS, type LexicalHit, type LexicalQuery } from '../core/store.ts'
import { byUtf8 } from './utf8.ts'

const K1 = 1.2
const B = 0.75
/** What a term gets that is in more than half of all chunks, where the formula would turn negative. */
const LOWEST_IDF = 1e-6

interface Row {
  readonly document: IndexedDocument
  readonly chunk: IndexedChunk
  readonly length: number
  /** A token's weighted count. */
  readonly counts: ReadonlyMap<string, number>
}

/** `documents` are all there are, hidden ones too: how rare a term is does not depend on who asks. */
export function searchMemory(documents: readonly IndexedDocument[], query: LexicalQuery): LexicalHit[] {
  const rows = documents.flatMap((document) => document.chunks.map((chunk) => toRow(document, chunk)))
  const score = scorer(rows, query.groups.flat())
  const hits = rows
    .filter((row) => mayAnswer(row, query) && matches(row, query))
    .map((row) => toHit(row, score(row)))
    .sort(byRank)
  return fewEach(hits, ({ document }) => document.head.id, query.perDocument).slice(
    0,
    Math.max(0, Math.trunc(query.limit)),
  )
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

function toRow(document: IndexedDocument, chunk: IndexedChunk): Row {
  const counts = new Map<string, number>()
  let length = 0
  for (const field of ['title', 'headings', 'body'] as const) {
    for (const token of chunk.terms[field]) counts.set(token, (counts.get(token) ?? 0) + FIELD_WEIGHTS[field])
    length += chunk.terms[field].length
  }
  return { document, chunk, length, counts }
}

function scorer(rows: readonly Row[], phrases: readonly string[]): (row: Row) => number {
  const averageLength = rows.reduce((sum, row) => sum + row.length, 0) / rows.length
  const weights = phrases.map((phrase) => inverseFrequency(rows, phrase))
  return (row) => {
    let score = 0
    for (const [index, phrase] of phrases.entries()) {
      const count = row.counts.get(phrase) ?? 0
      score += (weights[index] ?? 0) * ((count * (K1 + 1)) / (count + K1 * (1 - B + (B * row.length) / averageLength)))
    }
    return rounded(score)
  }
}

function inverseFrequency(rows: readonly Row[], phrase: string): number {
  const holding = rows.filter((row) => row.counts.has(phrase)).length
  const idf = Math.log((rows.length - holding + 0.5) / (holding + 0.5))
  return idf > 0 ? idf : LOWEST_IDF
}

/** In whole steps, so that the last bits of a floating-point sum do not decide between equals. */
function rounded(score: number): number {
  return Math.round(score * 1e12) / 1e12
}

function mayAnswer({ document, chunk }: Row, query: LexicalQuery): boolean {
  return (chunk.origin === undefined || query.onlyInPlace?.includes(chunk.origin) !== true) && isFor(document, query)
}

function matches(row: Row, { groups, match }: LexicalQuery): boolean {
  const holds = (group: readonly string[]) => group.some((token) => row.counts.has(token))
  return match === 'any' ? groups.some(holds) : groups.length > 0 && groups.every(holds)
}

export function toHit({ document, chunk }: Pick<Row, 'document' | 'chunk'>, score: number): LexicalHit {
  const { head, recipe, source, language } = document
  const { terms: _, ...stored } = chunk
  return structuredClone({ document: { head, recipe, source, language }, chunk: stored, score })
}

export function byRank(a: LexicalHit, b: LexicalHit): number {
  return b.score - a.score || byUtf8(a.document.head.id, b.document.head.id) || a.chunk.ordinal - b.chunk.ordinal
}

/** Which tokens there are, and how many chunks hold them: counted anew each time. */

import type { IndexedChunk, IndexedDocument } from '../../core/document.ts'
import { isWord, mayBeSpelt } from '../../core/letters.ts'
import { isFor } from '../../core/reader.ts'
import type { HeldQuery, Reader } from '../../core/store.ts'
import { byUtf8 } from '../utf8.ts'

export function frequencies(documents: readonly IndexedDocument[], terms: readonly string[]) {
  const held = documents.flatMap(({ chunks }) => chunks.map(tokensOf))
  const of = new Map(terms.map((term) => [term, held.filter((tokens) => tokens.has(term)).length]))
  return { chunks: held.length, of }
}

export function listTokens(documents: readonly IndexedDocument[], prefix: string, limit: number): readonly string[] {
  const found = wordsOf(documents).filter((token) => token.startsWith(prefix))
  return found.sort(byUtf8).slice(0, Math.max(0, limit))
}

export function listAlike(documents: readonly IndexedDocument[], token: string, changes: number): readonly string[] {
  return wordsOf(documents).filter((other) => mayBeSpelt(token, other, changes))
}

function wordsOf(documents: readonly IndexedDocument[]): string[] {
  const tokens = new Set(documents.flatMap(({ chunks }) => chunks.flatMap((chunk) => [...tokensOf(chunk)])))
  return [...tokens].filter(isWord)
}

export function listLanguages(documents: readonly IndexedDocument[], reader: Reader): readonly string[] {
  return [...new Set(readableBy(documents, reader).map(({ language }) => language))].sort(byUtf8)
}

export function countHeld(
  documents: readonly IndexedDocument[],
  { tokens, most, ...reader }: HeldQuery,
): ReadonlyMap<string, number> {
  const held = readableBy(documents, reader).flatMap(({ chunks }) => chunks.map(tokensOf))
  return new Map(tokens.map((token) => [token, Math.min(most, held.filter((all) => all.has(token)).length)]))
}

export function countReadable(documents: readonly IndexedDocument[], reader: Reader, most: number): number {
  return Math.min(
    most,
    readableBy(documents, reader).reduce((sum, { chunks }) => sum + chunks.length, 0),
  )
}

function readableBy(documents: readonly IndexedDocument[], reader: Reader): readonly IndexedDocument[] {
  return documents.filter((document) => isFor(document, reader))
}

function tokensOf({ terms: { title, headings, body } }: IndexedChunk): ReadonlySet<string> {
  return new Set([...title, ...headings, ...body])
}

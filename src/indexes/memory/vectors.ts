/** The vectors of the index in memory: every query compares with all that the asker may read. */

import type { IndexedDocument } from '../../core/document.ts'
import { passageOf } from '../../core/passage.ts'
import { isFor } from '../../core/reader.ts'
import type { Candidate } from '../../core/store.ts'
import type { Embedded, Passage, StoredVector, VectorQuery } from '../../core/vectors.ts'
import { byUtf8 } from '../utf8.ts'
import { checkVectors, cosineWith, quantize } from '../vectors.ts'
import { byRank, toCandidate } from './query.ts'

interface KeptVector {
  readonly embedder: string
  readonly hash: string
  readonly values: Int8Array
}

/** By document id, then ordinal. */
export type MemoryVectors = Map<string, Map<number, KeptVector>>

type Documents = ReadonlyMap<string, IndexedDocument>

/** Chunks that say what one of the document did keep that one's vector. */
export function keepVectors(all: MemoryVectors, document: IndexedDocument): void {
  const { id } = document.head
  const known = new Map([...(all.get(id)?.values() ?? [])].map((stored) => [stored.hash, stored]))
  const kept = passagesOf(document).flatMap(({ ordinal, hash }): [number, KeptVector][] => {
    const stored = known.get(hash)
    return stored === undefined ? [] : [[ordinal, stored]]
  })
  all.set(id, new Map(kept))
}

export function embed(all: MemoryVectors, documents: Documents, embedder: string, vectors: readonly Embedded[]): void {
  checkVectors(embedder, vectors)
  for (const { document: id, ordinal, hash, vector } of vectors) {
    const document = documents.get(id)
    const isThere =
      document !== undefined && passagesOf(document).some((at) => at.ordinal === ordinal && at.hash === hash)
    if (!isThere) continue
    const own = all.get(id) ?? new Map<number, KeptVector>()
    all.set(id, own.set(ordinal, { embedder, hash, values: quantize(vector) }))
  }
}

export function embedded(all: MemoryVectors, ids: readonly string[]): StoredVector[] {
  return [...new Set(ids)].sort(byUtf8).flatMap((document) =>
    [...(all.get(document) ?? [])]
      .sort(([a], [b]) => a - b)
      .map(([ordinal, { embedder, hash, values }]) => ({
        ...{ document, ordinal, embedder, hash },
        vector: Float32Array.from(values),
      })),
  )
}

/** All of them, in order. */
export function unembedded(all: MemoryVectors, documents: Documents, embedder: string): Passage[] {
  return [...documents.values()]
    .sort((a, b) => byUtf8(a.head.id, b.head.id))
    .filter(({ head }) => head.access.length > 0)
    .flatMap(passagesOf)
    .filter(({ document, ordinal }) => all.get(document)?.get(ordinal)?.embedder !== embedder)
}

export function countPassages(passages: readonly Passage[]): { texts: number; tokens: number } {
  return { texts: passages.length, tokens: passages.reduce((sum, { tokens }) => sum + tokens, 0) }
}

export function isBehind(passage: Passage, after: Pick<Passage, 'document' | 'ordinal'> | undefined): boolean {
  if (after === undefined) return true
  return (byUtf8(passage.document, after.document) || passage.ordinal - after.ordinal) > 0
}

export function nearest(all: MemoryVectors, documents: Documents, query: VectorQuery): Candidate[] {
  const cosine = cosineWith(query.vector)
  const hits = [...documents.values()]
    .filter((document) => isFor(document, query))
    .flatMap((document) =>
      document.chunks.flatMap((chunk) => {
        const stored = all.get(document.head.id)?.get(chunk.ordinal)
        return stored?.embedder === query.embedder ? [toCandidate({ document, chunk }, cosine(stored.values))] : []
      }),
    )
  return hits.sort(byRank).slice(0, Math.max(0, Math.trunc(query.limit)))
}

function passagesOf({ head, chunks }: IndexedDocument): Passage[] {
  return chunks.map((chunk) => passageOf(head.id, head.title, chunk))
}

/** Which of the passages that were found are shown: few of each document, and each text once. */
import type { Chunk, LexicalHit } from '../core/types.ts'

/**
 * A text that several documents show answers once, where it ranks best, as a part of the document that it is of; where
 * that doesn't answer with it, of the first that includes it.
 */
export function fewPerDocument(hits: readonly LexicalHit[], most: number): LexicalHit[] {
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

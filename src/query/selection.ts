/** Which of the passages that were found are shown: few of each document, and each text once. */
import type { Chunk } from '../core/document.ts'
import type { LexicalHit } from '../core/store.ts'

/** Passages of a document beside the one that answers best. */
const FURTHER = 2
/** Of what that one says. */
const NEARLY = 0.5

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
    const key = placeOf(hit)
    if (kept.has(key) || takenOf(place).length >= most) continue
    kept.set(key, hit)
    for (const id of new Set([place, text])) taken.set(id, [...takenOf(id), hit.chunk])
  }
  return [...kept.values()]
}

/**
 * What else of each document that is shown answers nearly as well, best first: by the place of what is shown.
 *
 * @param worth how much the passage itself says of what was asked, its document's title left out; null: can't be told
 */
export function furtherOf(
  ranked: readonly LexicalHit[],
  shown: readonly LexicalHit[],
  worth: (hit: LexicalHit) => number | null,
): readonly (readonly LexicalHit[])[] {
  const taken = new Set(shown.map(placeOf))
  const telling = ranked.filter((hit) => worth(hit) !== 0)
  const few = Map.groupBy(fewPerDocument(telling, FURTHER + 1), ({ document }) => document.head.id)
  return shown.map((best) => {
    const least = NEARLY * (worth(best) ?? 0)
    const others = (few.get(best.document.head.id) ?? []).filter((hit) => !taken.has(placeOf(hit)))
    return others.filter((hit) => (worth(hit) ?? least) >= least).slice(0, FURTHER)
  })
}

export function placeOf({ document, chunk }: LexicalHit): string {
  return `${document.head.id}#${chunk.ordinal}`
}

/** A document may be cut at other places where it is included. */
function isSamePassage({ text: one }: Chunk, { text: other }: Chunk): boolean {
  return one.includes(other) || other.includes(one)
}

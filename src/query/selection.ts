/** Which of the passages that were found are shown: few of each document, and each text once. */
import { shareBody } from '../core/words.ts'
import { placeOf, type Ranked } from './ranked.ts'

/** Passages of a document beside the one that answers best. */
const FURTHER = 2
/** Of what that one says. */
const NEARLY = 0.5

/**
 * A text that several documents show answers once, where it ranks best, as a part of the document that it is of; where
 * that doesn't answer with it, of the first that includes it.
 */
export function fewPerDocument(hits: readonly Ranked[], most: number): Ranked[] {
  const own = Map.groupBy(
    hits.filter(({ origin }) => origin === undefined),
    ({ document }) => document,
  )
  const kept = new Map<string, Ranked>()
  const taken = new Map<string, Ranked[]>()
  const takenOf = (id: string) => taken.get(id) ?? []
  for (const found of hits) {
    const text = found.origin ?? found.document
    if (takenOf(text).length >= most) continue
    const isIncluded = found.origin !== undefined
    // A document may be cut at other places where it is included.
    const isSame = ({ words }: Ranked) => shareBody(words, found.words)
    if (isIncluded && takenOf(text).some(isSame)) continue
    const hit = (isIncluded && own.get(text)?.find(isSame)) || found
    const place = hit.document
    const key = placeOf(hit)
    if (kept.has(key) || takenOf(place).length >= most) continue
    kept.set(key, hit)
    for (const id of new Set([place, text])) taken.set(id, [...takenOf(id), hit])
  }
  return [...kept.values()]
}

/**
 * What else of each document that is shown answers nearly as well, best first: by the place of what is shown.
 *
 * @param worth how much the passage itself says of what was asked, its document's title left out; null: can't be told
 */
export function furtherOf(
  ranked: readonly Ranked[],
  shown: readonly Ranked[],
  worth: (hit: Ranked) => number | null,
): readonly (readonly Ranked[])[] {
  const taken = new Set(shown.map(placeOf))
  const telling = ranked.filter((hit) => worth(hit) !== 0)
  const few = Map.groupBy(fewPerDocument(telling, FURTHER + 1), ({ document }) => document)
  return shown.map((best) => {
    const least = NEARLY * (worth(best) ?? 0)
    const others = (few.get(best.document) ?? []).filter((hit) => !taken.has(placeOf(hit)))
    return others.filter((hit) => (worth(hit) ?? least) >= least).slice(0, FURTHER)
  })
}

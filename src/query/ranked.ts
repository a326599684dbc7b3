/** What rankings are made of: chunks without their texts. */
import { chunkAnalyser, isLanguage } from '../analysis/analyse.ts'
import type { Candidate, ChunkPlace, FoundPassage, Index, Reader } from '../core/store.ts'

export interface Ranked extends Candidate {
  readonly words: Uint8Array
}

/** What was stored before chunks had words gets them here, of its text. What the reader may not read has none. */
export async function ranked(
  index: Index,
  reader: Reader,
  candidates: readonly Candidate[],
): Promise<readonly Ranked[]> {
  const without = candidates.filter(({ words }) => words === null)
  const passages = without.length === 0 ? [] : await index.passages(without, reader)
  const made = new Map(passages.map((passage) => [placeOf(placeIn(passage)), wordsOf(passage)]))
  return candidates.flatMap((candidate) => {
    const words = candidate.words ?? made.get(placeOf(candidate))
    return words === undefined ? [] : [{ ...candidate, words }]
  })
}

export function placeOf({ document, ordinal }: ChunkPlace): string {
  return `${document}#${ordinal}`
}

export function placeIn({ document, chunk }: FoundPassage): ChunkPlace {
  return { document: document.head.id, ordinal: chunk.ordinal }
}

function wordsOf({ document: { head, language }, chunk }: FoundPassage): Uint8Array {
  return chunkAnalyser(head.title, isLanguage(language) ? language : 'en')(chunk).words
}

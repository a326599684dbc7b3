/**
 * Answers of several retrievers made one, by reciprocal rank: their scores can't be compared, their orders can
 * (Cormack, Clarke, Büttcher: Reciprocal Rank Fusion outperforms Condorcet, 2009).
 */
import { placeOf, type Ranked } from './ranked.ts'

/** How little the first places count before the next ones: what the paper found, and most use. */
const K = 60

interface Fused {
  readonly hit: Ranked
  score: number
}

/**
 * Best first, each chunk once. A document counts by its best place in each answer, whichever of its chunks stands there,
 * so that it is not set back where one retriever prefers its beginning and another its end; its other chunks count by
 * their own places. Ties stand as in the first answer that has them. Scores are comparable within one answer only.
 */
export function fuse(answers: readonly (readonly Ranked[])[]): Ranked[] {
  const chunks = new Map<string, Fused>()
  const documents = new Map<string, number>()
  for (const hits of answers) {
    const counted = new Set<string>()
    for (const [at, hit] of hits.entries()) {
      const id = hit.document
      const key = placeOf(hit)
      const known = chunks.get(key) ?? { hit, score: 0 }
      known.score += 1 / (K + at + 1)
      chunks.set(key, known)
      if (!counted.has(id)) documents.set(id, (documents.get(id) ?? 0) + 1 / (K + counted.size + 1))
      counted.add(id)
    }
  }
  return withDocuments([...chunks.values()], documents)
}

/** The best chunk of each document speaks for the document. */
function withDocuments(chunks: readonly Fused[], documents: ReadonlyMap<string, number>): Ranked[] {
  const spoken = new Set<string>()
  const best = chunks.toSorted((a, b) => b.score - a.score)
  return best
    .map(({ hit, score }) => {
      const id = hit.document
      if (spoken.has(id)) return { ...hit, score }
      spoken.add(id)
      return { ...hit, score: documents.get(id) ?? score }
    })
    .sort((a, b) => b.score - a.score)
}

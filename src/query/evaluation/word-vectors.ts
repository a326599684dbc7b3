/**
 * Vectors made of the words of a text, by a hash of each: no model, and the same every time. What shares words is near, so
 * that a search by vectors can be tried without asking anybody.
 */
import { sha256 } from '../../core/ids.ts'
import type { Embedder } from '../../embed/embedder.ts'

const DIMENSIONS = 64
const WORD = /[\p{L}\p{N}]+/gu

export const WORD_VECTORS: Embedder = {
  identity: `words:${DIMENSIONS}`,
  dimensions: DIMENSIONS,
  atOnce: { texts: 256, tokens: 1_000_000 },
  embed: async (texts) => texts.map((text) => wordVector(text, DIMENSIONS)),
}

/** The first number is never 0, so that a text without words has a direction too. */
export function wordVector(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions)
  vector[0] = 1
  for (const [word] of text.toLowerCase().matchAll(WORD)) {
    const place = Number.parseInt(sha256(word).slice(0, 8), 16) % dimensions
    vector[place] = (vector[place] ?? 0) + 1
  }
  return vector
}

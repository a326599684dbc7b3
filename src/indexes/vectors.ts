/**
 * Vectors as drivers keep them: each number in eight bits of its vector's largest, which is what a cosine needs. All
 * drivers compare by the same arithmetic, so they rank alike.
 */
import { UnsiloError } from '../core/errors.ts'

const LARGEST = 127
/** Cosines are told apart in whole steps, so that the last bits of a sum do not decide between equals. */
const STEPS = 1e9

export function quantize(vector: Float32Array): Int8Array {
  let largest = 0
  for (const value of vector) largest = Math.max(largest, Math.abs(value))
  const scale = largest === 0 ? 0 : LARGEST / largest
  return Int8Array.from(vector, (value) => Math.round(value * scale))
}

/** `Math.hypot` of so many numbers takes several times as long. */
export function lengthOf(numbers: Float32Array | Int8Array): number {
  let squares = 0
  for (let at = 0; at < numbers.length; at += 1) squares += (numbers[at] ?? 0) ** 2
  return Math.sqrt(squares)
}

/** The cosine of each stored vector with this one; vectors of another length are unlike everything. */
export function cosineWith(query: Float32Array): (stored: Int8Array) => number {
  const length = lengthOf(query)
  return (stored) => {
    if (stored.length !== query.length || length === 0) return -1
    let dot = 0
    let squares = 0
    for (let at = 0; at < stored.length; at += 1) {
      const value = stored[at] ?? 0
      dot += value * (query[at] ?? 0)
      squares += value * value
    }
    return squares === 0 ? -1 : Math.round((dot / (length * Math.sqrt(squares))) * STEPS) / STEPS
  }
}

/** Throws UNEXPECTED: only a defect in the caller makes such vectors. */
export function checkVectors(embedder: string, vectors: readonly { readonly vector: Float32Array }[]): void {
  const [first] = vectors
  const isSound = ({ vector }: { vector: Float32Array }) =>
    vector.length > 0 && vector.length === first?.vector.length && vector.every(Number.isFinite)
  if (vectors.every(isSound)) return
  throw new UnsiloError(
    'UNEXPECTED',
    `Vectors of ${embedder} cannot be stored: they are not finite or not of one length.`,
  )
}

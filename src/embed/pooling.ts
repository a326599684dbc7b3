/** One vector a text, out of what a model says of each of its tokens. */
import { UnsiloError } from '../core/errors.ts'
import type { Output } from './onnx-peers.ts'

interface Mask {
  /** 1 where there is a token, row by row. */
  readonly ones: BigInt64Array
  readonly width: number
}

interface Wanted {
  readonly pooling: 'mean' | 'first'
  readonly dimensions: number
}

/** Of `[texts, tokens, dimensions]`; what a model has pooled itself, `[texts, dimensions]`, stays. */
export function pooled(output: Output | undefined, mask: Mask, { pooling, dimensions }: Wanted): Float32Array[] {
  const texts = mask.ones.length / mask.width
  const [rows, columns = 0, depth = columns] = output?.dims ?? []
  if (output === undefined || rows !== texts) throw invalid('does not answer with a vector a text')
  if (depth !== dimensions) throw otherLength(depth, dimensions)
  const each = output.dims.length === 2 ? 1 : columns
  return Array.from({ length: texts }, (_, row) => {
    const last = output.dims.length === 2 || pooling === 'first' ? 1 : mask.width
    const vector = new Float32Array(dimensions)
    for (let token = 0; token < last; token += 1) {
      if (last > 1 && mask.ones[row * mask.width + token] === 0n) continue
      const from = (row * each + token) * dimensions
      for (let at = 0; at < dimensions; at += 1) vector[at] = (vector[at] ?? 0) + Number(output.data[from + at])
    }
    if (!vector.every(Number.isFinite) || vector.every((value) => value === 0)) throw invalid('answers with no number')
    return vector
  })
}

function invalid(what: string): UnsiloError {
  return new UnsiloError('ANSWER_INVALID', `The model ${what}.`, {
    hint: 'It may not be a sentence model. Nothing of that answer was stored.',
  })
}

function otherLength(length: number, dimensions: number): UnsiloError {
  const said = `The model makes vectors of ${length} numbers; \`embedder.dimensions\` says ${dimensions}.`
  return new UnsiloError('CONFIG_INVALID', said, { hint: `Write \`dimensions: ${length}\` if it is the one you mean.` })
}

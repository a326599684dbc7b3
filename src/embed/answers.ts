/** The border: vectors out of an answer of unknown shape, or a reason why it can't be trusted. */
import { UnsiloError } from '../core/errors.ts'

export interface Expected {
  /** Texts that were sent. */
  readonly count: number
  readonly dimensions: number
  /** Who answered, for messages. */
  readonly from: string
}

/**
 * Of `{ data: [{ index, embedding }] }`, in the order of the texts, whatever the order of the answer. All of them or
 * none: a vector that is another text's would answer wrongly for ever. Throws ANSWER_INVALID, or CONFIG_INVALID where
 * the vectors are of another length.
 */
export function vectorsOf(answer: unknown, expected: Expected): Float32Array[] {
  const data = field(answer, 'data')
  if (!Array.isArray(data)) throw invalid(expected, 'without a list of vectors')
  if (data.length !== expected.count) {
    throw invalid(expected, `with ${data.length} vectors for ${expected.count} texts`)
  }
  const found = new Map(data.map((item: unknown, at) => [indexOf(item, at, expected), vectorOf(item, expected)]))
  if (found.size < expected.count) throw invalid(expected, 'with two vectors for one text')
  return Array.from({ length: expected.count }, (_, at) => found.get(at) ?? missing(expected))
}

/** Services that leave the index out answer in order. */
function indexOf(item: unknown, at: number, expected: Expected): number {
  const index = field(item, 'index') ?? at
  if (Number.isInteger(index) && Number(index) >= 0 && Number(index) < expected.count) return Number(index)
  throw invalid(expected, 'with a vector for a text that was not sent')
}

function vectorOf(item: unknown, expected: Expected): Float32Array {
  const embedding = field(item, 'embedding')
  if (!Array.isArray(embedding)) throw invalid(expected, 'with something that is no vector')
  if (embedding.length !== expected.dimensions) throw otherLength(expected, embedding.length)
  if (!embedding.every((value) => typeof value === 'number'))
    throw invalid(expected, 'with a vector that is not numbers')
  const vector = Float32Array.from(embedding as number[])
  if (!vector.every(Number.isFinite)) throw invalid(expected, 'with a number that is not finite')
  if (vector.every((value) => value === 0)) throw invalid(expected, 'with a vector of zeros')
  return vector
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined
}

function missing(expected: Expected): never {
  throw invalid(expected, 'without a vector of each text')
}

function invalid({ from }: Expected, what: string): UnsiloError {
  return new UnsiloError('ANSWER_INVALID', `The embedder at ${from} answered ${what}.`, {
    hint: 'Nothing of that answer was stored. Look at what the service logs, then run again.',
  })
}

function otherLength({ from, dimensions }: Expected, length: number): UnsiloError {
  return new UnsiloError(
    'CONFIG_INVALID',
    `The embedder at ${from} answered with vectors of ${length} numbers; \`embedder.dimensions\` says ${dimensions}.`,
    { hint: `Write \`dimensions: ${length}\` if that is the model that you mean. Nothing of that answer was stored.` },
  )
}

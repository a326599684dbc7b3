/**
 * One bit a number: whether it is above that number's mean over all vectors. Vectors whose codes differ in few bits are
 * near each other, which is found in a fraction of the time that comparing the vectors takes. What looks near is then
 * compared in full.
 */

export interface Codes {
  readonly length: number
  /** Stored vectors' keys and what they belong to, in one order. */
  readonly keys: Float64Array
  readonly owners: Float64Array
  readonly words: Uint32Array
  readonly mean: Float32Array
}

export interface Coded {
  readonly key: number
  readonly owner: number
  readonly numbers: Int8Array
}

/** The mean direction, of as many vectors as are given. */
export function meanOf(vectors: Iterable<Int8Array>, dimensions: number): Float32Array {
  const sum = new Float64Array(dimensions)
  let count = 0
  for (const numbers of vectors) {
    const scale = 1 / (lengthOf(numbers) || 1)
    for (let at = 0; at < dimensions; at += 1) sum[at] = (sum[at] ?? 0) + (numbers[at] ?? 0) * scale
    count += 1
  }
  return Float32Array.from(sum, (value) => value / Math.max(1, count))
}

/** @param count at least as many as `vectors` yields */
export function encodeAll(vectors: Iterable<Coded>, count: number, mean: Float32Array): Codes {
  const width = wordsOf(mean.length)
  const keys = new Float64Array(count)
  const owners = new Float64Array(count)
  const words = new Uint32Array(count * width)
  let length = 0
  for (const { key, owner, numbers } of vectors) {
    keys[length] = key
    owners[length] = owner
    encode(numbers, mean, words.subarray(length * width, (length + 1) * width))
    length += 1
  }
  return { length, keys, owners, words, mean }
}

/** Keys of at least the `most` nearest of those whose owner may answer; more where the last ones are equally near. */
export function nearestKeys(
  codes: Codes,
  query: Float32Array,
  may: (owner: number) => boolean,
  most: number,
): number[] {
  const { length, keys, owners, words, mean } = codes
  const width = wordsOf(mean.length)
  const asked = new Uint32Array(width)
  encode(query, mean, asked)
  const distances = new Uint16Array(length).fill(HIDDEN)
  const counts = new Uint32Array(width * 32 + 1)
  for (let at = 0; at < length; at += 1) {
    if (!may(owners[at] ?? -1)) continue
    const distance = distanceAt(words, at * width, asked)
    distances[at] = distance
    counts[distance] = (counts[distance] ?? 0) + 1
  }
  const farthest = farthestOf(counts, most)
  const found: number[] = []
  for (let at = 0; at < length; at += 1) if ((distances[at] ?? HIDDEN) <= farthest) found.push(keys[at] ?? -1)
  return found
}

const HIDDEN = 0xffff

/** `Math.hypot` of so many numbers takes several times as long. */
function lengthOf(numbers: Float32Array | Int8Array): number {
  let squares = 0
  for (let at = 0; at < numbers.length; at += 1) squares += (numbers[at] ?? 0) ** 2
  return Math.sqrt(squares)
}

function wordsOf(dimensions: number): number {
  return Math.ceil(dimensions / 32)
}

function encode(numbers: Float32Array | Int8Array, mean: Float32Array, into: Uint32Array): void {
  const norm = lengthOf(numbers) || 1
  for (let at = 0; at < mean.length; at += 1) {
    const word = at >>> 5
    if ((numbers[at] ?? 0) > (mean[at] ?? 0) * norm) into[word] = (into[word] ?? 0) | (1 << (at & 31))
  }
}

function distanceAt(words: Uint32Array, from: number, asked: Uint32Array): number {
  let distance = 0
  for (let at = 0; at < asked.length; at += 1) distance += bitsOf((words[from + at] ?? 0) ^ (asked[at] ?? 0))
  return distance
}

/** How many of 32 bits are set: https://graphics.stanford.edu/~seander/bithacks.html#CountBitsSetParallel */
function bitsOf(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

function farthestOf(counts: Uint32Array, most: number): number {
  let sum = 0
  for (const [distance, count] of counts.entries()) {
    sum += count
    if (sum >= most) return distance
  }
  return counts.length
}

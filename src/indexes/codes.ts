/**
 * One bit a number: whether it is above that number's mean over all vectors. Vectors whose codes differ in few bits are
 * near each other, which is found in a fraction of the time that comparing the vectors takes. What looks near so is
 * ordered by the question's numbers, of which the code says the signs, and the first of that are compared in full.
 */
import { lengthOf } from './vectors.ts'

/** Of neighbouring keys, in one order. */
export interface Codes {
  readonly keys: Uint32Array
  /** What each belongs to. */
  readonly owners: Uint32Array
  readonly words: Uint32Array
}

export interface Coded {
  readonly key: number
  readonly owner: number
  readonly numbers: Int8Array
}

export interface NearestOptions {
  /** 1 at each owner that may answer. */
  readonly readable: Uint8Array
  /** How many bits differ the least in: so many are ordered by the question's numbers. */
  readonly looked: number
  /** The first so many of that order. */
  readonly most: number
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

export function encodeAll(vectors: readonly Coded[], mean: Float32Array): Codes {
  const width = wordsOf(mean.length)
  const words = new Uint32Array(vectors.length * width)
  for (const [at, { numbers }] of vectors.entries()) {
    encode(numbers, mean, words.subarray(at * width, (at + 1) * width))
  }
  return {
    keys: Uint32Array.from(vectors, ({ key }) => key),
    owners: Uint32Array.from(vectors, ({ owner }) => owner),
    words,
  }
}

/** 32-bit words of one code. */
export function wordsOf(dimensions: number): number {
  return Math.ceil(dimensions / 32)
}

/** Keys of at least the `most` nearest of those whose owner may answer; more where the last ones are equally near. */
export function nearestKeys(
  all: readonly Codes[],
  mean: Float32Array,
  query: Float32Array,
  { readable, looked, most }: NearestOptions,
): readonly number[] {
  const asked = new Uint32Array(wordsOf(mean.length))
  encode(query, mean, asked)
  const counts = new Uint32Array(asked.length * 32 + 1)
  const distances = distancesOf(all, asked, readable, counts)
  return firstOf(weighed(all, distances, farthestOf(counts, looked), query), most)
}

const HIDDEN = 0xffff

/** Of all in a row, in bits; adds to `counts` how many there are of each. */
function distancesOf(
  all: readonly Codes[],
  asked: Uint32Array,
  readable: Uint8Array,
  counts: Uint32Array,
): Uint16Array {
  const distances = new Uint16Array(all.reduce((sum, { keys }) => sum + keys.length, 0))
  let at = 0
  for (const { owners, words } of all) {
    for (let place = 0; place < owners.length; place += 1, at += 1) {
      if (readable[owners[place] as number] !== 1) {
        distances[at] = HIDDEN
        continue
      }
      const distance = distanceOf(words, place * asked.length, asked)
      distances[at] = distance
      counts[distance] = (counts[distance] as number) + 1
    }
  }
  return distances
}

/**
 * Four words at a time, added bit by bit as by hand, so that of four of them one is counted: "carry-save adders" of
 * https://arxiv.org/abs/1611.07612. The casts spare the look whether a number is one, 48 times a vector.
 */
function distanceOf(words: Uint32Array, from: number, asked: Uint32Array): number {
  const width = asked.length
  let ones = 0
  let twos = 0
  let distance = 0
  let at = 0
  for (; at + 3 < width; at += 4) {
    const a = (words[from + at] as number) ^ (asked[at] as number)
    const b = (words[from + at + 1] as number) ^ (asked[at + 1] as number)
    const c = (words[from + at + 2] as number) ^ (asked[at + 2] as number)
    const d = (words[from + at + 3] as number) ^ (asked[at + 3] as number)
    const either = ones ^ a
    const first = (ones & a) | (either & b)
    const odd = either ^ b
    const second = (odd & c) | ((odd ^ c) & d)
    ones = odd ^ c ^ d
    const pair = twos ^ first
    distance += 4 * bitsOf((twos & first) | (pair & second))
    twos = pair ^ second
  }
  distance += bitsOf(ones) + 2 * bitsOf(twos)
  for (; at < width; at += 1) distance += bitsOf((words[from + at] as number) ^ (asked[at] as number))
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

interface Weighed {
  readonly keys: readonly number[]
  readonly weights: readonly number[]
}

/** Those that are near enough, by the question's numbers. */
function weighed(all: readonly Codes[], distances: Uint16Array, farthest: number, query: Float32Array): Weighed {
  const weigh = weigher(query)
  const width = wordsOf(query.length)
  const found = { keys: [] as number[], weights: [] as number[] }
  let at = 0
  for (const { keys, words } of all) {
    for (let place = 0; place < keys.length; place += 1, at += 1) {
      if ((distances[at] as number) > farthest) continue
      found.keys.push(keys[place] as number)
      found.weights.push(weigh(words, place * width))
    }
  }
  return found
}

/** The question's numbers where the code has a bit, added up: by a table for each eight bits. */
function weigher(query: Float32Array): (words: Uint32Array, from: number) => number {
  const width = wordsOf(query.length)
  const sums = new Float32Array(width * 4 * 256)
  for (let eight = 0; eight < width * 4; eight += 1) {
    for (let bits = 1; bits < 256; bits += 1) {
      const lowest = 31 - Math.clz32(bits & -bits)
      const before = sums[eight * 256 + (bits & (bits - 1))] as number
      sums[eight * 256 + bits] = before + (query[eight * 8 + lowest] ?? 0)
    }
  }
  return (words, from) => {
    let sum = 0
    for (let word = 0, table = 0; word < width; word += 1, table += 1024) {
      const bits = words[from + word] as number
      sum += sums[table + (bits & 255)] as number
      sum += sums[table + 256 + ((bits >>> 8) & 255)] as number
      sum += sums[table + 512 + ((bits >>> 16) & 255)] as number
      sum += sums[table + 768 + (bits >>> 24)] as number
    }
    return sum
  }
}

function firstOf({ keys, weights }: Weighed, most: number): readonly number[] {
  if (keys.length <= most) return keys
  const least = Float64Array.from(weights).sort()[weights.length - most] ?? 0
  return keys.filter((_, at) => (weights[at] ?? 0) >= least)
}

function encode(numbers: Float32Array | Int8Array, mean: Float32Array, into: Uint32Array): void {
  const norm = lengthOf(numbers) || 1
  for (let at = 0; at < mean.length; at += 1) {
    const word = at >>> 5
    if ((numbers[at] ?? 0) > (mean[at] ?? 0) * norm) into[word] = (into[word] ?? 0) | (1 << (at & 31))
  }
}

/**
 * The words of a chunk as they stand in it, packed so that ranking can scan them: made where the text is analysed, stored
 * and handed back by drivers as they are. Eight bytes say how many tokens are of the title and how many of the headings;
 * then each token is four bytes, in order, those of the body last. A word that puts several tokens into the index is
 * several of which all but the first are marked. src/query/README.md says why tokens are hashes here.
 */

/** A token in 31 bits, and its mark in the lowest one. */
export type PackedToken = number

/** Marks a token that is of the same word as the one before it. */
const SAME_WORD = 1
const BYTES = 4
const HEADER = 2 * BYTES

/** In tokens: of a huge chunk only the beginning is ranked by where its words stand. */
const MOST_BODY = 4000
const MOST_HEADINGS = 1000

export interface PackedFields {
  readonly title: readonly PackedToken[]
  readonly headings: readonly PackedToken[]
  readonly body: readonly PackedToken[]
}

/** Where each field's tokens begin and end, by their number. */
export interface Extent {
  readonly title: readonly [start: number, end: number]
  readonly headings: readonly [start: number, end: number]
  readonly body: readonly [start: number, end: number]
}

/** FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/), its bits mixed since the lowest one makes room. */
export function packedToken(token: string): PackedToken {
  let hash = 0x811c9dc5
  for (let at = 0; at < token.length; at++) hash = Math.imul(hash ^ token.charCodeAt(at), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return ((hash ^ (hash >>> 13)) & ~SAME_WORD) >>> 0
}

/** The tokens of one word. */
export function packedWord(tokens: readonly string[]): readonly PackedToken[] {
  return tokens.map((token, at) => packedToken(token) + (at === 0 ? 0 : SAME_WORD))
}

export function packWords({ title, headings, body }: PackedFields): Uint8Array {
  const above = headings.slice(0, MOST_HEADINGS)
  const text = body.slice(0, MOST_BODY)
  const tokens = [title.length, above.length, ...title, ...above, ...text]
  const packed = new DataView(new ArrayBuffer(tokens.length * BYTES))
  for (const [at, token] of tokens.entries()) packed.setUint32(at * BYTES, token, true)
  return new Uint8Array(packed.buffer)
}

/** Of a token, and whether it begins another word than the one before it. */
export interface Scan {
  readonly extent: Extent
  /** As they are packed, each with its mark, for who looks at very many. */
  readonly numbers: Int32Array
  token(at: number): PackedToken
  beginsWord(at: number): boolean
}

/** Numbers as they are packed, and where in them the tokens of each field begin: those of the body end with them. */
export interface Numbers {
  readonly all: Int32Array
  readonly title: number
  readonly headings: number
  readonly body: number
}

/** Fields end where the words do, whatever a damaged index says of them: that it is damaged is told by its checksum. */
export function numbersOf(words: Uint8Array): Numbers {
  const all = numbersIn(words)
  const title = Math.min(HEADER / BYTES, all.length)
  const headings = Math.min(title + ((all[0] ?? 0) >>> 0), all.length)
  const body = Math.min(headings + ((all[1] ?? 0) >>> 0), all.length)
  return { all, title, headings, body }
}

export function scanWords(words: Uint8Array): Scan {
  const { all, title, headings, body } = numbersOf(words)
  const numbers = all.subarray(title)
  return {
    extent: {
      title: [0, headings - title],
      headings: [headings - title, body - title],
      body: [body - title, numbers.length],
    },
    numbers,
    token: (at) => tokenIn(numbers[at] ?? 0),
    beginsWord: (at) => ((numbers[at] ?? 0) & SAME_WORD) === 0,
  }
}

/** The token of a number as it is packed. */
export function tokenIn(number: number): PackedToken {
  return (number & ~SAME_WORD) >>> 0
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1

/** Where they stand, if they can be read there. */
function numbersIn(words: Uint8Array): Int32Array {
  const count = Math.floor(words.byteLength / BYTES)
  if (IS_LITTLE_ENDIAN && words.byteOffset % BYTES === 0) return new Int32Array(words.buffer, words.byteOffset, count)
  const packed = new DataView(words.buffer, words.byteOffset, words.byteLength)
  return Int32Array.from({ length: count }, (_, at) => packed.getInt32(at * BYTES, true))
}

/** Whether one of two bodies stands in the other as it is. One without words is in none. */
export function shareBody(one: Uint8Array, other: Uint8Array): boolean {
  const [shorter, longer] = [bodyOf(one), bodyOf(other)].sort((a, b) => a.length - b.length)
  return shorter !== undefined && shorter.length > 0 && longer !== undefined && standsIn(shorter, longer)
}

function bodyOf(words: Uint8Array): Buffer {
  const [start] = scanWords(words).extent.body
  return Buffer.from(words.buffer, words.byteOffset, words.byteLength).subarray(HEADER + start * BYTES)
}

/** Bytes that match between tokens are none. */
function standsIn(shorter: Buffer, longer: Buffer): boolean {
  for (let at = longer.indexOf(shorter); at !== -1; at = longer.indexOf(shorter, at + 1)) {
    if (at % BYTES === 0) return true
  }
  return false
}

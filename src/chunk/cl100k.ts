/**
 * Byte pair encoding with the `cl100k_base` vocabulary of gpt-tokenizer, to count tokens and not to make them. The
 * library looks tokens up as strings, which costs several times what the rest of chunking does; here they are looked up
 * as bytes, in a table.
 */
import { createRequire } from 'node:module'
import type { OfSlice } from '../core/slice-memory.ts'

/** Merging takes time quadratic in the length of a piece. */
export const LONGEST_PIECE = 64

const SLOTS = 2 ** 18
const NONE = 0x7fffffff
const BYTES_OF_A_UNIT = 3

const require = createRequire(import.meta.url)

/** Counts the tokens of a piece of at most `LONGEST_PIECE` UTF-16 code units and one. Loads the vocabulary. */
export function createCl100k(): OfSlice<number> {
  const { default: ranks }: typeof import('gpt-tokenizer/bpeRanks/cl100k_base') =
    require('gpt-tokenizer/bpeRanks/cl100k_base')
  const rankOf = ranksByBytes(ranks)
  const bytes = new Uint8Array((LONGEST_PIECE + 1) * BYTES_OF_A_UNIT)
  /** Where the parts of the piece start, with its end behind them; and the rank of each part joined with the next. */
  const starts = new Int32Array(bytes.length + 1)
  const joined = new Int32Array(bytes.length + 1)

  function joinedRank(part: number, parts: number): number {
    return part + 1 < parts ? rankOf(bytes, starts[part] ?? 0, starts[part + 2] ?? 0) : NONE
  }

  function remove(part: number, parts: number): void {
    starts.copyWithin(part, part + 1, parts + 1)
    joined.copyWithin(part, part + 1, parts)
  }

  return (text, start, end) => {
    const length = writeUtf8(text, start, end, bytes)
    if (rankOf(bytes, 0, length) !== NONE) return 1
    let parts = length
    for (let i = 0; i <= length; i++) starts[i] = i
    for (let i = 0; i < length; i++) joined[i] = joinedRank(i, parts)
    for (let lowest = lowestAt(joined, parts); lowest >= 0; lowest = lowestAt(joined, parts)) {
      remove(lowest + 1, parts)
      parts--
      joined[lowest] = joinedRank(lowest, parts)
      if (lowest > 0) joined[lowest - 1] = joinedRank(lowest - 1, parts)
    }
    return parts
  }
}

/** The first of the lowest ranks; -1 where nothing is left to join. */
function lowestAt(joined: Int32Array, parts: number): number {
  let lowest = NONE
  let at = -1
  for (let i = 0; i < parts; i++) {
    const rank = joined[i] ?? NONE
    if (rank >= lowest) continue
    lowest = rank
    at = i
  }
  return at
}

type RankOf = (bytes: Uint8Array, start: number, end: number) => number

/** Open addressing: a slot holds a token's rank and one, 0 where it is free. */
function ranksByBytes(tokens: readonly (string | readonly number[])[]): RankOf {
  const pool = new Uint8Array(tokens.reduce((sum, token) => sum + token.length * BYTES_OF_A_UNIT, 0))
  const ends = new Int32Array(tokens.length)
  const slots = new Int32Array(SLOTS)

  function add(rank: number, start: number, end: number): void {
    ends[rank] = end
    let slot = hashOf(pool, start, end)
    while (slots[slot] !== 0) slot = (slot + 1) & (SLOTS - 1)
    slots[slot] = rank + 1
  }

  let used = 0
  for (const [rank, token] of tokens.entries()) {
    const start = used
    if (typeof token === 'string') used += writeUtf8(token, 0, token.length, pool, start)
    else for (const byte of token) pool[used++] = byte
    add(rank, start, used)
  }
  return (bytes, start, end) => {
    for (let slot = hashOf(bytes, start, end); ; slot = (slot + 1) & (SLOTS - 1)) {
      const rank = (slots[slot] ?? 0) - 1
      if (rank < 0) return NONE
      const at = rank === 0 ? 0 : (ends[rank - 1] ?? 0)
      if ((ends[rank] ?? 0) - at === end - start && isSame(pool, at, bytes, start, end)) return rank
    }
  }
}

/** FNV-1a, folded to the number of slots. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193)
  return (hash ^ (hash >>> 15)) & (SLOTS - 1)
}

function isSame(pool: Uint8Array, at: number, bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (pool[at + i - start] !== bytes[i]) return false
  return true
}

/** How many bytes were written. Half of a surrogate pair is written as U+FFFD, as TextEncoder does. */
function writeUtf8(text: string, start: number, end: number, bytes: Uint8Array, at = 0): number {
  let to = at
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x80) {
      bytes[to++] = code
      continue
    }
    const point = scalarAt(text, i, end)
    if (point > 0xffff) i++
    to = writePoint(point, bytes, to)
  }
  return to - at
}

function writePoint(point: number, bytes: Uint8Array, at: number): number {
  let to = at
  if (point < 0x800) bytes[to++] = 0xc0 | (point >> 6)
  else {
    if (point < 0x10000) bytes[to++] = 0xe0 | (point >> 12)
    else {
      bytes[to++] = 0xf0 | (point >> 18)
      bytes[to++] = 0x80 | ((point >> 12) & 63)
    }
    bytes[to++] = 0x80 | ((point >> 6) & 63)
  }
  bytes[to++] = 0x80 | (point & 63)
  return to
}

function scalarAt(text: string, at: number, end: number): number {
  const code = text.charCodeAt(at)
  if (code < 0xd800 || code > 0xdfff) return code
  const point = at + 1 < end ? (text.codePointAt(at) ?? 0) : 0
  return point > 0xffff ? point : 0xfffd
}

/**
 * Checksums of what answers are made of. Each is bound to its owner, so that a row which turns up at another document,
 * or at another place in it, is no more trusted than one whose bytes have changed. Verified whenever the row is read.
 */
import { hash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** Hex digits. */
const SUM_LENGTH = 16

export interface HeadColumns {
  readonly id: string
  readonly source: string
  /** Access included. */
  readonly head: string
  readonly recipe: string
  readonly listed: string | null
  readonly language: string
  readonly edges: string | null
  /** How many there are, so that none is missed. */
  readonly chunks: number
}

export interface TextColumns {
  readonly losses: string
  readonly markdown: string
  readonly template: string | null
  readonly excerpts: string | null
}

export interface ChunkColumns {
  readonly ordinal: number
  readonly chunk_id: string
  readonly start: number
  readonly end: number
  readonly tokens: number
  readonly headings: string
  readonly text: string
  readonly origin: string | null
}

export interface WordsColumns {
  readonly ordinal: number
  readonly origin: string | null
  readonly words: Uint8Array
}

export interface StateColumns {
  readonly name: string
  readonly cursor: string | null
  readonly seen: string | null
  readonly policy: string | null
}

export function headSum({ id, source, head, recipe, listed, language, edges, chunks }: HeadColumns): string {
  return sumOf([id, source, head, recipe, listed, language, edges, chunks])
}

export interface VectorColumns {
  readonly chunk: number
  /** Of the embedder. */
  readonly identity: string
  /** Of the passage. */
  readonly hash: string
  readonly numbers: Uint8Array
}

/** @param id of the document */
export function textSum(id: string, { losses, markdown, template, excerpts }: TextColumns): string {
  return sumOf([id, losses, markdown, template, excerpts])
}

/** @param id of the document */
export function chunkSum(id: string, chunk: ChunkColumns): string {
  const { ordinal, chunk_id, start, end, tokens, headings, text, origin } = chunk
  return sumOf([id, ordinal, chunk_id, start, end, tokens, headings, text, origin])
}

/**
 * 32 bits, since a question reads hundreds of these: of a byte that changed, CRC-32 tells for sure.
 *
 * @param id of the document
 */
export function wordsSum(id: string, { ordinal, origin, words }: WordsColumns): number {
  return crc32(words, crc32([id, ordinal, origin].map(framed).join('')))
}

export function stateSum({ name, cursor, seen, policy }: StateColumns): string {
  return sumOf([name, cursor, seen, policy])
}

/** Quick: a question reads hundreds. */
export function vectorSum({ chunk, identity, hash: passage, numbers }: VectorColumns): string {
  return bytesSum(`${chunk};${identity};${passage};`, numbers)
}

export function embedderSum(key: number, identity: string): string {
  return sumOf([key, identity])
}

/** @param owner whose bytes these are */
export function bytesSum(owner: string, bytes: Uint8Array): string {
  if (!(bytes instanceof Uint8Array)) return 'odd'
  const start = Buffer.from(`${owner.length}:${owner}`)
  return hash('sha256', Buffer.concat([start, bytes])).slice(0, SUM_LENGTH)
}

/** 64 bits of SHA-256 in hex: against accidents, not against somebody who can write the file. */
function sumOf(fields: readonly (string | number | null)[]): string {
  return hash('sha256', fields.map(framed).join('')).slice(0, SUM_LENGTH)
}

/** Says what kind a field is, and where it ends. A damaged row may hold values of another type than its column's. */
function framed(field: string | number | null): string {
  if (typeof field === 'string') return `s${field.length}:${field}`
  return typeof field === 'number' || field === null ? `${field};` : 'odd;'
}

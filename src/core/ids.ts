/** Identifiers, hashes and the canonical JSON they are made from: one place, so that they never differ. */
import { createHash } from 'node:crypto'
import type { Json } from './json.ts'

/** Lower-case hex SHA-256 of the text's UTF-8 bytes. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** JSON with keys sorted at every depth and no white space: equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(sorted(value))
}

export function sameJson(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b)
}

/** In bytes of UTF-8: what every driver can hold. OpenSearch takes 512 for an id, and Postgres's B-trees 2,704 for a key. */
export const LONGEST_ID = 500
/** Of the source's own id, in UTF-16 code units, where it is too long. */
const TOLD = 80

/**
 * The id of a document inside the index. Source names hold no colon, so the first colon splits it again. What no index holds
 * makes no document fail, let alone all that are stored with it: half a character is replaced, and of an id that is too long
 * the rest stands there as its hash.
 */
export function documentId(source: string, nativeId: string): string {
  const id = `${source}:${nativeId}`.toWellFormed()
  if (Buffer.byteLength(id) <= LONGEST_ID) return id
  return `${source}:${nativeId.slice(0, TOLD)}…${sha256(nativeId)}`.toWellFormed()
}

/** The id that a source's own document has there, unless it could not be held. */
export function nativeId(source: string, id: string): string {
  return id.slice(documentId(source, '').length)
}

/** The source that a document of this id is of. */
export function nativeSource(id: string): string {
  return id.slice(0, id.indexOf(':'))
}

function sorted(value: unknown): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => sorted(item) ?? null)
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined)
    entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item) ?? null]))
  }
  return value as Json | undefined
}

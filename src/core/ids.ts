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

/**
 * The id of a document inside the index. Source names hold no colon, so the first colon splits it again. Half a character
 * can't be stored: what stands for it makes no document fail, let alone all that are stored with it.
 */
export function documentId(source: string, nativeId: string): string {
  return `${source}:${nativeId}`.toWellFormed()
}

/** The id that a source's own document has there. */
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

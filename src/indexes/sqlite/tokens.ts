/**
 * Our tokens as FTS5 sees them. The `ascii` tokenizer of the schema keeps lower-case ASCII letters, digits, `_.-=` and
 * everything outside ASCII as they are (https://www.sqlite.org/fts5.html#ascii_tokenizer); any other token is written
 * in a form that it keeps. Different tokens stay different.
 */
import { sha256 } from '../../core/ids.ts'

/** Far below FTS5's limit of 32,768 bytes, at which it cuts. */
const LONGEST = 256

const KEPT = /^[a-z0-9_.\-\u0080-\u{10ffff}]+$/u

/** Holds no space, no quote and nothing that FTS5 would fold or split. */
export function encodeToken(token: string): string {
  if (token.length > LONGEST) return `=s${sha256(token)}`
  if (KEPT.test(token) && token.isWellFormed()) return token
  return `=${Buffer.from(token, 'utf16le').toString('hex')}`
}

export function encodeField(tokens: readonly string[]): string {
  return tokens.map(encodeToken).join(' ')
}

/** A MATCH expression of quoted tokens, or null when nothing can match. */
export function matchExpression(groups: readonly (readonly string[])[], match: 'all' | 'any'): string | null {
  const alternatives = groups.map((group) => group.map((token) => `"${encodeToken(token)}"`))
  if (match === 'any') return alternatives.flat().join(' OR ') || null
  if (alternatives.length === 0 || alternatives.some((group) => group.length === 0)) return null
  return alternatives.map((group) => `(${group.join(' OR ')})`).join(' AND ')
}

/**
 * Texts and tokens as Postgres holds them. It holds no NUL in a text; that is written with SUB before it, and SUB itself
 * twice. Different texts stay different, and come back as they were.
 */
import type { IndexedChunk, Terms } from '../../core/document.ts'
import { sha256 } from '../../core/ids.ts'

/** In UTF-16 code units. Far below the 2046 bytes of a lexeme: https://www.postgresql.org/docs/current/textsearch-limitations.html */
const LONGEST = 256
/** Postgres keeps no more places of one token in one text. */
const MOST_PLACES = 255
/** Of a tsvector, in bytes; Postgres takes 2^20. Only a text that is nothing but different words comes near. */
const ROOM = 1_000_000
const FIELDS = [
  ['title', 'A'],
  ['headings', 'B'],
  ['body', 'C'],
] as const satisfies readonly (readonly [keyof Terms, string])[]

export function encodeText(text: string): string {
  return /[\0\x1a]/.test(text) ? text.replace(/[\0\x1a]/g, (sign) => (sign === '\0' ? '\x1a0' : '\x1a\x1a')) : text
}

export function decodeText(text: string): string {
  return text.includes('\x1a') ? text.replace(/\x1a(.)/gs, (_, sign) => (sign === '0' ? '\0' : sign)) : text
}

/** What Postgres can't hold as it is, is written as `=` and hex. */
export function lexemeOf(token: string): string {
  if (token.length > LONGEST) return `=s${sha256(token)}`
  if (token !== '' && !token.startsWith('=') && token.isWellFormed()) return token
  return `=${Buffer.from(token, 'utf16le').toString('hex')}`
}

/**
 * A chunk's tokens as a tsvector, and which ones they are. What stands behind a token says how often each field holds it, and
 * not where: places have nothing but that to say, since words and where they stand are stored beside.
 */
export function vectorOf({ terms }: Pick<IndexedChunk, 'terms'>): { vector: string; lexemes: readonly string[] } {
  const places = new Map<string, string[]>()
  for (const [field, weight] of FIELDS) {
    for (const token of terms[field]) {
      const known = places.get(token)
      if (known === undefined) places.set(token, [weight])
      else if (known.length < MOST_PLACES) known.push(weight)
    }
  }
  const lexemes: string[] = []
  const parts: string[] = []
  let room = ROOM
  for (const [token, weights] of places) {
    const lexeme = lexemeOf(token)
    room -= Buffer.byteLength(lexeme) + 2 * weights.length + 8
    if (room < 0) break
    lexemes.push(lexeme)
    parts.push(`${quoted(lexeme)}:${weights.map((weight, at) => `${at + 1}${weight}`).join(',')}`)
  }
  return { vector: parts.join(' '), lexemes }
}

/** Any of these tokens, in any field or in those of these weights; null where there are none. */
export function anyOf(tokens: readonly string[], weights = ''): string | null {
  if (tokens.length === 0) return null
  const marked = weights === '' ? '' : `:${weights}`
  return tokens.map((token) => `${quoted(lexemeOf(token))}${marked}`).join(' | ')
}

/** What a chunk must hold, or null where nothing can. */
export function queryOf(groups: readonly (readonly string[])[], match: 'all' | 'any'): string | null {
  const alternatives = groups.map((group) => anyOf(group))
  if (match === 'any') return alternatives.filter((each) => each !== null).join(' | ') || null
  if (alternatives.length === 0 || alternatives.includes(null)) return null
  return alternatives.map((each) => `(${each})`).join(' & ')
}

function quoted(lexeme: string): string {
  return `'${lexeme.replace(/['\\]/g, '$&$&')}'`
}

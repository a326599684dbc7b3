/** Diagrams and formulas: the source, where the page keeps it; a diagram's words are only there. */
import { inflateRawSync } from 'node:zlib'
import { codeBlock, type Piece, tag } from './pieces.ts'

const LARGEST_SOURCE = 1_000_000

/** A `plantuml` body is the source, or JSON of an editor that holds it. */
export function plantumlBody(plain: string): string {
  if (!plain.trimStart().startsWith('{')) return plain
  try {
    const value: unknown = JSON.parse(plain)
    const source = value !== null && typeof value === 'object' ? Reflect.get(value, 'umlDefinition') : undefined
    return typeof source === 'string' ? source : plain
  } catch {
    return plain
  }
}

/**
 * The `data` parameter of `plantumlcloud`: percent-encoded, then deflated and in base64 if `compressed`.
 * Null where it can't be read.
 */
export function plantumlData(data: string, compressed: boolean): string | null {
  try {
    const encoded = compressed
      ? inflateRawSync(Buffer.from(data, 'base64'), { maxOutputLength: LARGEST_SOURCE }).toString('utf8')
      : data
    return encoded === '' ? null : decodeURIComponent(encoded)
  } catch {
    return null
  }
}

export function diagram(source: string, language: string): Piece {
  return source.trim() === '' ? '' : codeBlock(source, language)
}

export function formula(source: string, place: 'block' | 'inline'): Piece {
  if (source.trim() === '') return ''
  return place === 'block' ? codeBlock(source.trim(), 'math') : tag('code', source.trim())
}

/** Patterns of a source's own configuration, such as its customer numbers. */
import { UnsiloError } from '../core/errors.ts'
import type { Finding } from './finding.ts'

/** `name` becomes the placeholder: `customer number` is `[CUSTOMER_NUMBER_1]`. */
export interface CustomPattern {
  readonly name: string
  /** A regular expression as text (flags `giu`), or one whose own flags hold. */
  readonly pattern: string | RegExp
}

export interface CustomFinder {
  readonly label: string
  find(text: string): readonly Finding[]
}

/** A pattern sees at most this much at once, so that a slow one stays bearable on a long line. */
const LONGEST_LINE = 4000

export function customFinder({ name, pattern }: CustomPattern): CustomFinder {
  const label = labelOf(name)
  const compiled = compile(name, pattern)
  return { label, find: (text) => linesOf(text).flatMap(([start, line]) => findIn(compiled, line, start)) }
}

function labelOf(name: string): string {
  const label = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z]+/g, '_')
    .replace(/^_+|_+$/g, '')
  if (label.length >= 2 && label.length <= 30) return label
  throw new UnsiloError(
    'CONFIG_INVALID',
    `redact: the custom pattern's name ${JSON.stringify(name)} makes no placeholder`,
    {
      hint: 'use 2 to 30 letters, for example "customer number"',
    },
  )
}

function compile(name: string, pattern: string | RegExp): RegExp {
  try {
    const [source, flags] = typeof pattern === 'string' ? [pattern, 'iu'] : [pattern.source, pattern.flags]
    const compiled = new RegExp(source, [...new Set(`${flags.replace('y', '')}g`)].join(''))
    if (!compiled.test('')) return compiled
  } catch (cause) {
    throw invalid(name, (cause as Error).message, cause)
  }
  throw invalid(name, 'it matches an empty text')
}

function invalid(name: string, reason: string, cause?: unknown): UnsiloError {
  return new UnsiloError(
    'CONFIG_INVALID',
    `redact: the custom pattern ${JSON.stringify(name)} is unusable: ${reason}`,
    {
      hint: 'write a regular expression of JavaScript with its u flag',
      cause,
    },
  )
}

function linesOf(text: string): readonly (readonly [number, string])[] {
  return [...text.matchAll(new RegExp(`[^\\n]{1,${LONGEST_LINE}}`, 'g'))].map((match) => [match.index, match[0]])
}

function findIn(pattern: RegExp, line: string, start: number): readonly Finding[] {
  return [...line.matchAll(pattern)]
    .filter((match) => match[0] !== '')
    .map((match) => ({ start: start + match.index, end: start + match.index + match[0].length, value: match[0] }))
}

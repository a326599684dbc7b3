/** Patterns of a source's own configuration, such as its customer numbers. */

import type { RedactPattern } from '../core/connector.ts'
import { UnsiloError } from '../core/errors.ts'
import { disjoint, type Finding } from './finding.ts'

export interface CustomFinder {
  readonly label: string
  find(text: string): readonly Finding[]
}

/** A pattern sees at most this much at once, so that a slow one stays bearable on a long line. */
const LONGEST_LINE = 4000
const OVERLAP = 500

/** What is wrong with a pattern, by field; null where it can be used. */
export function patternProblem({ name, pattern }: RedactPattern): readonly ['name' | 'pattern', string] | null {
  if (labelOf(name) === null) return ['name', 'makes no placeholder; use 2 to 30 letters, for example customer number']
  const compiled = compile(pattern)
  return typeof compiled === 'string' ? ['pattern', `is no usable regular expression: ${compiled}`] : null
}

/** Throws CONFIG_INVALID where the pattern has a problem. */
export function customFinder({ name, pattern }: RedactPattern): CustomFinder {
  const problem = patternProblem({ name, pattern })
  const label = labelOf(name)
  const compiled = compile(pattern)
  if (problem !== null || label === null || typeof compiled === 'string') {
    throw new UnsiloError('CONFIG_INVALID', `redact: the ${problem?.[0]} of a custom pattern ${problem?.[1]}`)
  }
  return { label, find: (text) => disjoint(linesOf(text).flatMap(([start, line]) => findIn(compiled, line, start))) }
}

function labelOf(name: string): string | null {
  const label = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toUpperCase()
    .replace(/[^A-Z]+/g, '_')
    .replace(/^_+|_+$/g, '')
  return label.length >= 2 && label.length <= 30 ? label : null
}

/** The regular expression, or why there is none. JavaScript's message says the pattern first, which is left out. */
function compile(pattern: string): RegExp | string {
  try {
    const compiled = new RegExp(pattern, 'giu')
    return compiled.test('') ? 'it matches an empty text' : new RegExp(compiled)
  } catch (thrown) {
    return (thrown as Error).message.replace(/^.*\/giu: /s, '')
  }
}

/** A longer line in pieces, each of which begins before the one in front of it ends: what stands on a border is in both. */
function linesOf(text: string): readonly (readonly [number, string])[] {
  return [...text.matchAll(/[^\n]+/g)].flatMap(({ index, 0: line }) => {
    const pieces = Math.max(1, Math.ceil((line.length - OVERLAP) / (LONGEST_LINE - OVERLAP)))
    return Array.from({ length: pieces }, (_, piece): [number, string] => {
      const from = piece * (LONGEST_LINE - OVERLAP)
      return [index + from, line.slice(from, from + LONGEST_LINE)]
    })
  })
}

function findIn(pattern: RegExp, line: string, start: number): readonly Finding[] {
  return [...line.matchAll(pattern)]
    .filter((match) => match[0] !== '')
    .map((match) => ({ start: start + match.index, end: start + match.index + match[0].length, value: match[0] }))
}

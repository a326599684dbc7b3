/**
 * The smallest parts that chunks are packed from. A unit is a whole block where that fits, else a part of one:
 * list items, table rows, lines of a fence, sentences, words, and at last pieces of a word.
 */
import { type Block, blocksOf, fenceMark, innerLines, itemsOf } from './blocks.ts'
import { LIMIT, measure } from './limits.ts'
import { isBlank } from './lines.ts'
import { type Span, sentencesOf, slicesOf, wordsOf } from './sentences.ts'

export type UnitKind = Block['kind'] | 'row' | 'code' | 'sentence' | 'word' | 'slice'

export interface Unit {
  readonly kind: UnitKind
  /** Offsets into the markdown, `[start, end)`. */
  readonly start: number
  readonly end: number
  readonly tokens: number
  /** For a part of a table or a fence. */
  readonly frame: Frame | null
  /** The ids of the headings that the unit stands under, outermost first; a heading stands under itself. */
  readonly path: readonly number[]
  /** What a unit that is a block is made of. */
  readonly block: Block | null
  /** Lists and quotes around it. */
  readonly depth: number
}

/** What a part of a table or a fence needs around it to be read alone. */
export interface Frame {
  /** Of the whole table or fence. */
  readonly start: number
  readonly end: number
  /** Put in front of what begins inside: the header rows, the opening line. */
  readonly before: string
  /** Put behind what ends inside: the closing line. */
  readonly after: string
  readonly tokens: number
}

/** Containers nested deeper than this are read as plain text, so that nesting costs no more than its length. */
const DEEPEST = 8
/** A longer opening line or header is not repeated. */
const LARGEST_FRAME = LIMIT / 4

export function unitOf(markdown: string, block: Block, path: readonly number[], depth = 0): Unit {
  const start = block.lines[block.from]?.start ?? 0
  const end = block.lines[block.to - 1]?.end ?? start
  const tokens = measure(markdown, start, end)
  return { kind: block.kind, start, end, tokens, frame: null, path, block, depth }
}

/** The unit itself if it fits, else parts of it that do (save single letters that are too much even alone). */
export function fitted(markdown: string, unit: Unit, budget: number): Unit[] {
  const units: Unit[] = []
  const open = [unit]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const parts = framedTokens(next) <= budget ? [] : partsOf(markdown, next)
    if (parts.length === 0) units.push(next)
    else for (let i = parts.length - 1; i >= 0; i--) open.push(parts[i] ?? next)
  }
  return units
}

/** With what it needs around it. */
export function framedTokens(unit: Unit): number {
  return unit.tokens + (unit.frame?.tokens ?? 0)
}

/** One step finer; nothing for what can't be divided. */
export function partsOf(markdown: string, unit: Unit): Unit[] {
  switch (unit.kind) {
    case 'list':
      return nested(markdown, unit, unit.block === null ? [] : itemsOf(markdown, unit.block))
    case 'item':
    case 'quote':
      return unit.depth >= DEEPEST ? sentences(markdown, unit) : containerParts(markdown, unit)
    case 'table':
      return rows(markdown, unit)
    case 'fence':
      return codeLines(markdown, unit)
    case 'sentence':
      return spans(markdown, unit, 'word', wordsOf(markdown, unit.start, unit.end))
    case 'word':
      return spans(markdown, unit, 'slice', slicesOf(markdown, unit.start, unit.end))
    case 'slice':
      return []
    default:
      return sentences(markdown, unit)
  }
}

function containerParts(markdown: string, unit: Unit): Unit[] {
  if (unit.block === null) return []
  const blocks = blocksOf(markdown, innerLines(markdown, unit.block))
  return nested(markdown, { ...unit, depth: unit.depth + 1 }, blocks)
}

function nested(markdown: string, outer: Unit, blocks: readonly Block[]): Unit[] {
  return blocks.map((block) => unitOf(markdown, block, outer.path, outer.depth))
}

/** The header stays with the first row. */
function rows(markdown: string, unit: Unit): Unit[] {
  const { lines, from, to } = unit.block ?? { lines: [], from: 0, to: 0 }
  const delimiter = lines[from + 1]
  const rest = lines.slice(from + 2, to)
  if (delimiter === undefined || rest.length === 0) return sentences(markdown, unit)
  const frame = frameOf(unit, `${markdown.slice(unit.start, delimiter.end)}\n`, '')
  return spans(markdown, { ...unit, frame }, 'row', widened(unit, rest))
}

/** The opening line stays with the first line of code, the closing one with the last. */
function codeLines(markdown: string, unit: Unit): Unit[] {
  const { lines, from, to } = unit.block ?? { lines: [], from: 0, to: 0 }
  const opener = lines[from]
  const inner = lines.slice(from + 1, to).filter((line) => !isBlank(line))
  if (opener === undefined || inner[0] === undefined) return sentences(markdown, unit)
  const prefix = markdown.slice(inner[0].start, inner[0].at)
  const before = `${prefix}${markdown.slice(opener.first, opener.end)}\n`
  const frame = frameOf(unit, before, `\n${prefix}${fenceMark(markdown, opener)}`)
  return spans(markdown, { ...unit, frame }, 'code', widened(unit, inner))
}

function sentences(markdown: string, unit: Unit): Unit[] {
  return spans(markdown, unit, 'sentence', sentencesOf(markdown, unit.start, unit.end))
}

function spans(markdown: string, outer: Unit, kind: UnitKind, parts: readonly Span[]): Unit[] {
  return parts.map(({ start, end }) => {
    return { ...outer, kind, start, end, tokens: measure(markdown, start, end), block: null }
  })
}

/** The parts, but the first begins where the whole does and the last ends where the whole ends. */
function widened(whole: Span, parts: readonly Span[]): Span[] {
  return parts.map((part, index) => ({
    start: index === 0 ? whole.start : part.start,
    end: index === parts.length - 1 ? whole.end : part.end,
  }))
}

function frameOf(whole: Unit, before: string, after: string): Frame | null {
  const tokens = measure(before) + measure(after)
  return tokens > LARGEST_FRAME ? null : { start: whole.start, end: whole.end, before, after, tokens }
}

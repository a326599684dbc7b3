/**
 * What is wrong with chunks, found out without the chunker: marked reads the whole text and each chunk, and what it finds
 * in the one must be found again in the others.
 */
import { countTokens } from 'gpt-tokenizer/encoding/cl100k_base'
import { Lexer, type Token, type Tokens } from 'marked'
import type { Piece } from './sides.ts'

export interface Faults {
  readonly chunks: number
  /** Code blocks that would fit into a chunk and are in none whole, and chunks that end inside of a fence. */
  readonly splitFences: number
  /** Table rows that are in no chunk whole and under their header. */
  readonly splitRows: number
  /** Chunks with text that a heading holds for which is neither on the chunk's path nor in it. */
  readonly lostHeadings: number
  readonly overLimit: number
  /** Without the only chunks of their pages. */
  readonly under20: number
  /** Pages that are under 20 tokens as a whole: there is nothing to join them with. */
  readonly shortPages: number
  /** Chunks that are nowhere in the text; frames around cut tables and fences are no fault. */
  readonly elsewhere: number
  /** Code blocks and rows that no chunk could hold: judged by their lines, or not at all. */
  readonly tooLarge: number
}

const LIMIT = 512
const SMALL = 20
const PLAIN = { disallowedSpecial: new Set<string>() }

export const NO_FAULTS: Faults = {
  chunks: 0,
  splitFences: 0,
  splitRows: 0,
  lostHeadings: 0,
  overLimit: 0,
  under20: 0,
  shortPages: 0,
  elsewhere: 0,
  tooLarge: 0,
}

export function addFaults(a: Faults, b: Faults): Faults {
  const sums = Object.keys(NO_FAULTS).map((name) => [name, a[name as keyof Faults] + b[name as keyof Faults]])
  return Object.fromEntries(sums) as Faults
}

export function faultsOf(markdown: string, chunks: readonly Piece[]): Faults {
  const whole = contentOf(markdown)
  const parts = chunks.map(({ text }) => contentOf(outdented(text)))
  const blocks = blocksOf(markdown)
  const places = placesOf(markdown, chunks)
  const counts = chunks.map(({ text, headings }) => tokensOf(headings, text))
  const fences = fenceFaults(whole.fences, parts)
  const rows = rowFaults(whole.rows, parts)
  return {
    chunks: chunks.length,
    splitFences: fences.split + parts.filter(({ isOpen }) => isOpen && !whole.isOpen).length,
    splitRows: rows.split,
    lostHeadings: chunks.filter((chunk, at) => losesHeading(chunk, places[at] ?? null, blocks)).length,
    overLimit: counts.filter((count) => count > LIMIT).length,
    under20: counts.length === 1 ? 0 : counts.filter(isSmall).length,
    shortPages: counts.length === 1 ? counts.filter(isSmall).length : 0,
    elsewhere: places.filter((place) => place === null).length,
    tooLarge: fences.tooLarge + rows.tooLarge,
  }
}

function isSmall(count: number): boolean {
  return count < SMALL
}

/** The path as unsilo puts it in front of the text. */
function tokensOf(headings: readonly string[], text: string): number {
  return countTokens(headings.length === 0 ? text : `${headings.join(' > ')}\n\n${text}`, PLAIN)
}

// --- code blocks and rows ---------------------------------------------------------------------------------------

interface Content {
  /** Texts of fenced code blocks, in order. */
  readonly fences: readonly string[]
  /** Header and row, in order. */
  readonly rows: readonly string[]
  /** The last fence is not closed. */
  readonly isOpen: boolean
}

function contentOf(markdown: string): Content {
  const fences: string[] = []
  const rows: string[] = []
  let isOpen = false
  for (const token of allTokens(Lexer.lex(markdown))) {
    if (token.type === 'table') rows.push(...rowsOf(token as Tokens.Table))
    if (token.type !== 'code' || token['codeBlockStyle'] === 'indented') continue
    fences.push(lineContents(token['text']).join('\n'))
    isOpen ||= !isClosed(token.raw)
  }
  return { fences, rows, isOpen }
}

/** In a container the closing line may have marks in front. */
function isClosed(fence: string): boolean {
  const mark = /(?:`{3,}|~{3,})/.exec(fence)?.[0] ?? ''
  const lines = fence.trimEnd().split('\n')
  return lines.length > 1 && /^[ \t>]*(`{3,}|~{3,})$/.exec(lines.at(-1) ?? '')?.[1]?.startsWith(mark) === true
}

/** Without their indents, which differ between an item and its chunk, and without blank lines. */
function lineContents(code: string): readonly string[] {
  return code
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function rowsOf({ header, rows }: Tokens.Table): readonly string[] {
  const text = (cells: readonly Tokens.TableCell[]) => `| ${cells.map((cell) => cell.text).join(' | ')} |`
  return rows.map((row) => `${text(header)}\n${text(row)}`)
}

function* allTokens(tokens: readonly Token[]): Generator<Token> {
  const open = [...tokens].reverse()
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next
    for (const token of innerTokens(next).toReversed()) open.push(token)
  }
}

function innerTokens(token: Token): readonly Token[] {
  if (token.type === 'list') return (token as Tokens.List).items
  return 'tokens' in token ? (token.tokens ?? []) : []
}

interface Shares {
  readonly split: number
  readonly tooLarge: number
}

/** A block that fits must be in one chunk; of a larger one each line must be in some chunk's code. */
function fenceFaults(fences: readonly string[], parts: readonly Content[]): Shares {
  const whole = bagOf(parts.flatMap((part) => part.fences))
  const lines = new Set(parts.flatMap((part) => part.fences.flatMap((fence) => fence.split('\n'))))
  let split = 0
  let tooLarge = 0
  for (const fence of fences) {
    if (take(whole, fence)) continue
    const isLarge = countTokens(`\`\`\`\n${fence}\n\`\`\``, PLAIN) > LIMIT - ROOM_FOR_PATH
    if (isLarge) tooLarge++
    if (!isLarge || fence.split('\n').some((line) => !lines.has(line) && !isLong(line))) split++
  }
  return { split, tooLarge }
}

function rowFaults(rows: readonly string[], parts: readonly Content[]): Shares {
  const whole = bagOf(parts.flatMap((part) => part.rows))
  const missing = rows.filter((row) => !take(whole, row))
  const tooLarge = missing.filter(isLong).length
  return { split: missing.length - tooLarge, tooLarge }
}

/** Heading paths take up to 128 tokens of a chunk, and what is close to the limit may be counted in parts. */
const ROOM_FOR_PATH = 144

function isLong(text: string): boolean {
  return countTokens(text, PLAIN) > LIMIT - ROOM_FOR_PATH
}

function bagOf(items: readonly string[]): Map<string, number> {
  const bag = new Map<string, number>()
  for (const item of items) bag.set(item, (bag.get(item) ?? 0) + 1)
  return bag
}

function take(bag: Map<string, number>, item: string): boolean {
  const left = bag.get(item) ?? 0
  if (left > 0) bag.set(item, left - 1)
  return left > 0
}

/** A chunk may begin deep in a list: each line moves left as far as the least indented line before it. */
function outdented(text: string): string {
  let least = Number.POSITIVE_INFINITY
  const lines = text.split('\n').map((line) => {
    const indent = line.search(/[^ ]/)
    if (indent === -1) return line
    least = Math.min(least, indent)
    return line.slice(least)
  })
  return lines.join('\n')
}

// --- headings ---------------------------------------------------------------------------------------------------

interface TopBlock {
  readonly start: number
  readonly end: number
  /** The headings over it, by where they begin. */
  readonly headings: readonly { readonly at: number; readonly title: string }[]
}

/** The blocks of the top level that are no headings. */
function blocksOf(markdown: string): readonly TopBlock[] {
  const blocks: TopBlock[] = []
  let headings: { at: number; depth: number; title: string }[] = []
  let start = 0
  for (const token of Lexer.lex(markdown)) {
    const end = start + token.raw.length
    if (markdown.slice(start, end) !== token.raw) throw new Error('marked changed the text that it read')
    if (token.type === 'heading') {
      const depth: number = token['depth']
      headings = headings.filter((heading) => heading.depth < depth)
      headings.push({ at: start, depth, title: comparable(titleOf(token)) })
    } else if (token.type !== 'space') blocks.push({ start, end: start + token.raw.trimEnd().length, headings })
    start = end
    headings = [...headings]
  }
  return blocks
}

function titleOf(heading: Token): string {
  const leaves = [...allTokens(innerTokens(heading))].filter((token) => {
    return innerTokens(token).length === 0 && token.type !== 'html'
  })
  return leaves.map((token) => ('text' in token ? token.text : '')).join('')
}

/** Letters and digits: what escapes, entities and cut ends leave alone. */
function comparable(title: string): string {
  return title.replace(/&#?\w+;|[^\p{L}\p{N}]/gu, '').toLowerCase()
}

function losesHeading(chunk: Piece, place: Place | null, blocks: readonly TopBlock[]): boolean {
  if (place === null) return false
  const path = chunk.headings.map((title) => ({ text: comparable(title), isCut: title.endsWith('…') }))
  const inside = blocks.filter(({ start, end }) => start < place.end && end > place.start)
  return inside.some(({ headings }) =>
    headings.some(({ at, title }) => {
      if (title === '' || (at >= place.start && at < place.end)) return false
      return !path.some(({ text, isCut }) => (isCut ? title.startsWith(text) : text === title))
    }),
  )
}

interface Place {
  readonly start: number
  readonly end: number
}

/** Where each chunk's text stands, one behind the other; of a framed one, where its lines without the frame stand. */
function placesOf(markdown: string, chunks: readonly Piece[]): readonly (Place | null)[] {
  let from = 0
  return chunks.map(({ text }) => {
    const place = find(markdown, text, from) ?? findInner(markdown, text, from)
    if (place !== null) from = place.end
    return place
  })
}

function find(markdown: string, text: string, from: number): Place | null {
  const start = markdown.indexOf(text, from)
  return start === -1 ? null : { start, end: start + text.length }
}

/** Up to two lines of a header, up to one that closes a fence. */
function findInner(markdown: string, text: string, from: number): Place | null {
  const lines = text.split('\n')
  for (const [head, tail] of [
    [1, 0],
    [0, 1],
    [1, 1],
    [2, 0],
  ] as const) {
    const inner = lines.slice(head, lines.length - tail).join('\n')
    const place = inner === '' ? null : find(markdown, inner, from)
    if (place !== null) return place
  }
  return null
}

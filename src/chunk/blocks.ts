/** Finds the blocks of markdown by its lines alone: cheap, linear, and never wrong about what is inside a fence. */
import { indentOf, inside, isBlank, type Line } from './lines.ts'

export type BlockKind = 'heading' | 'fence' | 'table' | 'list' | 'item' | 'quote' | 'rule' | 'text'

/** One block: `lines[from]` to `lines[to - 1]`, the last not blank. */
export interface Block {
  readonly kind: BlockKind
  readonly lines: readonly Line[]
  readonly from: number
  readonly to: number
}

const HEADING = /^#{1,6}(?:[ \t]|$)/
const FENCE = /^(?:`{3,}[^`]*|~{3,}.*)$/s
const RULE = /^(?:\*[ \t]*){3,}$|^(?:-[ \t]*){3,}$|^(?:_[ \t]*){3,}$/
const MARKER = /^(?:[-*+]|\d{1,9}[.)])(?=[ \t]|$)/
const LONGEST_MARKER = 10
const DELIMITER_ROW = /^[|:\- \t]+$/
/** A longer line is none of the short forms, and need not be looked at whole. */
const LONGEST_FORM = 10_000

export function blocksOf(markdown: string, lines: readonly Line[]): Block[] {
  const blocks: Block[] = []
  for (let from = 0; from < lines.length; ) {
    const line = lines[from]
    if (line === undefined || isBlank(line)) {
      from++
      continue
    }
    const kind = kindAt(markdown, lines, from)
    const to = endOf(kind, markdown, lines, from)
    blocks.push({ kind, lines, from, to })
    from = to
  }
  return blocks
}

/** The items of a list, each with all that is nested in it. */
export function itemsOf(markdown: string, list: Block): Block[] {
  const items: Block[] = []
  let from = list.from
  let width = markerWidth(markdown, list.lines[from])
  for (let at = list.from + 1; at <= list.to; at++) {
    const line = list.lines[at]
    const ends = at === list.to || (line !== undefined && startsItem(markdown, line, width))
    if (!ends) continue
    items.push({ kind: 'item', lines: list.lines, from, to: contentEnd(list.lines, from, at) })
    from = at
    if (at < list.to) width = markerWidth(markdown, line)
  }
  return items
}

/** The lines of an item or a quote without its marks. */
export function innerLines(markdown: string, block: Block): Line[] {
  const lines = block.lines.slice(block.from, block.to)
  if (block.kind === 'quote') return lines.map((line) => inside(markdown, line, quoteWidth(markdown, line)))
  const width = markerWidth(markdown, lines[0])
  return lines.map((line, index) => inside(markdown, line, index === 0 ? width : Math.min(width, line.first - line.at)))
}

function kindAt(markdown: string, lines: readonly Line[], at: number): BlockKind {
  const line = lines[at]
  if (line === undefined || indentOf(markdown, line) >= 4) return 'text'
  const content = markdown.slice(line.first, Math.min(line.end, line.first + LONGEST_FORM))
  switch (content[0]) {
    case '#':
      return HEADING.test(content) ? 'heading' : 'text'
    case '>':
      return 'quote'
    case '`':
    case '~':
      return FENCE.test(content) ? 'fence' : 'text'
    default:
      if (RULE.test(content)) return 'rule'
      if (MARKER.test(content)) return 'list'
      return startsTable(markdown, line, lines[at + 1]) ? 'table' : 'text'
  }
}

function endOf(kind: BlockKind, markdown: string, lines: readonly Line[], from: number): number {
  switch (kind) {
    case 'fence':
      return fenceEnd(markdown, lines, from)
    case 'list':
      return listEnd(markdown, lines, from)
    case 'quote':
      return runEnd(lines, from + 1, (line) => !isBlank(line) && markdown[line.first] === '>')
    case 'table':
      return runEnd(lines, from + 2, (line) => !isBlank(line) && holds(markdown, line, '|'))
    case 'text':
      return textEnd(markdown, lines, from)
    default:
      return from + 1
  }
}

/** An unclosed fence runs to the end of its container, as https://spec.commonmark.org/0.31.2/#fenced-code-blocks says. */
function fenceEnd(markdown: string, lines: readonly Line[], from: number): number {
  const opener = lines[from]
  const mark = opener === undefined ? '' : fenceMark(markdown, opener)
  for (let at = from + 1; at < lines.length; at++) {
    const line = lines[at]
    if (line !== undefined && isCloser(markdown, line, mark)) return at + 1
  }
  return contentEnd(lines, from, lines.length)
}

/** The backticks or tildes that open the fence. */
export function fenceMark(markdown: string, opener: Line): string {
  const sign = markdown[opener.first]
  let end = opener.first
  while (end < opener.end && markdown[end] === sign) end++
  return markdown.slice(opener.first, end)
}

function isCloser(markdown: string, line: Line, mark: string): boolean {
  if (line.end - line.first < mark.length || indentOf(markdown, line) >= 4) return false
  for (let i = line.first; i < line.end; i++) if (markdown[i] !== mark[0]) return false
  return true
}

function listEnd(markdown: string, lines: readonly Line[], from: number): number {
  let width = markerWidth(markdown, lines[from])
  let to = from + 1
  for (let at = from + 1; at < lines.length; at++) {
    const line = lines[at]
    if (line === undefined || isBlank(line)) continue
    if (startsItem(markdown, line, width)) width = markerWidth(markdown, line)
    else if (indentOf(markdown, line) < width && !isLazy(markdown, lines, at, to)) break
    to = at + 1
  }
  return to
}

/** A line that goes on with the paragraph above it, though it is not indented. */
function isLazy(markdown: string, lines: readonly Line[], at: number, to: number): boolean {
  return at === to && kindAt(markdown, lines, at) === 'text'
}

function startsItem(markdown: string, line: Line, width: number): boolean {
  if (isBlank(line) || indentOf(markdown, line) >= Math.min(width, 4)) return false
  const content = markdown.slice(line.first, Math.min(line.end, line.first + LONGEST_FORM))
  return MARKER.test(content) && !RULE.test(content)
}

/** How far an item's content is indented: its indent, the marker and the space behind it. */
function markerWidth(markdown: string, line: Line | undefined): number {
  if (line === undefined) return 0
  const marker = MARKER.exec(markdown.slice(line.first, Math.min(line.end, line.first + LONGEST_MARKER)))?.[0] ?? ''
  let content = line.first + marker.length
  while (content < line.end && markdown[content] === ' ') content++
  const spaces = content - line.first - marker.length
  return line.first - line.at + marker.length + (spaces > 4 || content >= line.end ? 1 : spaces)
}

function quoteWidth(markdown: string, line: Line): number {
  if (markdown[line.first] !== '>') return 0
  return line.first - line.at + (markdown[line.first + 1] === ' ' ? 2 : 1)
}

function startsTable(markdown: string, header: Line, delimiter: Line | undefined): boolean {
  if (delimiter === undefined || isBlank(delimiter) || !holds(markdown, header, '|')) return false
  const row = markdown.slice(delimiter.first, Math.min(delimiter.end, delimiter.first + LONGEST_FORM))
  return row.includes('|') && row.includes('-') && DELIMITER_ROW.test(row)
}

function textEnd(markdown: string, lines: readonly Line[], from: number): number {
  let to = from + 1
  while (to < lines.length) {
    const line = lines[to]
    if (line === undefined || isBlank(line) || kindAt(markdown, lines, to) !== 'text') break
    to++
  }
  return to
}

function runEnd(lines: readonly Line[], from: number, goesOn: (line: Line) => boolean): number {
  let to = from
  while (to < lines.length) {
    const line = lines[to]
    if (line === undefined || !goesOn(line)) break
    to++
  }
  return to
}

function contentEnd(lines: readonly Line[], from: number, to: number): number {
  let end = to
  while (end > from + 1) {
    const line = lines[end - 1]
    if (line !== undefined && !isBlank(line)) break
    end--
  }
  return end
}

function holds(markdown: string, line: Line, sign: string): boolean {
  return markdown.slice(line.first, line.end).includes(sign)
}

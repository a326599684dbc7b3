/** Markdown from a source, made safe to store: line endings, invisible characters and comments. */

import { cleanCharacters } from './characters.ts'
import type { Tally } from './tally.ts'

/** Nobody nests deeper. */
const CONTAINERS = String.raw`(?:[ \t>]|[-*+][ \t]|\d{1,9}[.)][ \t]){0,200}`
/** A fence, in whatever lists and quotes. */
const FENCE = new RegExp(`^(${CONTAINERS})(?:(\`{3,})[^\`]*|(~{3,}).*)$`, 's')
const ONLY_CONTAINERS = new RegExp(`^${CONTAINERS}$`)
const LIST_ITEM = /^[ \t>]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/
const INDENTED = /^(?: {4}| {0,3}\t)/
const END = '-->'
const ENDS_PARAGRAPH = /^[ \t>]*(?:$|[#|<=]|[-*+_]|\d{1,9}[.)]|```|~~~)/
/** What begins a block of HTML: https://spec.commonmark.org/0.31.2/#html-blocks, kinds 1 and 6, and 7 */
const HTML_BLOCK =
  /^[ \t>]*<\/?(?:script|pre|style|textarea|address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead|title|tr|track|ul)(?=[\s/>]|$)/i
const LONE_TAG = /^[ \t>]*<\/?[a-z][\w-]*(?:\s[^<>]*)?>\s*$/i
/** Stands where a comment parts what would be read otherwise without it. */
const EMPTY_COMMENT = '<!-- -->'

/** Without line breaks at its edges. Code keeps what it holds, but for invisible characters. */
export function cleanMarkdown(source: string, tally: Tally): string {
  const { text, removed } = cleanCharacters(source.replace(/\r\n?/g, '\n'))
  tally.add('invisible-character', removed)
  const state: Reading = { ...{ lines: text.split('\n'), at: 0, kept: [] }, ...START }
  for (; state.at < state.lines.length; state.at += 1) readLine(state, tally)
  return withoutBlankEnd(state.kept.join('\n'))
}

/** A hard space is text. */
function withoutBlankEnd(text: string): string {
  let end = text.length
  while (end > 0 && /[ \t\n]/.test(text[end - 1] ?? '')) end -= 1
  return text.slice(0, end)
}

interface Reading {
  readonly lines: string[]
  at: number
  readonly kept: string[]
  fence: Fence | null
  /** A comment that is a block of its own goes on to its end, over blank lines too. */
  inComment: boolean
  /** What is indented belongs to an item. */
  inList: boolean
  /** A block of HTML, which goes on to the next blank line. */
  inHtml: boolean
  /** Lines before this one were searched for the end of a comment in the text, and there is none. */
  openUntil: number
}

interface Fence {
  readonly mark: string
  /** In the line; what begins before it ends the item that the fence is in. */
  readonly column: number
  readonly isQuoted: boolean
}

const START = { fence: null, inComment: false, inList: false, inHtml: false, openUntil: 0 }

function readLine(state: Reading, tally: Tally): void {
  const line = state.lines[state.at] ?? ''
  if (state.fence !== null && !isBehind(line, state.fence)) {
    state.kept.push(line)
    if (closes(line, state.fence)) state.fence = null
    return
  }
  state.fence = null
  const isOpen = state.inComment || line.includes('<!--')
  const kept = isOpen && !isIndentedCode(state, line) ? withoutComments(state, tally) : line
  if (/^[ \t]*$/.test(kept)) {
    if (isOpen && (state.inHtml || endsList(state))) {
      state.kept.push(EMPTY_COMMENT)
      return
    }
    state.inHtml = false
    if (state.kept.length > 0 && state.kept.at(-1) !== '') state.kept.push('')
    return
  }
  state.inList = LIST_ITEM.test(kept) || (state.inList && /^[ \t>]/.test(kept))
  state.inHtml ||= HTML_BLOCK.test(kept) || (LONE_TAG.test(kept) && (state.kept.at(-1) ?? '') === '')
  state.fence = state.inHtml ? null : fenceOf(kept)
  state.kept.push(kept)
}

/** A comment ends a list that it is not indented into, so what is indented behind it is no part of an item. */
function endsList({ lines, at, inList, inComment }: Reading): boolean {
  if (!inList || inComment) return false
  let next = at + 1
  while (next < lines.length && lines[next]?.trim() === '') next += 1
  return /^[ \t]/.test(lines[next] ?? '')
}

function fenceOf(line: string): Fence | null {
  const [, before = '', ticks, waves] = FENCE.exec(line) ?? []
  const mark = ticks ?? waves
  if (mark === undefined) return null
  return { mark, column: /^ {0,3}$/.test(before) ? 0 : before.length, isQuoted: before.includes('>') }
}

function isBehind(line: string, { column, isQuoted }: Fence): boolean {
  if (line.trim() === '') return isQuoted
  return isQuoted ? !/^[ \t]*>/.test(line) && !/^[ \t]{2}/.test(line) : line.search(/[^ \t]/) < column && column > 0
}

function closes(line: string, { mark, column, isQuoted }: Fence): boolean {
  if (column === 0 && INDENTED.test(line)) return false
  const text = line.replace(isQuoted ? /^[ \t>]+/ : /^[ \t]+/, '').trimEnd()
  return text.length >= mark.length && text === (mark[0] ?? '').repeat(text.length)
}

/** Right below text it would go on with that. */
function isIndentedCode(state: Reading, line: string): boolean {
  const before = state.kept.at(-1) ?? ''
  return !state.inComment && !state.inList && INDENTED.test(line) && (before === '' || INDENTED.test(before))
}

/** The line, joined with those that a comment in its text reaches over. */
function withoutComments(state: Reading, tally: Tally): string {
  let line = state.lines[state.at] ?? ''
  const parts: string[] = []
  let at = 0
  if (state.inComment) {
    const end = line.indexOf(END)
    if (end === -1) return ''
    state.inComment = false
    at = end + END.length
    if (/\S/.test(line.slice(at))) parts.push(EMPTY_COMMENT)
  }
  for (let start = commentStart(line, at); start !== -1; start = commentStart(line, at)) {
    const isBlock = at === 0 && isBlockStart(state, line.slice(0, start))
    const end = isBlock ? endInLine(state, start) : endInText(state, start)
    if (end === null && !isBlock) break
    tally.add('comment')
    parts.push(line.slice(at, start))
    if (end === null) {
      state.inComment = true
      return parts.join('')
    }
    const before = line.slice(0, start)
    state.at = end.line
    line = state.lines[end.line] ?? ''
    at = end.offset
    if (isBlock ? /\S/.test(line.slice(at)) : !isApart(before, line[at])) parts.push(EMPTY_COMMENT)
  }
  const rest = line.slice(at)
  // Two spaces that stood in front of a comment would break the line.
  return at > 0 && rest === '' ? parts.join('').trimEnd() : parts.join('') + rest
}

function isBlockStart({ inList }: Reading, before: string): boolean {
  return ONLY_CONTAINERS.test(before) && (inList || !INDENTED.test(before))
}

/** Without the comment, what stands on its two sides reads as before. */
function isApart(before: string, after = ' '): boolean {
  return !before.includes('<') && /(?:^|[\s\p{L}\p{N}])$/u.test(before.slice(-2)) && /^[\s\p{L}\p{N}]/u.test(after)
}

interface Place {
  readonly line: number
  /** Behind the comment. */
  readonly offset: number
}

/** `<!-->` is a whole comment. */
function endInLine({ lines, at }: Reading, start: number): Place | null {
  const end = lines[at]?.indexOf(END, start + 2) ?? -1
  return end === -1 ? null : { line: at, offset: end + END.length }
}

/** A comment in a text ends in the same paragraph or is none, and does not reach over the cells of a table. */
function endInText(state: Reading, start: number): Place | null {
  const near = endInLine(state, start)
  if (near !== null) return state.lines[state.at]?.slice(start, near.offset).includes('|') ? null : near
  for (let line = Math.max(state.at + 1, state.openUntil); line < state.lines.length; line += 1) {
    const text = state.lines[line] ?? ''
    state.openUntil = line
    if (ENDS_PARAGRAPH.test(text)) return null
    const end = text.indexOf(END)
    if (end !== -1) return { line, offset: end + END.length }
  }
  return null
}

/** Of a comment outside of code spans, as far as one line can tell: an odd number of backticks before it opens one. */
function commentStart(line: string, from: number): number {
  let ticks = 0
  let counted = from
  for (let at = line.indexOf('<!--', from); at !== -1; at = line.indexOf('<!--', at + 4)) {
    for (; counted < at; counted += 1) if (line[counted] === '`') ticks += 1
    if (ticks % 2 === 0 && !isEscaped(line, at)) return at
  }
  return -1
}

function isEscaped(line: string, at: number): boolean {
  let slashes = 0
  while (line[at - slashes - 1] === '\\') slashes += 1
  return slashes % 2 === 1
}

/** Markdown from a source, made safe to store: line endings, invisible characters and comments. */

import { cleanCharacters } from './characters.ts'
import { readComments, type Span } from './comments.ts'
import type { Tally } from './tally.ts'

/** Characters; comments of a longer text stay, since reading takes up to a kilobyte of memory for each. */
const MOST_READ = 250_000
/** Stands where a comment parts what would be read otherwise without it. */
const EMPTY_COMMENT = '<!-- -->'

/** Without blank lines in front and white space at the end. Code keeps what it holds, but for invisible characters. */
export function cleanMarkdown(source: string, tally: Tally): string {
  const { text, removed } = cleanCharacters(source.replace(/\r\n?/g, '\n'))
  tally.add('invisible-character', removed)
  return withoutBlankEdges(withoutComments(text, tally))
}

function withoutBlankEdges(text: string): string {
  const firstLine = text.lastIndexOf('\n', blankUntil(text, 0)) + 1
  return text.slice(firstLine, Math.max(firstLine, blankFrom(text, text.length)))
}

/** Of the ways to take comments out, the first one after which a reader is shown what was shown before. */
function withoutComments(text: string, tally: Tally): string {
  if (!text.includes('<!--') || text.length > MOST_READ) return text
  const { comments, shown } = readComments(text)
  if (comments.length === 0) return text
  for (const candidate of [replaced(text, gapsOf(text, comments)), replaced(text, comments.map(emptied))]) {
    if (readComments(candidate).shown !== shown) continue
    tally.add('comment', comments.length)
    return candidate
  }
  return text
}

interface Replacement extends Span {
  readonly by: string
}

function emptied(comment: Span): Replacement {
  return { ...comment, by: EMPTY_COMMENT }
}

interface Gap extends Span {
  readonly hasLineBreak: boolean
}

/** Comments with nothing but white space between them leave one gap. */
function gapsOf(text: string, comments: readonly Span[]): readonly Replacement[] {
  const gaps: Gap[] = []
  for (const comment of comments) {
    const last = gaps.at(-1)
    if (last === undefined || blankUntil(text, last.end) < comment.start) {
      gaps.push({ ...comment, hasLineBreak: false })
      continue
    }
    const hasLineBreak = last.hasLineBreak || text.slice(last.end, comment.start).includes('\n')
    gaps.splice(-1, 1, { start: last.start, end: comment.end, hasLineBreak })
  }
  return gaps.map((gap) => closed(text, gap))
}

/** One that has lines to itself becomes a blank line, one at the end of a line takes the spaces that would break it. */
function closed(text: string, { start, end, hasLineBreak }: Gap): Replacement {
  const before = blankFrom(text, start)
  const after = blankUntil(text, end)
  const beginsLine = hasLineBreak || before === 0 || text.slice(before, start).includes('\n')
  const endsLine = after === text.length || text.slice(end, after).includes('\n')
  if (!endsLine) return { start, end, by: '' }
  if (!beginsLine) return { start: before, end, by: '' }
  const nextLine = after === text.length ? after : text.lastIndexOf('\n', after) + 1
  return { start: before, end: nextLine, by: before === 0 ? '' : '\n\n' }
}

/** Where the white space in front of a place begins. A hard space is text. */
function blankFrom(text: string, end: number): number {
  let at = end
  while (at > 0 && isBlank(text[at - 1])) at -= 1
  return at
}

/** Where the white space at a place ends. */
function blankUntil(text: string, start: number): number {
  let at = start
  while (at < text.length && isBlank(text[at])) at += 1
  return at
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\n'
}

function replaced(text: string, replacements: readonly Replacement[]): string {
  const parts: string[] = []
  let at = 0
  for (const { start, end, by } of replacements) {
    parts.push(text.slice(at, start), by)
    at = end
  }
  parts.push(text.slice(at))
  return parts.join('')
}

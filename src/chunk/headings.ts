/** The headings of a document as plain text, and which of them hold where. */
import type { Block } from './blocks.ts'
import { countTokens, estimateTokens } from './tokens.ts'

/** Of the heading line; what is behind does not reach the heading path. */
const LONGEST_LINE = 1000
/** The heading path takes no more of a chunk's tokens. */
const MOST_TOKENS = 128
const SEPARATOR = ' > '

const CLOSING_MARKS = /[ \t]#+$/
const HALF_PAIR = /[\ud800-\udbff]$/
const LINK = /!?\[([^[\]]{0,500})\]\([^()\s]{0,500}(?:\s"[^"]{0,200}")?\)/g
const MARKUP =
  /`{1,8}([^`]{1,500})`{1,8}|\\([!-/:-@[-`{-~])|<[/a-z!][^<>]{0,500}>|\*{1,3}|~~|(?<![\p{L}\p{N}])_{1,3}|_{1,3}(?![\p{L}\p{N}])/giu

export interface Heading {
  readonly level: number
  readonly title: string
}

export function headingOf(markdown: string, block: Block): Heading {
  const line = block.lines[block.from]
  const text = line === undefined ? '' : markdown.slice(line.first, Math.min(line.end, line.first + LONGEST_LINE))
  const level = text.search(/[^#]|$/)
  return { level, title: plainText(text.slice(level).replace(CLOSING_MARKS, '')) }
}

/** The path as it stands beside a chunk: empty titles left out, long ones cut until the path is short enough. */
export function titlesOf(headings: readonly Heading[]): string[] {
  const titles = headings.map(({ title }) => title).filter((title) => title !== '')
  let longest = 256
  while (longest > 4 && isLong(titles.map((title) => cut(title, longest)))) longest /= 2
  return titles.map((title) => cut(title, longest))
}

/** The heading path and the text together: what a chunk's tokens are counted of. */
export function withTitles(titles: readonly string[], text: string): string {
  return titles.length === 0 ? text : `${titles.join(SEPARATOR)}\n\n${text}`
}

function isLong(titles: readonly string[]): boolean {
  const path = withTitles(titles, '')
  return estimateTokens(path) > MOST_TOKENS / 2 && countTokens(path) > MOST_TOKENS
}

function cut(title: string, longest: number): string {
  if (title.length <= longest) return title
  return `${title
    .slice(0, longest - 1)
    .replace(HALF_PAIR, '')
    .trimEnd()}…`
}

/** Links are looked for twice, for images inside links. */
function plainText(markdown: string): string {
  return markdown
    .replace(LINK, '$1')
    .replace(LINK, '$1')
    .replace(MARKUP, (_, code: string | undefined, escaped: string | undefined) => code ?? escaped ?? '')
    .replace(/\s+/g, ' ')
    .trim()
}

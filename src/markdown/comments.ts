/** Finds comments in markdown, on markdown-it: a parser whose time is linear in the length of whatever it reads. */

import MarkdownIt, { type MarkdownIt as Parser, type StateInline, type Token } from 'markdown-it'
import { readTokens } from './html-tokens.ts'

/** Offsets in the text; `end` is behind it. */
export interface Span {
  readonly start: number
  readonly end: number
}

export interface Commented {
  /**
   * In their order. What only looks like a comment, in code or in an address, is none. Where a block of HTML leaves one
   * open, readers differ on where that ends, so none that follow are told.
   */
  readonly comments: readonly Span[]
  /** The page's HTML without comments and white space: for comparing only. */
  readonly shown: string
}

const START = '<!--'
const END = '-->'
const PARSER = createParser()

export function readComments(markdown: string): Commented {
  const env = { places: new Map<readonly Token[], number[]>() }
  const tokens = PARSER.parse(markdown, env)
  const cursor = createCursor(markdown)
  for (const token of tokens) {
    if (token.map !== null) cursor.toLine(token.map[0])
    if (!token.content.includes(START)) continue
    if (token.type === 'html_block') {
      const { comments, isLeftOpen } = blockComments(token)
      cursor.pass(token.content, comments)
      if (isLeftOpen) break
    }
    if (token.type === 'inline') cursor.pass(token.content, inlineComments(token, env.places))
  }
  const html = PARSER.renderer.render(tokens, PARSER.options, env)
  return { comments: cursor.found, shown: html.replace(/\s+/g, '') }
}

function createParser(): Parser {
  const parser = new MarkdownIt({ html: true })
  parser.inline.ruler.before('html_inline', 'comment_place', notePlace)
  parser.renderer.rules['html_block'] = (tokens, index) => withoutComments(tokens[index])
  parser.renderer.rules['html_inline'] = (tokens, index) => {
    const { content = '' } = tokens[index] ?? {}
    return content.startsWith(START) ? '' : content
  }
  return parser
}

/** Tokens of a line don't know where they stand. */
function notePlace({ src, pos, tokens, env }: StateInline, silent: boolean): false {
  const { places } = env
  if (!silent && src.startsWith(START, pos) && places instanceof Map) {
    if (!places.has(tokens)) places.set(tokens, [])
    places.get(tokens).push(pos)
  }
  return false
}

/** Of the line's text; what it calls a comment is one that was tried at one of those places. */
function inlineComments({ content, children }: Token, places: ReadonlyMap<readonly Token[], number[]>): Span[] {
  const tokens = children ?? []
  const comments = tokens.filter(({ type, content }) => type === 'html_inline' && content.startsWith(START))
  const found: Span[] = []
  for (const start of places.get(tokens) ?? []) {
    const comment = comments[found.length]?.content
    if (comment !== undefined && content.startsWith(comment, start)) found.push({ start, end: start + comment.length })
  }
  return found
}

/** An open one hides the rest of the page if it is a block of its own. */
function blockComments({ content, level }: Token): { comments: readonly Span[]; isLeftOpen: boolean } {
  const comments: Span[] = []
  const hidesRest = (start: number) => level === 0 && content.slice(0, start).trim() === ''
  let isLeftOpen = false
  readTokens(content, {
    ...{ open() {}, close() {}, text() {}, isForeign: () => false },
    comment(start, end) {
      if (!content.startsWith(START, start)) return
      if (end <= content.length || hidesRest(start)) comments.push({ start, end })
      else isLeftOpen = true
    },
  })
  return { comments, isLeftOpen }
}

function withoutComments(block: Token | undefined): string {
  if (block === undefined) return ''
  let kept = ''
  let at = 0
  for (const { start, end } of blockComments(block).comments) {
    kept += block.content.slice(at, start)
    at = end
  }
  return kept + block.content.slice(at)
}

/**
 * From places in a block's content, which has no indentation and no signs of quotes and lists, to those in the source:
 * none of what it lacks holds the sign of a comment, so these stand in the same order in both.
 */
function createCursor(source: string) {
  const found: Span[] = []
  let line = 0
  let lineStart = 0
  let at = 0

  return {
    found,
    toLine(next: number) {
      for (; line < next; line += 1) lineStart = source.indexOf('\n', lineStart) + 1
      at = Math.max(at, lineStart)
    },
    pass(content: string, comments: readonly Span[]) {
      let next = 0
      for (let place = content.indexOf(START); place !== -1; place = content.indexOf(START, place + 1)) {
        const start = source.indexOf(START, at)
        if (start === -1) return
        at = start + START.length
        if (comments[next]?.start !== place) continue
        const text = content.slice(place, comments[next]?.end)
        next += 1
        found.push({ start, end: endInSource(text, start) })
      }
    },
  }

  function endInSource(text: string, start: number): number {
    // `<!-->` and `<!--->` are whole comments.
    if (text.length < START.length + END.length) return start + text.length
    const end = source.indexOf(END, start + START.length)
    return end === -1 || !text.endsWith(END) ? source.length : end + END.length
  }
}

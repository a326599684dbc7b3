/**
 * Stored markdown as HTML for a page. All of it is somebody else's text: HTML inside it is shown as the text that it is,
 * and of what the renderer makes, only what is allowed here by name goes out.
 */
import MarkdownIt, { type MarkdownIt as Parser, type StateCore, type StateInline, type Token } from 'markdown-it'
import { type HeadingNames, headingNames } from './heading-names.ts'
import { sanitised } from './sanitise.ts'
import { safeUrl } from './urls.ts'

export interface Html {
  /** Elements and attributes that `sanitise.ts` names, and no others. */
  readonly html: string
  /** Its headings in their order. */
  readonly outline: readonly Heading[]
  /** Only the beginning of a very long text was made HTML of. */
  readonly isCut: boolean
}

export interface Heading {
  readonly level: number
  readonly text: string
  /** Of the element. */
  readonly id: string
}

/** What a rendering is told and finds out. */
interface Env extends Record<PropertyKey, unknown> {
  readonly base: string
  readonly names: HeadingNames
  readonly outline: Heading[]
}

/** What canonical markdown breaks the lines of a cell with. */
const BREAK = /<br\s?\/?>/iy
/** What stands where a comment was. */
const EMPTY_COMMENT = '<!-- -->'
const TASK = /^\[( |x)\] /i
/** In UTF-16 code units: what is longer would keep everybody else waiting for half a second. */
const LONGEST = 400_000
const PARSER = createParser()

/** @param base the document's address: what relative links and images are looked for from */
export function toHtml(markdown: string, base: string): Html {
  const env: Env = { base, names: headingNames(), outline: [] }
  const text = beginningOf(markdown)
  const html = sanitised(PARSER.render(text, env))
  return { html, outline: env.outline, isCut: text.length < markdown.length }
}

/** Up to where a block ends, or at least a character does. */
function beginningOf(text: string): string {
  if (text.length <= LONGEST) return text
  const end = text.lastIndexOf('\n\n', LONGEST)
  return end > 0 ? text.slice(0, end) : text.slice(0, LONGEST).toWellFormed()
}

function createParser(): Parser {
  const parser = new MarkdownIt({ html: false, linkify: true })
  // Only what is written with its scheme: `unsilo.io` in a sentence may be a file.
  parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false })
  parser.validateLink = () => true
  parser.inline.ruler.before('html_inline', 'line_break', readBreak)
  parser.core.ruler.push('unsilo', (state) => finish(state))
  const { rules } = parser.renderer
  rules['image'] = (tokens, at) => imageOf(tokens[at], parser)
  return parser
}

/** Of HTML, only the line break and the empty comment that our own markdown holds. */
function readBreak(state: StateInline, silent: boolean): boolean {
  const { src, pos } = state
  BREAK.lastIndex = pos
  const length = src.startsWith(EMPTY_COMMENT, pos) ? EMPTY_COMMENT.length : (BREAK.exec(src)?.[0].length ?? 0)
  if (length === 0) return false
  if (!silent && src[pos + 1] !== '!') state.push('hardbreak', 'br', 0)
  state.pos += length
  return true
}

/** Names headings, leads links to where they lead from the document's own place, and marks what is done of a list. */
function finish({ tokens, env }: StateCore): void {
  const known = env as Env
  for (const [at, token] of tokens.entries()) {
    if (token.type === 'heading_open') nameHeading(token, tokens[at + 1], known)
    if (token.type === 'inline' && tokens[at - 2]?.type === 'list_item_open') markTask(token)
  }
  for (const token of tokens) if (token.children !== null) token.children = led(token.children, known)
}

function nameHeading(token: Token, content: Token | undefined, { names, outline }: Env): void {
  const text = textOf(content?.children ?? [])
  const id = names.next(text)
  token.attrSet('id', id)
  if (text !== '') outline.push({ level: Number(token.tag.slice(1)), text, id })
}

function textOf(tokens: readonly Token[]): string {
  const parts = tokens.map((token) => {
    if (token.type === 'image') return textOf(token.children ?? [])
    return token.type === 'softbreak' || token.type === 'hardbreak' ? ' ' : token.content
  })
  return parts.join('').replace(/\s+/g, ' ').trim()
}

function markTask({ children }: Token): void {
  const first = children?.[0]
  const [box, done] = TASK.exec(first?.content ?? '') ?? []
  if (first?.type === 'text' && box !== undefined)
    first.content = `${done === ' ' ? '☐' : '☑'} ${first.content.slice(box.length)}`
}

/** A link that leads nowhere is only its text. Links don't stand inside each other. */
function led(tokens: readonly Token[], env: Env): Token[] {
  let isDead = false
  return tokens.filter((token) => {
    if (token.type === 'image') lead(token, 'src', env)
    if (token.type === 'link_open') isDead = !lead(token, 'href', env)
    return !isDead || !token.type.startsWith('link_')
  })
}

/** False where it can't. */
function lead(token: Token, attribute: 'href' | 'src', { base, names }: Env): boolean {
  const target = String(token.attrGet(attribute) ?? '')
  const url = target.startsWith('#') ? names.anchor(target.slice(1)) : absolute(target, base)
  token.attrSet(attribute, url ?? '')
  return url !== null
}

/** Null where a target can't be opened from elsewhere, or must not be. */
function absolute(target: string, base: string): string | null {
  const safe = safeUrl(target)
  if (safe === null) return null
  const url = URL.parse(safe, /^https?:/i.test(base) ? base : undefined)
  return url === null || safeUrl(url.href) === null ? null : url.href
}

/** One that can't be shown safely is what it says instead. */
function imageOf(token: Token | undefined, { renderer, options, utils }: Parser): string {
  const url = String(token?.attrGet('src') ?? '')
  const text = renderer.renderInlineAsText(token?.children ?? [], options, {})
  if (!/^https:/i.test(url)) return utils.escapeHtml(text)
  return `<img src="${utils.escapeHtml(url)}" alt="${utils.escapeHtml(text)}">`
}

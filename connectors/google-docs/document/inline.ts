/** What stands in a paragraph, as inline HTML. */
import { endOfLines, escapeText, type Tally, tallyUnknown } from './html.ts'
import { isSuggested, listAt, textAt, valueAt } from './json.ts'
import type { Tab } from './tabs.ts'

export interface Page {
  readonly tab: Tab
  /** Of the document, without a fragment. */
  readonly url: string
  readonly tally: Tally
  /** The number of a footnote by its id; numbered as they are met. */
  footnote(id: string): number
}

/** Docs puts this where something that is no text stands, and at the edges of a code block. */
const NOT_TEXT = /\uE907/g

const MONOSPACE =
  /\bmono\b|\bcode\b|courier|consol|inconsolata|menlo|monaco|cousine|typewriter|anonymous pro|vt323|nanumgothiccoding|gothic coding/i

/**
 * The paragraph's HTML, without an element around it, cut at its horizontal rules. The parts are empty where nothing is
 * shown.
 */
export function paragraphParts(paragraph: unknown, page: Page): readonly string[] {
  const parts = ['']
  for (const element of listAt(paragraph, 'elements')) {
    if (isRule(element)) parts.push('')
    else parts[parts.length - 1] += elementHtml(element, page)
  }
  for (const id of listAt(paragraph, 'positionedObjectIds')) {
    if (typeof id !== 'string') continue
    const object = valueAt(page.tab.positionedObjects, id)
    parts[parts.length - 1] += imageHtml(id, object, valueAt(object, 'positionedObjectProperties'), page)
  }
  return parts.map(withoutEdges)
}

/** The paragraph's text if all of it is monospaced, which is how Docs has code; null if it is no code. */
export function codeOf(paragraph: unknown, { tab }: Page): string | null {
  if (isMonospace(tab.font)) return null
  let code = ''
  let shown = false
  for (const element of listAt(paragraph, 'elements')) {
    const run = valueAt(element, 'textRun')
    if (run === undefined) return null
    if (isSuggested(run)) continue
    const text = textAt(run, 'content').replace(NOT_TEXT, '').replaceAll('\v', '\n')
    const isBlank = text.trim() === ''
    if (!isBlank && !isMonospaceRun(run)) return null
    shown ||= !isBlank
    code += text
  }
  return shown ? withoutLastBreak(code) : null
}

/** An empty line that is monospaced goes on with the code before it. */
export function isEmptyCode(paragraph: unknown): boolean {
  const runs = listAt(paragraph, 'elements').map((element) => valueAt(element, 'textRun'))
  return runs.length > 0 && runs.every((run) => textAt(run, 'content').trim() === '' && isMonospaceRun(run))
}

function isRule(element: unknown): boolean {
  const rule = valueAt(element, 'horizontalRule')
  return rule !== undefined && !isSuggested(rule)
}

function elementHtml(element: unknown, page: Page): string {
  const run = valueAt(element, 'textRun')
  if (run !== undefined) return isSuggested(run) ? '' : runHtml(run, page)
  for (const [name, html] of OTHERS) {
    const value = valueAt(element, name)
    if (value !== undefined) return isSuggested(value) ? '' : html(value, page)
  }
  tallyUnknown(element, NOT_SHOWN, page.tally)
  return ''
}

/** Automatic text is a page's number or their count, which a page break makes sense of. */
const NOT_SHOWN = ['startIndex', 'endIndex', 'autoText', 'pageBreak', 'horizontalRule']

const OTHERS: readonly (readonly [string, (value: unknown, page: Page) => string])[] = [
  ['footnoteReference', (value, page) => noteHtml(value, page)],
  ['person', (value) => personHtml(valueAt(value, 'personProperties'))],
  ['richLink', (value) => richLinkHtml(valueAt(value, 'richLinkProperties'))],
  ['dateElement', (value) => dateHtml(valueAt(value, 'dateElementProperties'))],
  ['inlineObjectElement', (value, page) => inlineImageHtml(textAt(value, 'inlineObjectId'), page)],
  ['equation', (_, page) => equationHtml(page)],
  ['columnBreak', () => ' '],
]

function runHtml(run: unknown, page: Page): string {
  const text = textAt(run, 'content').replace(NOT_TEXT, '')
  if (/^\n*$/.test(text)) return text.replaceAll('\n', '<br>')
  const style = valueAt(run, 'textStyle')
  const href = addressOf(valueAt(style, 'link'), page)
  const marks = [
    ...(href === null ? [] : [`a href="${escapeText(href)}"`]),
    ...(valueAt(style, 'bold') === true ? ['b'] : []),
    ...(valueAt(style, 'italic') === true ? ['i'] : []),
    ...(valueAt(style, 'strikethrough') === true ? ['s'] : []),
    ...(isMonospaceRun(run) && !isMonospace(page.tab.font) ? ['code'] : []),
    ...lookOf(style),
  ]
  const end = endOfLines(text)
  const inner = escapeText(text.slice(0, end)).replace(/[\v\n]/g, '<br>')
  return marked(inner, marks) + '<br>'.repeat(text.length - end)
}

/** Text that may be there to be read by machines alone: what is white, or of no size. Whether it is seen is decided later. */
function lookOf(style: unknown): readonly string[] {
  const size = valueAt(style, 'fontSize', 'magnitude')
  const [colour, ground] = [colourAt(style, 'foregroundColor'), colourAt(style, 'backgroundColor')]
  const isTiny = typeof size === 'number' && size <= 1
  if (colour !== WHITE && !isTiny && (colour === null || ground === null)) return []
  const said = [
    ...(colour === null ? [] : [`color:${colour}`]),
    ...(ground === null ? [] : [`background:${ground}`]),
    ...(isTiny ? [`font-size:${size}pt`] : []),
  ]
  return [`span style="${said.join(';')}"`]
}

const WHITE = 'rgb(255,255,255)'

/** A part that is 0 is left out (https://developers.google.com/workspace/docs/api/reference/rest/v1/documents#rgbcolor). */
function colourAt(style: unknown, name: string): string | null {
  const colour = valueAt(style, name, 'color', 'rgbColor')
  if (colour === undefined || colour === null) return null
  const parts = ['red', 'green', 'blue'].map((part) => valueAt(colour, part))
  return `rgb(${parts.map((part) => Math.round((typeof part === 'number' ? part : 0) * 255)).join(',')})`
}

/** A paragraph's last run ends in a line break, which is not shown. */
function withoutEdges(html: string): string {
  let end = html.length
  while (html.endsWith('<br>', end)) end -= '<br>'.length
  return html.slice(0, end).trim()
}

function marked(inner: string, marks: readonly string[]): string {
  const before = marks.map((mark) => `<${mark}>`).join('')
  const after = marks
    .toReversed()
    .map((mark) => `</${mark.split(' ', 1)[0]}>`)
    .join('')
  return before + inner + after
}

/** https://developers.google.com/workspace/docs/api/reference/rest/v1/documents#link; null where it leads nowhere. */
function addressOf(link: unknown, { url, tab }: Page): string | null {
  const web = textAt(link, 'url')
  if (web !== '') return web
  const heading = textAt(link, 'heading', 'id') || textAt(link, 'headingId')
  const bookmark = textAt(link, 'bookmark', 'id') || textAt(link, 'bookmarkId')
  const inTab = textAt(link, 'heading', 'tabId') || textAt(link, 'bookmark', 'tabId') || textAt(link, 'tabId')
  if (heading === '' && bookmark === '' && inTab === '') return null
  const fragment = heading === '' ? bookmark && `#bookmark=${bookmark}` : `#heading=${heading}`
  return tabUrl(url, inTab || tab.id) + fragment
}

/** @param tabId empty is the document */
export function tabUrl(url: string, tabId: string): string {
  return tabId === '' ? url : `${url}?tab=${encodeURIComponent(tabId)}`
}

function noteHtml(reference: unknown, page: Page): string {
  const id = textAt(reference, 'footnoteId')
  return id === '' ? '' : `<sup>[${page.footnote(id)}]</sup>`
}

function personHtml(person: unknown): string {
  const email = textAt(person, 'email')
  const name = escapeText(textAt(person, 'name') || email)
  return email === '' ? name : `<a href="mailto:${escapeText(email)}">${name}</a>`
}

function richLinkHtml(link: unknown): string {
  const uri = escapeText(textAt(link, 'uri'))
  const title = escapeText(textAt(link, 'title')) || uri
  return uri === '' ? title : `<a href="${uri}">${title}</a>`
}

function dateHtml(date: unknown): string {
  return escapeText(textAt(date, 'displayText') || textAt(date, 'timestamp'))
}

function equationHtml({ tally }: Page): string {
  tally.add('equation')
  return '[equation]'
}

function inlineImageHtml(id: string, page: Page): string {
  const object = valueAt(page.tab.inlineObjects, id)
  return imageHtml(id, object, valueAt(object, 'inlineObjectProperties'), page)
}

/** A link to where it stands: the address of the picture itself lives for minutes, and shows it as its requester sees it. */
function imageHtml(id: string, object: unknown, properties: unknown, { url, tab, tally }: Page): string {
  if (isSuggested(object)) return ''
  const embedded = valueAt(properties, 'embeddedObject')
  const kind = valueAt(embedded, 'embeddedDrawingProperties') === undefined ? 'image' : 'drawing'
  const alt = [textAt(embedded, 'title'), textAt(embedded, 'description')].filter((text) => text.trim() !== '')
  if (alt.length === 0) tally.add(kind)
  const text = escapeText([...new Set(alt)].join(': ') || kind)
  return ` <a href="${escapeText(`${tabUrl(url, tab.id)}#object=${encodeURIComponent(id)}`)}">${text}</a> `
}

function isMonospaceRun(run: unknown): boolean {
  return isMonospace(textAt(run, 'textStyle', 'weightedFontFamily', 'fontFamily'))
}

function isMonospace(font: string): boolean {
  return font !== '' && MONOSPACE.test(font.slice(0, 100))
}

function withoutLastBreak(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text
}

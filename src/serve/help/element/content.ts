/**
 * An article's HTML as nodes. The server has sanitised it; here it is built anew from a list of what may be in it, so that
 * a mistake there runs nothing here: no element, attribute or address goes through that is not named below.
 */
import { inert } from './trusted.ts'

const KEPT = new Set(
  'a b blockquote br caption code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre q s samp section small span strong sub summary sup table tbody td tfoot th thead tr u ul var'.split(
    ' ',
  ),
)
/** With all that is in them. */
const DROPPED = new Set(
  'applet audio base button canvas embed form frame frameset iframe input link math meta noembed noframes noscript object option script select source style svg template textarea title track video xmp'.split(
    ' ',
  ),
)
const ATTRIBUTES: Readonly<Record<string, readonly string[]>> = {
  '*': ['id', 'lang', 'dir', 'title'],
  a: ['href'],
  ol: ['start', 'type', 'reversed'],
  td: ['colspan', 'rowspan', 'headers'],
  th: ['colspan', 'rowspan', 'scope', 'headers'],
  details: ['open'],
}
const ADDRESS = /^(?:https?:|mailto:|tel:|#)/i
/** Deeper than this nobody reads, and a stack may not reach. */
const DEEPEST = 100

/** @param table what a table without a caption is called, for who can't see it */
export function contentOf(html: string, table: string): DocumentFragment {
  const fragment = document.createDocumentFragment()
  copyInto(fragment, inert(html), 0, { last: 1, table })
  return fragment
}

function copyInto(to: Node, from: Node, depth: number, outline: Outline): void {
  for (const node of from.childNodes) {
    if (node.nodeType === Node.TEXT_NODE) to.appendChild(document.createTextNode(node.textContent ?? ''))
    else if (node instanceof Element) copyElement(to, node, depth + 1, outline)
  }
}

function copyElement(to: Node, from: Element, depth: number, outline: Outline): void {
  const name = from.localName
  if (DROPPED.has(name) || from.namespaceURI !== 'http://www.w3.org/1999/xhtml') return
  if (depth > DEEPEST) {
    to.appendChild(document.createTextNode(from.textContent ?? ''))
    return
  }
  if (name === 'img') {
    to.appendChild(picture(from))
    return
  }
  if (!KEPT.has(name)) {
    copyInto(to, from, depth, outline)
    return
  }
  const copy = document.createElement(/^h[1-6]$/.test(name) ? heading(name, outline) : name)
  for (const attribute of [...(ATTRIBUTES['*'] ?? []), ...(ATTRIBUTES[name] ?? [])]) {
    const value = from.getAttribute(attribute)
    if (value !== null && isFine(attribute, value)) copy.setAttribute(attribute, value)
  }
  if (name === 'a') outward(copy)
  if (name === 'pre') copy.tabIndex = 0
  copyInto(copy, from, depth, outline)
  to.appendChild(name === 'table' ? scrolling(copy, outline.table) : copy)
}

/** Of one article. */
interface Outline {
  /** The level of the last heading that was written: the article's title is 1. */
  last: number
  readonly table: string
}

/** Below the title, and never more than one level deeper than the heading before: readers by ear jump by levels. */
function heading(name: string, outline: Outline): string {
  outline.last = Math.min(Math.max(Number(name[1]), 2), outline.last + 1, 6)
  return `h${outline.last}`
}

function isFine(attribute: string, value: string): boolean {
  return attribute !== 'href' || ADDRESS.test(value.trim())
}

function outward(link: HTMLElement): void {
  if (!/^https?:/i.test(link.getAttribute('href')?.trim() ?? '')) return
  link.setAttribute('target', '_blank')
  link.setAttribute('rel', 'noopener noreferrer nofollow')
}

/** A picture is named and linked, not loaded: no third party learns who reads what, and most need a login anyway. */
function picture(from: Element): Node {
  const text = from.getAttribute('alt')?.trim() ?? ''
  const address = from.getAttribute('src')?.trim() ?? ''
  if (!/^https?:/i.test(address)) return document.createTextNode(text)
  const link = document.createElement('a')
  link.className = 'picture'
  link.setAttribute('href', address)
  link.textContent = text === '' ? (address.split(/[?#]/)[0]?.split('/').at(-1) ?? address) : text
  outward(link)
  return link
}

/** A wide table scrolls by itself, and by the keyboard, so that the page never does sideways. */
function scrolling(table: HTMLElement, name: string): HTMLElement {
  const frame = document.createElement('div')
  frame.className = 'table'
  frame.tabIndex = 0
  frame.setAttribute('role', 'group')
  frame.setAttribute('aria-label', table.querySelector('caption')?.textContent ?? name)
  frame.appendChild(table)
  return frame
}

/** Plain HTML elements: what goes out as it came in. Of the rest only the content does. */
import { NOTHING, type Piece, startTag, tag } from './pieces.ts'
import type { Element } from './tree.ts'

const KEPT = new Set(
  `address article aside b big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em
   figcaption figure footer h1 h2 h3 h4 h5 h6 header hr i ins kbd li main mark nav ol p pre q s samp section small span
   strike strong sub summary sup table tbody td tfoot th thead tr tt u ul var`.split(/\s+/),
)
const VOID = new Set(['br', 'col', 'hr'])
const ATTRIBUTES = [
  'class',
  'style',
  'hidden',
  'colspan',
  'rowspan',
  'start',
  'value',
  'data-lang',
  'data-language',
  'data-syntaxhighlighter-params',
]

export function renderHtml(element: Element): Piece {
  const { name, attributes, children } = element
  // The drawn form of a formula whose source stands beside it.
  if (attributes.get('class') === 'katex-html') return NOTHING
  if (!KEPT.has(name)) return withVisibility(element, children)
  const kept = attributes.size === 0 ? {} : pick(element, ATTRIBUTES)
  return VOID.has(name) ? [startTag(name, kept), children] : tag(name, children, kept)
}

/** Whether a reader sees `content` is decided later, from the attributes of the element that it came from. */
export function withVisibility(element: Element, content: Piece): Piece {
  const { attributes } = element
  if (!attributes.has('style') && !attributes.has('hidden')) return content
  return tag('span', content, pick(element, ['style', 'hidden']))
}

function pick(element: Element, names: readonly string[]): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(names.map((name) => [name, element.attributes.get(name)]))
}

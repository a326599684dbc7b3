/** `ac:adf-extension`: nodes of ADF inside storage format, written as elements or as the JSON of a document. */
import { readDocument } from '../adf/json.ts'
import { macroElement } from '../adf/macros.ts'
import { translateDocument } from '../adf/translate.ts'
import { renderMacro } from './macros.ts'
import { type Context, callout, type Piece, tag } from './pieces.ts'
import { child, type Element, find, type Node, textOf } from './tree.ts'

/** An editor's node and, for older readers, the same content once more: only one of them is the page. */
export function renderExtension(element: Element, context: Context): Piece {
  const nodes = element.children.filter((node) => typeof node !== 'string' && node.name === 'ac:adf-node')
  const written = find(
    nodes,
    ({ name }) => name === 'ac:adf-content',
    ({ name }) => name !== 'ac:adf-node',
  )
  const fallback = child(element, 'ac:adf-fallback')
  return written !== undefined || fallback === undefined ? nodes : contentOf(fallback, context)
}

export function renderAdfNode(element: Element, context: Context): Piece {
  switch (element.attributes.get('type')) {
    case 'panel':
      return callout(adfAttribute(element, 'panel-type'), adfAttribute(element, 'title'), element.children)
    case 'decision-list':
      return tag('ul', element.children)
    case 'decision-item':
      return tag('li', [adfAttribute(element, 'state') === 'UNDECIDED' ? '☐ ' : '☑ ', adfContent(element)])
    case 'extension':
    case 'inline-extension':
    case 'bodied-extension':
    case 'multi-bodied-extension':
      return renderMacro(macroOf(element), context)
    default:
      return tag('div', element.children)
  }
}

/** `ac:adf-content` and `ac:adf-fallback`: elements, or the JSON of a document. */
export function renderAdfContent(element: Element, context: Context): Piece {
  return tag('div', contentOf(element, context))
}

function contentOf(element: Element, context: Context): Piece {
  const document = documentIn(element.children)
  return document === null ? element.children : translateDocument(document, context)
}

function documentIn(nodes: readonly Node[]): readonly unknown[] | null {
  if (nodes.some((node) => typeof node !== 'string')) return null
  const text = textOf(nodes).trim()
  return text.startsWith('{') ? readDocument(text) : null
}

function macroOf(element: Element): Element {
  const content = child(element, 'ac:adf-content')
  return macroElement(
    adfAttribute(element, 'extension-key'),
    parametersOf(element),
    content === undefined ? null : [content],
  )
}

/** An app's parameters are `guest-params`. Words of a name are parted by hyphens here, and by capitals in a macro. */
function parametersOf(element: Element): ReadonlyMap<string, string> {
  const all = attributeElement(element, 'parameters')
  const own = parameterElements(all).find(({ attributes }) => attributes.get('key') === 'guest-params') ?? all
  const parameters = new Map<string, string>()
  for (const { attributes, children } of parameterElements(own)) {
    const name = (attributes.get('key') ?? '').replace(/(?<=[a-z])-([a-z])/g, (_, letter: string) =>
      letter.toUpperCase(),
    )
    parameters.set(name, textOf(children))
  }
  return parameters
}

function parameterElements(element: Element | undefined): readonly Element[] {
  const nodes = element?.children ?? []
  return nodes.filter((node): node is Element => typeof node !== 'string' && node.name === 'ac:adf-parameter')
}

function adfContent(element: Element): Piece {
  const content = child(element, 'ac:adf-content')
  return content === undefined ? element.children : content.children
}

function adfAttribute(element: Element, key: string): string {
  return textOf(attributeElement(element, key)?.children ?? []).trim()
}

function attributeElement(element: Element, key: string): Element | undefined {
  return element.children.find(
    (node): node is Element =>
      typeof node !== 'string' && node.name === 'ac:adf-attribute' && node.attributes.get('key') === key,
  )
}

/**
 * Reads Confluence's storage format (an XHTML fragment with undeclared `ac:` and `ri:` prefixes, HTML entities and
 * CDATA) into a small tree.
 *
 * It stands on htmlparser2's tokenizer and not on its parser, because the parser keeps its open elements in an array
 * that it searches and shifts from the front: deep nesting or many stray end tags cost quadratic time there.
 */
import { decodeHTMLStrict } from 'entities'
import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2'

/** A string is text, entities decoded. */
export type Node = Element | string

export interface Element {
  /** Lower case, with its prefix: `ac:link`. */
  readonly name: string
  /** Names lower case, values decoded. */
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly Node[]
}

export interface Fragment {
  readonly children: readonly Node[]
  /** How many comments were left out. */
  readonly comments: number
  /** How many elements were left out, with all that they hold, because of their depth. */
  readonly tooDeep: number
}

/** No page nests like this but one that is made to use up memory. */
const DEEPEST = 100_000
const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map()
const VOID = new Set(['area', 'base', 'br', 'col', 'embed', 'hr', 'img', 'input', 'link', 'meta', 'source', 'wbr'])

/**
 * Never throws: an end tag without a start is ignored, what is still open ends with its parent. `html` reads the body
 * of an `html` macro, where there is no CDATA and a script's text is no markup.
 */
export function parse(text: string, format: 'storage' | 'html' = 'storage'): Fragment {
  const tree = createTree()
  let attributes: Map<string, string> | null = null
  let comments = 0
  let declared = false
  let elementName = ''
  let attributeName = ''
  let attributeValue = ''

  function open(selfClosing: boolean): void {
    tree.open(elementName, attributes ?? NO_ATTRIBUTES, selfClosing)
    attributes = null
  }

  const callbacks: TokenizerCallbacks = {
    ontext: (start, end) => {
      const found = text.slice(start, end)
      // The tokenizer ends a doctype at the first `>`, which leaves the end of an internal subset behind as text.
      if (!(declared && found.trim() === ']>')) tree.text(decode(found))
    },
    ontextentity: (codePoint) => tree.text(String.fromCodePoint(codePoint)),
    oncdata: (start, end, offset) => tree.text(text.slice(start, end - offset)),
    oncomment: () => {
      comments += 1
    },
    ondeclaration: () => {
      declared = true
    },
    onprocessinginstruction: () => {},
    onopentagname: (start, end) => {
      elementName = text.slice(start, end).toLowerCase()
    },
    onattribname: (start, end) => {
      attributeName = text.slice(start, end).toLowerCase()
      attributeValue = ''
    },
    onattribdata: (start, end) => {
      attributeValue += text.slice(start, end)
    },
    onattribentity: (codePoint) => {
      attributeValue += String.fromCodePoint(codePoint)
    },
    onattribend: () => {
      attributes ??= new Map()
      if (!attributes.has(attributeName)) attributes.set(attributeName, decode(attributeValue))
    },
    onopentagend: () => open(false),
    onselfclosingtag: () => open(true),
    onclosetag: (start, end) => tree.close(text.slice(start, end).toLowerCase()),
    onend: () => {},
  }
  const tokenizer = new Tokenizer(
    { xmlMode: format === 'storage', decodeEntities: false, recognizeSelfClosing: true },
    callbacks,
  )
  tokenizer.write(text)
  tokenizer.end()
  return { children: tree.root, comments, tooDeep: tree.tooDeep() }
}

/** Attributes without a value are left out. */
export function createElement(
  name: string,
  attributes: Readonly<Record<string, string | undefined>>,
  children: readonly Node[],
): Element {
  const given = Object.entries(attributes).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { name, attributes: given.length === 0 ? NO_ATTRIBUTES : new Map(given), children }
}

/** The first child element of that name. */
export function child(element: Element, ...names: readonly string[]): Element | undefined {
  for (const node of element.children) if (typeof node !== 'string' && names.includes(node.name)) return node
  return undefined
}

/** The first element, in document order, that `fits`; the inside of one that `skips` is not looked at. */
export function find(
  nodes: readonly Node[],
  fits: (element: Element) => boolean,
  skips: (element: Element) => boolean = () => false,
): Element | undefined {
  for (const node of walk(nodes, skips)) if (typeof node !== 'string' && fits(node)) return node
  return undefined
}

/** All text below, in order, whitespace as it stands; not what only sets how something below is drawn. */
export function textOf(nodes: readonly Node[]): string {
  const parts: string[] = []
  for (const node of walk(nodes, isSetting)) if (typeof node === 'string') parts.push(node)
  return parts.join('')
}

const SETTINGS = new Set(['ac:parameter', 'ac:adf-attribute', 'ac:task-status'])

function isSetting({ name, attributes }: Element): boolean {
  return SETTINGS.has(name) && (attributes.get('ac:name') ?? attributes.get('key')) !== 'title'
}

function* walk(nodes: readonly Node[], skips: (element: Element) => boolean = () => false): Generator<Node> {
  const levels = [nodes.values()]
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const { value, done } = level.next()
    if (done === true) {
      levels.pop()
      continue
    }
    yield value
    if (typeof value !== 'string' && !skips(value)) levels.push(value.children.values())
  }
}

/** Open elements are counted by name, so that a stray end tag costs no search. */
function createTree() {
  const root: Node[] = []
  const stack: { readonly name: string; readonly children: Node[] | null }[] = []
  const openByName = new Map<string, number>()
  let tooDeep = 0

  /** Null where nothing is kept. */
  function top(): Node[] | null {
    const last = stack.at(-1)
    return last === undefined ? root : last.children
  }

  return {
    root: root as readonly Node[],
    tooDeep: () => tooDeep,
    text(text: string): void {
      top()?.push(text)
    },
    open(name: string, attributes: ReadonlyMap<string, string>, selfClosing: boolean): void {
      const children: Node[] | null = stack.length < DEEPEST ? [] : null
      if (children === null) tooDeep += 1
      else top()?.push({ name, attributes, children })
      if (selfClosing || VOID.has(name)) return
      stack.push({ name, children })
      openByName.set(name, (openByName.get(name) ?? 0) + 1)
    },
    close(name: string): void {
      if ((openByName.get(name) ?? 0) === 0) return
      for (let last = stack.pop(); last !== undefined; last = stack.pop()) {
        openByName.set(last.name, (openByName.get(last.name) ?? 1) - 1)
        if (last.name === name) return
      }
    },
  }
}

function decode(text: string): string {
  return text.includes('&') ? decodeHTMLStrict(text) : text
}

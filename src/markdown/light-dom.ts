/**
 * The nodes that turndown walks: no more of the DOM than it reads. Whitespace is settled before nodes are made, so
 * they answer turndown's questions about it at once (`textContent`, siblings, `firstChild`); asked of real text, its
 * regular expressions would read every element again for each of its ancestors.
 */

export interface LightText {
  readonly nodeType: 3
  readonly nodeName: '#text'
  /** Markdown already: escaping needs to know where the text stands, which turndown's `escape` is not told. */
  readonly nodeValue: string
  readonly textContent: typeof SETTLED
  parentNode: LightElement | null
}

/** What rules need to know about an element. */
export interface Facts {
  readonly url?: string
  readonly alt?: string
  readonly level?: number
  readonly text?: string
  readonly language?: string
  /** Stands close to its neighbours in a list item, without a blank line. */
  readonly tight?: boolean
  /** A list item's bullet or number. */
  readonly marker?: string
  /** The box of a task; absent in other items. */
  readonly checked?: boolean
  /** Begins a line, so that without its delimiters its text could begin a block. */
  readonly lineStart?: boolean
  /** A letter or digit touches the element from outside. */
  readonly wordBefore?: boolean
  readonly wordAfter?: boolean
  readonly inCell?: boolean
}

export interface LightElement {
  readonly nodeType: 1
  readonly nodeName: string
  readonly childNodes: readonly LightNode[]
  readonly textContent: typeof SETTLED
  readonly facts: Facts
  parentNode: LightElement | LightRoot | null
}

export type LightNode = LightText | LightElement

export interface LightRoot {
  readonly nodeType: 11
  readonly nodeName: '#document-fragment'
  readonly childNodes: readonly LightElement[]
  /** Null keeps turndown from collapsing whitespace once more. */
  readonly firstChild: null
  cloneNode(): LightRoot
}

/** Any text that is not blank and has no space at its edges. */
const SETTLED = 'settled'

export function textNode(markdown: string): LightText {
  return { nodeType: 3, nodeName: '#text', nodeValue: markdown, textContent: SETTLED, parentNode: null }
}

export function element(nodeName: string, childNodes: readonly LightNode[], facts: Facts = {}): LightElement {
  const made: LightElement = { nodeType: 1, nodeName, childNodes, textContent: SETTLED, facts, parentNode: null }
  for (const child of childNodes) child.parentNode = made
  return made
}

export function rootNode(child: LightElement): LightRoot {
  const root: LightRoot = {
    nodeType: 11,
    nodeName: '#document-fragment',
    childNodes: [child],
    firstChild: null,
    cloneNode: () => root,
  }
  child.parentNode = root
  return root
}

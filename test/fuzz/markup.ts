/** HTML and storage format as a loose tree that can be taken apart and written again, mistakes and all. */

export interface Tag {
  readonly kind: 'tag'
  name: string
  /** As written, with the blank in front. */
  attributes: string
  /** Which of its two tags are written. */
  form: 'both' | 'open' | 'close' | 'alone'
  children: Markup[]
}

/** A text is written as it is: entities, comments and CDATA included. */
export type Markup = { readonly kind: 'text'; text: string } | Tag

const TOKEN = /<!--.*?-->|<!\[CDATA\[.*?\]\]>|<(\/?)([a-z][\w:-]*)((?:"[^"]*"|'[^']*'|[^<>"'])*)>|[^<]+|</gis
const VOID = /^(?:area|base|br|col|embed|hr|img|input|link|meta|source|wbr)$/i

/** End tags without a start are left out; what is never closed ends with its parent. */
export function parseMarkup(source: string): Tag {
  const root = tagOf('', '', 'both')
  const open = [root]
  for (const [text, end, name, attributes = ''] of source.matchAll(TOKEN)) {
    const parent = open.at(-1) ?? root
    if (name === undefined) parent.children.push({ kind: 'text', text })
    else if (end === '/') closeTag(open, name)
    else {
      const isAlone = attributes.endsWith('/') || VOID.test(name)
      const tag = tagOf(name, attributes, isAlone ? 'alone' : 'both')
      parent.children.push(tag)
      if (!isAlone) open.push(tag)
    }
  }
  return root
}

function closeTag(open: Tag[], name: string): void {
  const at = open.findLastIndex((tag) => tag.name === name)
  if (at > 0) open.length = at
}

export function tagOf(name: string, attributes: string, form: Tag['form'], children: Markup[] = []): Tag {
  return { kind: 'tag', name, attributes, form, children }
}

export function textOf(text: string): Markup {
  return { kind: 'text', text }
}

export function writeMarkup(nodes: readonly Markup[]): string {
  const parts: string[] = []
  const open: (Markup | string)[] = nodes.toReversed()
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node === 'string') parts.push(node)
    else if (node.kind === 'text') parts.push(node.text)
    else {
      if (node.form !== 'close') parts.push(`<${node.name}${node.attributes}>`)
      if (node.form === 'both' || node.form === 'close') open.push(`</${node.name}>`)
      for (const child of node.children.toReversed()) open.push(child)
    }
  }
  return parts.join('')
}

export function copyOf(node: Markup): Markup {
  return structuredClone(node)
}

export interface Spot {
  readonly parent: Tag
  readonly index: number
  readonly node: Markup
}

/** Every place that holds a node, in document order. */
export function spotsOf(root: Tag): Spot[] {
  const spots: Spot[] = []
  const open: Tag[] = [root]
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    for (const [index, node] of parent.children.entries()) {
      spots.push({ parent, index, node })
      if (node.kind === 'tag') open.push(node)
    }
  }
  return spots
}

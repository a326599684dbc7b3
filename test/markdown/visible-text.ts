/** What a reader sees of HTML, by another parser than the converter's: htmlparser2's own document tree. */

import { type ChildNode, isTag, isText } from 'domhandler'
import { parseDocument } from 'htmlparser2'
import { marked } from 'marked'

const HIDDEN = new Set(['script', 'style', 'head', 'template', 'title', 'noscript', 'svg', 'iframe', 'video', 'audio'])
const INLINE = new Set(
  'a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strike strong sub sup time tt u var'.split(
    ' ',
  ),
)

/** Words in reading order; letters that only markup parts stay one word. */
export function visibleWords(html: string): string[] {
  const parts: string[] = []
  const open: (ChildNode | string)[] = parseDocument(html).children.toReversed()
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (typeof node === 'string') parts.push(node)
    else if (isText(node)) parts.push(node.data)
    else if (isTag(node) && !HIDDEN.has(node.name)) {
      const gap = INLINE.has(node.name) ? '' : ' '
      open.push(gap, ...node.children.toReversed(), gap)
    }
  }
  return parts
    .join('')
    .split(/\s+/u)
    .filter((word) => word !== '')
}

/** The words of markdown, as marked shows it. */
export function markdownWords(markdown: string): string[] {
  return visibleWords(toHtml(markdown))
}

export function toHtml(markdown: string): string {
  return marked.parse(markdown, { async: false, gfm: true })
}

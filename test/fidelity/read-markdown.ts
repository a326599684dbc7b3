/** Reads markdown as a reader of its rendered page does. */
import { type ChildNode, isTag, isText } from 'domhandler'
import { parseDocument } from 'htmlparser2'
import { marked, type TokensList } from 'marked'
import { BLOCKS, type Collector, createCollector, type Reading } from './reading.ts'

export function readMarkdown(markdown: string): Reading {
  const collector = createCollector()
  const html = marked.parse(markdown, { async: false, gfm: true })
  walk(parseDocument(html).children, collector)
  return { ...collector.reading(), code: fencesOf(marked.lexer(markdown, { gfm: true })) }
}

/** From the tokens, since HTML ends every code block with a line break of its own. */
function fencesOf(tokens: TokensList): readonly string[] {
  const found: string[] = []
  void marked.walkTokens(tokens, (token) => {
    if (token.type === 'code') found.push(`${token['lang'] ?? ''}\n${token['text']}`)
  })
  return found
}

function walk(nodes: readonly ChildNode[], collector: Collector): void {
  for (const node of nodes) {
    if (isText(node)) collector.text(node.data)
    if (!isTag(node)) continue
    const { name, attribs, children } = node
    const inside = () => walk(children, collector)
    if (BLOCKS.has(name)) collector.gap()
    if (/^h[1-6]$/.test(name)) collector.within('heading', inside, `${name.slice(1)} `)
    else if (name === 'li') collector.within('item', inside)
    else if (name === 'td' || name === 'th') collector.within('cell', inside)
    else inside()
    if (name === 'a' && attribs['href'] !== undefined) collector.link(attribs['href'])
    if (name === 'img' && attribs['src'] !== undefined) collector.image(attribs['src'])
    if (BLOCKS.has(name)) collector.gap()
  }
}

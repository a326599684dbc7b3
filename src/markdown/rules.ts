/** Turndown with our rules: how each node of the light DOM is written. */

import TurndownService from 'turndown'
import { escapeLineStart } from './escape.ts'
import { element, type Facts, type LightElement, type LightNode, type LightRoot, rootNode } from './light-dom.ts'
import { linkDestination } from './urls.ts'

type Rule = (content: string, node: LightElement) => string

export interface Writer {
  write(nodes: readonly LightNode[]): string
}

const RULES: Readonly<Record<string, Rule>> = {
  P: (content, { facts }) => spaced(content, facts.tight),
  H: (content, { facts }) => spaced(`${'#'.repeat(facts.level ?? 1)} ${content}`),
  RAW: (_content, { facts }) => spaced(facts.text ?? '', facts.tight),
  HR: () => spaced('---'),
  PRE: (_content, { facts }) => spaced(fenced(facts.text ?? '', facts.language ?? '')),
  BLOCKQUOTE: (content) => spaced(prefixLines(withoutEdgeLines(content), '> ', '>')),
  LIST: (content, { facts }) => spaced(withoutEdgeLines(content), facts.tight),
  LI: (content, { facts }) =>
    spaced(listItem(withTask(withoutEdgeLines(content), facts), facts.marker ?? '- '), facts.tight),
  STRONG: (content, node) => delimited(content, '**', node),
  DEL: (content, node) => delimited(content, '~~', node),
  EM: emphasized,
  CODE: (_content, { facts }) => codeSpan(facts.text ?? '', facts.inCell === true),
  A: (content, { facts }) => `[${content}](${destination(facts)})`,
  IMG: (_content, { facts }) => `![${facts.alt ?? ''}](${destination(facts)})`,
}

export function createWriter(): Writer {
  const service = new TurndownService()
  service.escape = (text) => text
  let written = ''
  // One rule, because turndown asks its rules about a node one after the other.
  service.addRule('light DOM', {
    filter: () => true,
    replacement(content, turndownNode) {
      const node = turndownNode as unknown as LightElement
      const text = ruled(content, node)
      if (node.parentNode?.nodeType === 1) return text
      written = text
      return ''
    },
  })
  return {
    write(nodes) {
      const only = nodes.length === 1 ? nodes[0] : undefined
      const leaf = only === undefined ? null : leafText(only)
      if (leaf !== null) return leaf
      written = ''
      const root = only?.nodeType === 1 ? only : element('BODY', nodes)
      // Taken by the rule and not from the result: turndown trims that with a regular expression that is quadratic in
      // any run of white space, such as a long blank stretch in a code block.
      service.turndown(rootNode(root) as unknown as TurndownService.Node)
      return written
    },
  }
}

function ruled(content: string, node: LightElement): string {
  return RULES[node.nodeName]?.(content, node) ?? content
}

/** Of a text, or of an element that holds one text or nothing, as most paragraphs do: there is nothing to walk. */
function leafText(node: LightNode): string | null {
  if (node.nodeType === 3) return node.nodeValue
  const [child] = node.childNodes
  if (node.childNodes.length > 1 || child?.nodeType === 1) return null
  return ruled(child?.nodeValue ?? '', node)
}

/** Backticks enough to hold the text, as CommonMark's code spans and fences both need. */
export function backticks(text: string, least: number): string {
  let longest = 0
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length)
  return '`'.repeat(Math.max(least, longest + 1))
}

export function codeSpan(text: string, inCell: boolean): string {
  const fence = backticks(text, 1)
  const padding = /^`|`$|^ .*[^ ].* $/s.test(text) ? ' ' : ''
  const span = `${fence}${padding}${text}${padding}${fence}`
  return inCell ? span.replaceAll('|', '\\|') : span
}

function fenced(code: string, language: string): string {
  const fence = backticks(code, 3)
  return `${fence}${language}\n${code}\n${fence}`
}

function spaced(content: string, tight = false): string {
  return tight ? `\n${content}\n` : `\n\n${content}\n\n`
}

function listItem(content: string, marker: string): string {
  const indented = prefixLines(content, ' '.repeat(marker.length), '')
  return content === '' ? marker.trimEnd() : marker + indented.slice(marker.length)
}

function withTask(content: string, { checked }: Facts): string {
  return checked === undefined ? content : `[${checked ? 'x' : ' '}] ${content}`.trimEnd()
}

/** `blank` is the prefix of empty lines, so that no line ends in a space. */
function prefixLines(content: string, prefix: string, blank: string): string {
  const lines = content.split('\n')
  return lines.map((line) => (line === '' ? blank : prefix + line)).join('\n')
}

function withoutEdgeLines(content: string): string {
  let start = 0
  let end = content.length
  while (start < end && content[start] === '\n') start += 1
  while (end > start && content[end - 1] === '\n') end -= 1
  return content.slice(start, end)
}

/**
 * CommonMark takes `**` for emphasis only where it touches a word from the right side; where it would not be, the text
 * stands without.
 */
function delimited(content: string, delimiter: string, { facts }: LightElement): string {
  const opens = !facts.wordBefore || !startsInPunctuation(content)
  const closes = !facts.wordAfter || !endsInPunctuation(content)
  return opens && closes ? delimiter + content + delimiter : bare(content, facts)
}

function emphasized(content: string, node: LightElement): string {
  const { wordBefore, wordAfter } = node.facts
  // Addresses may hold `_`, which some readers take for the end of the emphasis.
  const star = wordBefore || wordAfter || content.includes('](')
  if (!star) return `_${content}_`
  return content.includes('**') || isInStrong(node) ? bare(content, node.facts) : delimited(content, '*', node)
}

function bare(content: string, { lineStart }: Facts): string {
  return lineStart ? escapeLineStart(content, false) : content
}

/** Stars inside stars are read differently by different readers. */
function isInStrong(node: LightElement): boolean {
  for (let at: LightElement | LightRoot | null = node.parentNode; at !== null; ) {
    if (at.nodeName === 'STRONG') return true
    at = at.nodeType === 1 ? at.parentNode : null
  }
  return false
}

function startsInPunctuation(text: string): boolean {
  return /^[\p{P}\p{S}]/u.test(text)
}

function endsInPunctuation(text: string): boolean {
  return /^.?[\p{P}\p{S}]$/su.test(text.slice(-2)) || /[\p{P}\p{S}]$/u.test(text.slice(-2))
}

function destination(facts: Facts): string {
  return linkDestination(facts.url ?? '', { cell: facts.inCell === true })
}

/**
 * What a rule answers with: a description of the output that `render` writes without recursion. Text is escaped when
 * it is written; only markup made here goes out as it is.
 */
import { escapeAttribute, escapeText } from 'entities'
import type { LinkResolver } from './links.ts'
import type { Element } from './tree.ts'

/** A string is text; an element is rendered by its own rule. */
export type Piece = string | Element | Markup | readonly Piece[]

export interface Markup {
  readonly html: string
}

/** Everything a rule may ask for. */
export interface Context {
  readonly links: LinkResolver
  lose(name: string, count?: number): void
}

export type Rule = (element: Element, context: Context) => Piece

type Attributes = Readonly<Record<string, string | undefined>>

export const NOTHING: Piece = []

export function tag(name: string, content: Piece, attributes: Attributes = {}): Piece {
  return [startTag(name, attributes), content, { html: `</${name}>` }]
}

export function startTag(name: string, attributes: Attributes = {}): Markup {
  let html = `<${name}`
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) html += ` ${key}="${escapeAttribute(value)}"`
  }
  return { html: `${html}>` }
}

export function write(piece: string | Markup): string {
  return typeof piece === 'string' ? escapeText(piece) : piece.html
}

/** Source text, with a language where `language` looks like one. */
export function codeBlock(text: string, language = ''): Piece {
  const known = /^[\w+#.-]{1,40}$/.test(language) && language !== 'none'
  return tag('pre', tag('code', text, { class: known ? `language-${language}` : undefined }))
}

export function boldLine(text: string): Piece {
  return text === '' ? NOTHING : tag('p', tag('strong', text))
}

/** A panel: what kind it is, its title, its body. */
export function callout(kind: string, title: string, body: Piece): Piece {
  const label = CALLOUTS.get(kind) ?? ''
  const heading = label !== '' && title !== '' ? `${label}: ${title}` : label + title
  return tag('blockquote', [boldLine(heading), body])
}

const CALLOUTS: ReadonlyMap<string, string> = new Map([
  ['info', 'Info'],
  ['note', 'Note'],
  ['tip', 'Tip'],
  ['success', 'Success'],
  ['warning', 'Warning'],
  ['error', 'Error'],
  ['alert', 'Alert'],
])

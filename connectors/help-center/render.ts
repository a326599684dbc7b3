/**
 * Article HTML to plain HTML: what an editor says by its classes becomes an element that says it, addresses that expire
 * become stable ones, players become links to what they play. Pure, linear in the input, and without recursion: start and
 * end tags are rewritten where they stand, all else goes out as it came in.
 */
import { escapeAttribute } from 'entities'
import type { Losses } from '../../src/core/document.ts'
import { LONGEST_TEXT } from '../../src/core/limits.ts'
import { playedAddress, stableAddress } from './addresses.ts'
import { type Range, type StartTag, visitTags } from './tags.ts'

/** A longer article is cut and counted as the loss `cut`. */
const CUT_NOTE = `<blockquote><p>[cut: the article is longer than ${LONGEST_TEXT} characters]</p></blockquote>`

const CALLOUT = 'intercom-interblocks-callout'

/** Elements that hold an address, and in which attribute. */
const ADDRESSES: ReadonlyMap<string, string> = new Map([
  ['a', 'href'],
  ['img', 'src'],
  ['iframe', 'src'],
  ['video', 'src'],
  ['audio', 'src'],
  ['source', 'src'],
])

const PLAYERS = new Set(['iframe', 'video', 'audio'])

export interface Rendered {
  readonly html: string
  readonly losses: Losses
}

/**
 * Losses: `video` (a player, of which only the address stays) and `cut`.
 *
 * @param base the article's address, for relative links
 */
export function render(body: string, base: string): Rendered {
  const isCut = body.length > LONGEST_TEXT
  const source = isCut ? body.slice(0, LONGEST_TEXT) : body
  const { html, players } = rewrite(source, base)
  return {
    html: isCut ? html + CUT_NOTE : html,
    losses: { ...(players > 0 && { video: players }), ...(isCut && { cut: 1 }) },
  }
}

function rewrite(source: string, base: string): { html: string; players: number } {
  const edits = editor(source)
  /** For each open `div` and `summary`: what it goes out as. */
  const open = new Map<string, string[]>([
    ['div', []],
    ['summary', []],
  ])
  let players = 0
  visitTags(source, {
    start(tag) {
      const outgoing = outgoingName(tag, source)
      open.get(tag.element)?.push(outgoing)
      if (outgoing !== tag.element) edits.replace(tag.name, outgoing)
      if (PLAYERS.has(tag.element)) players += 1
      const address = tag.attributes.get(ADDRESSES.get(tag.element) ?? '')
      if (address !== undefined) edits.replace(address, addressOf(tag.element, address.text, base))
    },
    end(element, name) {
      const outgoing = open.get(element)?.pop() ?? element
      if (outgoing !== element) edits.replace(name, outgoing)
    },
  })
  return { html: edits.result(), players }
}

/** Replacements must come in the order of the source. */
function editor(source: string) {
  const out: string[] = []
  let copied = 0
  return {
    replace({ start, end }: Range, text: string): void {
      out.push(source.slice(copied, start), text)
      copied = end
    },
    result: () => out.join('') + source.slice(copied),
  }
}

/** A summary is bold in markdown, which one that holds a heading needn't be. */
function outgoingName({ element, attributes, end }: StartTag, source: string): string {
  if (element === 'summary') return startsWithHeading(source, end) ? 'div' : element
  const classes = element === 'div' ? (attributes.get('class')?.text ?? '').split(/\s+/) : []
  return classes.includes(CALLOUT) ? 'blockquote' : element
}

function startsWithHeading(source: string, at: number): boolean {
  const heading = /\s*<h[1-6][\s>]/iy
  heading.lastIndex = at
  return heading.test(source)
}

/** As the value of an attribute, in whatever quotes the source has it. */
function addressOf(element: string, text: string, base: string): string {
  const address = stableAddress(text, base)
  const shown = PLAYERS.has(element) ? playedAddress(address) : address
  return escapeAttribute(shown).replaceAll("'", '%27').replaceAll('>', '%3E').replace(/\s/g, '%20')
}

/** A document's body as canonical markdown, the form that is stored, chunked and shown. */

import type { Body, Losses } from '../core/types.ts'
import { blocksMarkdown } from './blocks.ts'
import { cleanMarkdown } from './from-markdown.ts'
import type { Block } from './outline.ts'
import { readHtml } from './read-html.ts'
import { createTally, type Tally } from './tally.ts'
import { tidyBlocks } from './tidy.ts'

/** Stored with every document: another value makes a sync load and convert all bodies again. */
export const CONVERTER: string = 'markdown-1'

/** Characters of source that are read; a longer body is cut, with a note where it ends. */
export const MAX_SOURCE = 12_000_000

/** Characters that expanded spans and repeated column names may add, beside as many as the source has. */
const SPAN_BUDGET = 200_000

/**
 * Ends in one line break, or is empty. Losses are the body's own and what was dropped here: `hidden-element`,
 * `comment`, `invisible-character`, `unsafe-link`, `data-uri`, `depth`, `table:span`, `table:header`,
 * `cut`.
 */
export function toMarkdown(body: Body): { markdown: string; losses: Losses } {
  const tally = createTally(body.losses)
  const source = 'html' in body ? body.html : body.markdown
  const isCut = source.length > MAX_SOURCE
  if (isCut) tally.add('cut')
  const read = isCut ? source.slice(0, MAX_SOURCE) : source
  const markdown = 'html' in body ? htmlMarkdown(read, tally) : cleanMarkdown(read, tally)
  const whole = isCut ? `${markdown}\n\n${cutNote()}` : markdown
  return { markdown: whole === '' ? '' : `${whole}\n`, losses: tally.losses() }
}

function htmlMarkdown(html: string, tally: Tally): string {
  const budget = { left: SPAN_BUDGET + html.length }
  const blocks = tidyBlocks(readHtml(html, tally), { budget, tally })
  return blocksMarkdown(withoutEdgeRules(blocks), budget, tally)
}

/** A first `---` would read as front matter. */
function withoutEdgeRules(blocks: readonly Block[]): readonly Block[] {
  const start = blocks.findIndex(({ type }) => type !== 'rule')
  const end = blocks.findLastIndex(({ type }) => type !== 'rule')
  return start === -1 ? [] : blocks.slice(start, end + 1)
}

function cutNote(): string {
  return `> [cut: the source page is larger than ${MAX_SOURCE.toLocaleString('en')} characters]`
}

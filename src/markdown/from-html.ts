/** A document's body as canonical markdown, the form that is stored, chunked and shown. */

import type { Body, Losses } from '../core/document.ts'
import { LONGEST_TEXT } from '../core/limits.ts'
import { blockTexts } from './blocks.ts'
import { cleanMarkdown } from './from-markdown.ts'
import { BETWEEN_BLOCKS, type Ties, tidyPage, tiesOf } from './page.ts'
import { readHtml } from './read-html.ts'
import { createTally, type Tally } from './tally.ts'

/** Stored with every document: another value makes a sync load and convert all bodies again. */
export const CONVERTER: string = 'markdown-2'

/** Characters that expanded spans and repeated column names may add, beside as many as the source has. */
const SPAN_BUDGET = 200_000

export interface Conversion extends Ties {
  /** Ends in one line break, or is empty. */
  readonly markdown: string
  readonly losses: Losses
}

/**
 * In HTML, `<unsilo-include target="ID" part="NAME"><a href="…">…</a></unsilo-include>` is a reference to another
 * document's excerpt, or without `part` to all of it; `<unsilo-excerpt name="NAME">` holds blocks that others may
 * include. Both hold in the page's own flow only: in quotes, lists and cells they are no more than what they contain.
 *
 * Losses are the body's own and what was dropped here: `hidden-element`, `comment`, `invisible-character`,
 * `unsafe-link`, `data-uri`, `depth`, `table:span`, `table:header`, `cut`.
 */
export function toMarkdown(body: Body): Conversion {
  const tally = createTally(body.losses)
  const source = 'html' in body ? body.html : body.markdown
  const isCut = source.length > LONGEST_TEXT
  if (isCut) tally.add('cut')
  const read = isCut ? source.slice(0, LONGEST_TEXT) : source
  const { markdown, references, excerpts } =
    'html' in body ? htmlMarkdown(read, tally) : { markdown: cleanMarkdown(read, tally), references: [], excerpts: [] }
  const whole = isCut ? `${markdown}\n\n${cutNote()}` : markdown
  return { markdown: whole === '' ? '' : `${whole}\n`, losses: tally.losses(), references, excerpts }
}

function htmlMarkdown(html: string, tally: Tally): Ties & { readonly markdown: string } {
  const budget = { left: SPAN_BUDGET + html.length }
  const page = tidyPage(readHtml(html, tally), { budget, tally })
  const texts = blockTexts(page.blocks, budget, tally)
  return { markdown: texts.join(BETWEEN_BLOCKS), ...tiesOf(page, texts) }
}

function cutNote(): string {
  return `> [cut: the source page is larger than ${LONGEST_TEXT.toLocaleString('en')} characters]`
}

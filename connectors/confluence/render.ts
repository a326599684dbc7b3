/**
 * Storage format and ADF to plain HTML: macros become what the page shows of them, Confluence's own links become
 * addresses. Pure, linear in the input, and without recursion over the input's depth.
 */

import type { Losses } from '../../src/core/document.ts'
import { UnsiloError } from '../../src/core/errors.ts'
import { LONGEST_TEXT } from '../../src/core/limits.ts'
import { readDocument } from './adf/json.ts'
import { translateDocument } from './adf/translate.ts'
import { elementRules } from './storage/elements.ts'
import { renderHtml, withVisibility } from './storage/html.ts'
import type { LinkResolver } from './storage/links.ts'
import { type Context, NOTHING, type Piece, tag, write } from './storage/pieces.ts'
import { type Element, parse } from './storage/tree.ts'

export type { LinkResolver } from './storage/links.ts'

/** A longer page is cut and counted as the loss `cut`. */
const CUT_NOTE = tag('blockquote', tag('p', `[cut: the page is longer than ${LONGEST_TEXT} characters]`))
const MOST_LOSSES = 50
const LONGEST_LOSS = 60

export interface Rendered {
  readonly html: string
  readonly losses: Losses
}

/**
 * Losses: `macro:NAME` (an unknown macro, whose body stays, or a known one whose content is not in the page), `link`
 * and `image` (no address; the text stays), `user` (nobody knows the name; left out), `element:NAME` (unknown; its
 * content stays), `hidden-element`, `comment`, `depth`, `cut`, and `other` for what is beyond 50 names.
 */
export function render(storage: string, links: LinkResolver): Rendered {
  const losses = createLosses()
  const isCut = storage.length > LONGEST_TEXT
  if (isCut) losses.lose('cut')
  const fragment = parse(storage.slice(0, LONGEST_TEXT))
  losses.lose('comment', fragment.comments)
  losses.lose('depth', fragment.tooDeep)
  const html = writeAll([fragment.children, isCut ? CUT_NOTE : NOTHING], { links, lose: losses.lose })
  return { html, losses: losses.all() }
}

/**
 * An `atlas_doc_format` body, as JSON text or as what it says. Losses as in `render`, where `element:NAME` is also an
 * unknown node or mark, and `element:unreadable` something that is neither. Throws DOCUMENT_UNREADABLE for what is no
 * ADF document.
 */
export function renderAdf(adf: unknown, links: LinkResolver): Rendered {
  const document = readDocument(adf)
  if (document === null) {
    const message = 'Confluence: body.atlas_doc_format: expected the JSON of a node of type `doc` with `content`'
    throw new UnsiloError('DOCUMENT_UNREADABLE', message)
  }
  const losses = createLosses()
  const context = { links, lose: losses.lose }
  const html = writeAll(translateDocument(document, context), context)
  return { html, losses: losses.all() }
}

function writeAll(pieces: readonly Piece[], context: Context): string {
  const out: string[] = []
  const levels = [pieces.values()]
  for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
    const { value: piece, done } = level.next()
    if (done === true) levels.pop()
    else if (typeof piece === 'string' || 'html' in piece) out.push(write(piece))
    else if ('children' in piece) levels.push([renderElement(piece, context)].values())
    else levels.push(piece.values())
  }
  return out.join('')
}

function renderElement(element: Element, context: Context): Piece {
  const rule = elementRules.get(element.name)
  if (rule !== undefined) return withVisibility(element, rule(element, context))
  if (!element.name.includes(':')) return renderHtml(element)
  context.lose(`element:${element.name}`)
  return element.children
}

/** Names come from the page: short ones, of harmless characters, and not too many of them. */
function createLosses() {
  const counts = new Map<string, number>()
  return {
    lose(name: string, count = 1): void {
      if (count === 0) return
      const clean = name.replace(/[^\w:.-]/g, '').slice(0, LONGEST_LOSS)
      const key = counts.has(clean) || counts.size < MOST_LOSSES ? clean : 'other'
      counts.set(key, (counts.get(key) ?? 0) + count)
    },
    all(): Losses {
      return Object.fromEntries(counts)
    },
  }
}

/** What elements of a mail mean: which break the line, which nobody sees, which hold a quote or a signature. */
import type { Mark } from './line.ts'

export type Attributes = ReadonlyMap<string, string>

/** Their content is no text of the message. */
export const SILENT: ReadonlySet<string> = new Set(
  'head title script style template noscript object iframe svg math select textarea button audio video canvas'.split(
    ' ',
  ),
)

export const VOID: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta param source track wbr'.split(' '),
)

export const BLOCKS: ReadonlySet<string> = new Set(
  (
    'address article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 ' +
    'h4 h5 h6 header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul'
  ).split(' '),
)

export const HEADINGS: ReadonlySet<string> = new Set(['h1', 'h2', 'h3', 'h4', 'h5', 'h6'])

/** An open one ends where another of its kind begins. */
export const CLOSES_ITSELF: ReadonlySet<string> = new Set(['p', 'li', 'dd', 'dt', 'td', 'th', 'tr'])

/** Mail programs' own names for the quote of the message that is answered, and for a signature. */
const NAMED: ReadonlyMap<string, Mark> = new Map<string, Mark>([
  ['gmail_attr', 'history'],
  ['yahoo_quoted', 'history'],
  ['yahoo-quoted', 'history'],
  ['moz-cite-prefix', 'history'],
  ['protonmail_quote', 'history'],
  ['zmail_extra', 'history'],
  ['divrplyfwdmsg', 'history'],
  ['appendonsend', 'history'],
  ['mail-editor-reference-message-container', 'history'],
  ['intercom-quote', 'history'],
  ['gmail_signature', 'signature'],
  ['gmail_signature_prefix', 'signature'],
  ['moz-signature', 'signature'],
  ['protonmail_signature_block', 'signature'],
  ['ms-outlook-mobile-signature', 'signature'],
  ['signature', 'signature'],
])

/** Around what Gmail quotes. Answers that are written between the quotes stand in it too, outside of `blockquote`. */
const FRAMES = /(?:^|\s)gmail_quote(?:_container)?(?:\s|$)/

/** A class or id that is long is no mail program's. */
const LONGEST_NAME = 200

export function isFrame(attributes: Attributes): boolean {
  const value = attributes.get('class') ?? ''
  return value.length <= LONGEST_NAME && FRAMES.test(value)
}

export function markOf(element: string, attributes: Attributes): Mark | null {
  if (element === 'blockquote' && attributes.get('type')?.toLowerCase() === 'cite') return 'history'
  if (attributes.get('data-smartmail')?.toLowerCase() === 'gmail_signature') return 'signature'
  for (const attribute of ['class', 'id']) {
    const value = attributes.get(attribute) ?? ''
    if (value.length > LONGEST_NAME) continue
    for (const name of value.toLowerCase().split(/\s+/)) {
      const mark = NAMED.get(name)
      if (mark !== undefined) return mark
    }
  }
  return null
}

/** Of a preheader, which some senders give no room, but do not say that what has none is cut off. */
export function isPreheader(attributes: Attributes): boolean {
  return /(?:^|;)\s*max-height\s*:\s*0(?:px)?\s*(?:;|$)/i.test(attributes.get('style')?.slice(0, 2000) ?? '')
}

/** A picture of a point, by which a sender sees that a mail was opened. */
export function isPixel(attributes: Attributes): boolean {
  return [attributes.get('width'), attributes.get('height')].some(
    (size) => size !== undefined && /^[0-3](px)?$/.test(size.trim()),
  )
}

/** Marks of ADF as the elements that storage format has for them. */
import { stringAt, valueAt } from './json.ts'

export interface Mark {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
}

/** More marks than exist, on one node, are no page's. */
export const MOST_MARKS = 30

const ELEMENTS: ReadonlyMap<string, string> = new Map([
  ['strong', 'strong'],
  ['em', 'em'],
  ['underline', 'u'],
  ['strike', 's'],
  ['code', 'code'],
])

/** Marks that say how something looks, or that somebody remarked on it. */
const WITHOUT_ELEMENT = new Set(
  `textColor backgroundColor border fontSize alignment indentation breakout annotation confluenceInlineComment fragment
   dataConsumer unsupportedMark unsupportedNodeAttribute`.split(/\s+/),
)

/** Null for a mark that has no element. */
export function readMark(value: unknown, lose: (name: string) => void): Mark | null {
  const type = stringAt(value, 'type')
  const attrs = valueAt(value, 'attrs')
  const name = ELEMENTS.get(type)
  if (name !== undefined) return { name, attributes: {} }
  if (type === 'link') return { name: 'a', attributes: { href: stringAt(attrs, 'href') } }
  if (type === 'subsup') return { name: stringAt(attrs, 'type') === 'sup' ? 'sup' : 'sub', attributes: {} }
  const painted = paintOf(type, stringAt(attrs, 'color'))
  if (painted !== null) return painted
  if (!WITHOUT_ELEMENT.has(type)) lose(`element:${type || 'unreadable'}`)
  return null
}

/** Text that may be there to be read by machines alone, being nearly white. Whether it is seen is decided later. */
function paintOf(type: string, colour: string): Mark | null {
  if (type === 'textColor' && /^#f[\da-f]f[\da-f]f[\da-f]$/i.test(colour))
    return { name: 'span', attributes: { style: `color:${colour}` } }
  if (type === 'backgroundColor' && /^#[\da-f]{6}$/i.test(colour))
    return { name: 'span', attributes: { style: `background:${colour}` } }
  return null
}

export function sameMark(a: Mark, b: Mark): boolean {
  const isSame = (name: string) => a.attributes[name] === b.attributes[name]
  return a.name === b.name && isSame('href') && isSame('style')
}

/** What of a page no reader sees. */

export type Attributes = ReadonlyMap<string, string>

/** Elements whose content is never shown as text. */
const UNSHOWN = new Set([
  ...['script', 'style', 'template', 'head', 'title', 'noscript', 'noembed', 'noframes', 'svg', 'datalist'],
  ...['annotation', 'annotation-xml', 'iframe', 'audio', 'video', 'object', 'canvas', 'applet', 'map'],
])

/** Of those, the ones that are not worth a loss: nothing was ever meant for the reader. */
const UNCOUNTED = new Set(['head', 'title', 'iframe', 'audio', 'video', 'object', 'canvas', 'applet', 'map'])

/** Why text is muted although its element takes part in the page. Descendants may undo each one. */
export const MUTE = { visibility: 1, fontSize: 2, colour: 4 } as const

export interface Visibility {
  /** The whole subtree is gone; nothing inside can bring it back. */
  readonly gone: boolean
  /** Bits of `MUTE`. */
  readonly mute: number
  /** Whether this element's disappearance is a loss to report. */
  readonly counted: boolean
}

/** `mute` is the parent's. */
export function visibilityOf(name: string, attributes: Attributes, mute: number): Visibility {
  if (UNSHOWN.has(name)) return { gone: true, mute, counted: !UNCOUNTED.has(name) }
  if (attributes.has('hidden') || isClosedDialog(name, attributes)) return { gone: true, mute, counted: true }
  const style = attributes.get('style')
  if (style === undefined || style.length > 4_096) return { gone: false, mute, counted: false }
  return styledVisibility(parseStyle(style), mute)
}

function isClosedDialog(name: string, attributes: Attributes): boolean {
  return name === 'dialog' && !attributes.has('open')
}

function styledVisibility(style: ReadonlyMap<string, string>, inherited: number): Visibility {
  const mute = muteOf(style, inherited)
  const gone = isGone(style)
  return { gone, mute, counted: gone || (mute & ~inherited) !== 0 }
}

function isGone(style: ReadonlyMap<string, string>): boolean {
  if (style.get('display') === 'none' || style.get('mso-hide') === 'all') return true
  if (isZero(style.get('opacity'))) return true
  if (isOffscreen(style)) return true
  return style.get('overflow') === 'hidden' && isZero(style.get('height'))
}

function isOffscreen(style: ReadonlyMap<string, string>): boolean {
  const isFarAway = (value: string | undefined) => /^-\d{4,}(\.\d+)?(px|em|rem|pt)$/.test(value ?? '')
  if (isFarAway(style.get('text-indent'))) return true
  const position = style.get('position')
  return (
    (position === 'absolute' || position === 'fixed') && (isFarAway(style.get('left')) || isFarAway(style.get('top')))
  )
}

function muteOf(style: ReadonlyMap<string, string>, inherited: number): number {
  let mute = inherited
  const visibility = style.get('visibility')
  if (visibility !== undefined) mute = setBit(mute, MUTE.visibility, /^(hidden|collapse)$/.test(visibility))
  const fontSize = style.get('font-size')
  if (fontSize !== undefined) mute = setBit(mute, MUTE.fontSize, isZero(fontSize))
  const colour = style.get('color')
  if (colour !== undefined) mute = setBit(mute, MUTE.colour, isInvisibleColour(colour, style))
  return mute
}

/** Only what is certain from the element alone: the ground may come from anywhere else. */
function isInvisibleColour(colour: string, style: ReadonlyMap<string, string>): boolean {
  const ground = style.get('background-color') ?? style.get('background')
  return colour === 'transparent' || /^rgba\([^)]*,0(\.0+)?\)$/.test(colour) || colour === ground
}

function setBit(mask: number, bit: number, on: boolean): number {
  return on ? mask | bit : mask & ~bit
}

function isZero(value: string | undefined): boolean {
  return value !== undefined && /^[+-]?0*\.?0+(px|em|rem|pt|%|vh|vw)?$/.test(value)
}

/** Lower case, without spaces and `!important`; the last declaration of a property holds, as in a browser. */
function parseStyle(style: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>()
  for (const declaration of style.replace(/\/\*.*?\*\//gs, '').split(';')) {
    const colon = declaration.indexOf(':')
    if (colon === -1) continue
    const value = declaration.slice(colon + 1).replace(/\s+|!important/gi, '')
    properties.set(declaration.slice(0, colon).trim().toLowerCase(), value.toLowerCase())
  }
  return properties
}

/** What of a page no reader sees. */
import { type Colour, colourOf, isAlike, isFaint } from './colours.ts'
import type { StyleSheet } from './style-sheet.ts'
import { parseStyle, type Style } from './styles.ts'

export type Attributes = ReadonlyMap<string, string>

/** Elements whose content is never shown as text. */
const UNSHOWN = new Set([
  ...['script', 'style', 'template', 'head', 'title', 'noscript', 'noembed', 'noframes', 'svg', 'datalist'],
  ...['annotation', 'annotation-xml', 'iframe', 'audio', 'video', 'object', 'canvas', 'applet', 'map'],
])

/** Of those, the ones that are not worth a loss: nothing was ever meant for the reader. */
const UNCOUNTED = new Set(['head', 'title', 'iframe', 'audio', 'video', 'object', 'canvas', 'applet', 'map'])

/** Elements that a page's own style may give any ground. */
const GROUNDED = new Set(['td', 'th', 'table', 'blockquote', 'pre', 'code', 'button', 'mark', 'kbd', 'summary', 'a'])

/** What the elements around say of a text. Descendants may undo each. */
export interface Look {
  readonly isInvisible: boolean
  readonly hasNoSize: boolean
  /** Null: the page's own, whatever that is. */
  readonly colour: Colour | null
  /** Null: it can't be told. */
  readonly ground: Colour | null
}

export interface Visibility {
  /** The whole subtree is gone; nothing inside can bring it back. */
  readonly gone: boolean
  readonly look: Look
  /** Whether this element's disappearance is a loss to report. */
  readonly counted: boolean
}

/** Of a page of which nothing is said: it is white. */
export const PLAIN_LOOK: Look = {
  isInvisible: false,
  hasNoSize: false,
  colour: null,
  ground: { rgb: [255, 255, 255], alpha: 1 },
}

/** A text is not shown that looks so: its element takes part in the page all the same. */
export function isMuted({ isInvisible, hasNoSize, colour, ground }: Look): boolean {
  if (isInvisible || hasNoSize) return true
  return colour !== null && (isFaint(colour) || (ground !== null && isAlike(colour, ground)))
}

/** `around` is the parent's. */
export function visibilityOf(name: string, attributes: Attributes, around: Look, sheet: StyleSheet): Visibility {
  if (UNSHOWN.has(name)) return { gone: true, look: around, counted: !UNCOUNTED.has(name) }
  if (attributes.has('hidden') || isClosedDialog(name, attributes)) return { gone: true, look: around, counted: true }
  const style = styleOf(name, attributes, sheet)
  const gone = style !== null && isGone(style)
  const look = lookOf(name, attributes, style, around)
  return { gone, look, counted: gone || (isMuted(look) && !isMuted(around)) }
}

function styleOf(name: string, attributes: Attributes, sheet: StyleSheet): Style | null {
  const own = attributes.get('style')
  const given = sheet(name, attributes)
  if (own === undefined) return given
  return given === null ? parseStyle(own) : new Map([...given, ...parseStyle(own)])
}

function isClosedDialog(name: string, attributes: Attributes): boolean {
  return name === 'dialog' && !attributes.has('open')
}

function isGone(style: Style): boolean {
  if (style.get('display') === 'none' || style.get('mso-hide') === 'all') return true
  if (style.get('content-visibility') === 'hidden') return true
  return isFaded(style) || isOffscreen(style) || isClipped(style) || isShrunk(style) || hasNoRoom(style)
}

function isFaded(style: Style): boolean {
  const opacity = style.get('opacity') ?? /^opacity\(([^)]*)\)$/.exec(style.get('filter') ?? '')?.[1]
  return opacity !== undefined && numberOf(opacity) < (opacity.endsWith('%') ? 5 : 0.05)
}

const FAR = 900

function isOffscreen(style: Style): boolean {
  if (isFarAway(style.get('text-indent')) || isFarAway(style.get('margin-left'))) return true
  if (moves(style).some(isFarAway)) return true
  if (!/^(?:absolute|fixed|relative)$/.test(style.get('position') ?? '')) return false
  const sides = ['left', 'top', 'right', 'bottom'].map((side) => style.get(side) ?? '')
  const inset = (style.get('inset') ?? '').split(' ')
  return [...sides, ...inset].some(isFarOut)
}

/** Before the page begins. */
function isFarAway(value: string | undefined): boolean {
  return value?.startsWith('-') === true && isFarOut(value)
}

function isFarOut(value: string): boolean {
  const [, size = '', unit = ''] = /^[+-]?([\d.]+)(px|em|rem|pt|vw|vh|%)$/.exec(value) ?? []
  if (unit === '%' || unit === 'vw' || unit === 'vh') return value.startsWith('-') && Number(size) >= 100
  return size !== '' && Number(size) * (unit === 'em' || unit === 'rem' ? 16 : 1) >= FAR
}

/** Where a transform takes it. */
function moves(style: Style): readonly string[] {
  const [, by = ''] = /^translate(?:x|y|3d)?\(([^)]*)\)/.exec(style.get('transform') ?? '') ?? []
  return [...by.split(','), ...(style.get('translate') ?? '').split(' ')].map((part) => part.trim())
}

function isShrunk(style: Style): boolean {
  const [, to] = /^scale(?:x|y|3d)?\(([^,)]*)/.exec(style.get('transform') ?? '') ?? []
  const scale = to ?? style.get('scale')?.split(' ')[0]
  return scale !== undefined && numberOf(scale) === 0
}

function isClipped(style: Style): boolean {
  const [, sides] = /^rect\(([^)]*)\)$/.exec(style.get('clip') ?? '') ?? []
  if (sides !== undefined && style.get('position') !== undefined) {
    if (new Set(sides.split(/[\s,]+/).map(numberOf)).size === 1 && !sides.includes('auto')) return true
  }
  const path = style.get('clip-path') ?? style.get('-webkit-clip-path') ?? ''
  const [, inset = ''] = /^inset\(([\d.]+)%/.exec(path) ?? []
  return Number(inset) >= 50 || /^circle\(0/.test(path) || /^polygon\((?:0(?:px|%)? 0(?:px|%)?(?:, ?)?)+\)$/.test(path)
}

/** Nothing of it fits, and what does not fit is cut off. */
function hasNoRoom(style: Style): boolean {
  const cut = ['overflow', 'overflow-x', 'overflow-y'].some((name) => /^(?:hidden|clip)/.test(style.get(name) ?? ''))
  if (!cut) return false
  const sizes = ['width', 'height', 'max-width', 'max-height'].map((name) => style.get(name))
  return sizes.some((size) => size !== undefined && (isZero(size) || /^1px$/.test(size)))
}

function lookOf(name: string, attributes: Attributes, style: Style | null, around: Look): Look {
  const ground = groundOf(name, attributes, style, around)
  const said = style?.get('-webkit-text-fill-color') ?? style?.get('color') ?? fontColour(name, attributes)
  const colour = said === undefined || said === 'inherit' ? around.colour : colourOf(said)
  const visibility = style?.get('visibility')
  const size = style?.get('font-size')
  const isSame = ground === around.ground && colour === around.colour && visibility === undefined && size === undefined
  if (isSame) return around
  return {
    isInvisible: visibility === undefined ? around.isInvisible : /^(?:hidden|collapse)$/.test(visibility),
    hasNoSize: size === undefined ? around.hasNoSize : isTiny(size, around.hasNoSize),
    colour,
    ground,
  }
}

function fontColour(name: string, attributes: Attributes): string | undefined {
  return name === 'font' ? attributes.get('color')?.trim().toLowerCase() : undefined
}

/** A class may give any, and so may a picture. */
function groundOf(name: string, attributes: Attributes, style: Style | null, { ground }: Look): Colour | null {
  const said = style?.get('background-color') ?? style?.get('background') ?? attributes.get('bgcolor')?.toLowerCase()
  if (said === undefined) return GROUNDED.has(name) || attributes.has('class') ? null : ground
  const colour = colourOf(said.replace(/ none$/, ''))
  return colour !== null && colour.alpha === 0 ? ground : colour?.alpha === 1 ? colour : null
}

/** Of a share of nothing, nothing is left. */
function isTiny(size: string, isAround: boolean): boolean {
  const value = size.replace(/^calc\(([^()]*)\)$/, '$1')
  if (/(?:em|%)$/.test(value) && !value.endsWith('rem') && isAround) return true
  return isZero(value) || (/px|pt$/.test(value) && numberOf(value) <= 1)
}

function isZero(value: string): boolean {
  return /^[+-]?0*\.?0+(?:px|em|rem|pt|%|vh|vw)?$/.test(value)
}

function numberOf(value: string): number {
  const number = Number.parseFloat(value)
  return Number.isNaN(number) ? 1 : number
}

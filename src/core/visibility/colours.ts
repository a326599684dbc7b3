/** Colours of CSS, as far as it takes to tell whether a text has the colour of its ground. */

/** Red, green, blue from 0 to 255, and alpha from 0 to 1. */
export interface Colour {
  readonly rgb: readonly [number, number, number]
  readonly alpha: number
}

const NAMED: ReadonlyMap<string, string> = new Map([
  ['white', 'ffffff'],
  ['black', '000000'],
  ['snow', 'fffafa'],
  ['ghostwhite', 'f8f8ff'],
  ['whitesmoke', 'f5f5f5'],
  ['ivory', 'fffff0'],
  ['red', 'ff0000'],
  ['green', '008000'],
  ['blue', '0000ff'],
  ['yellow', 'ffff00'],
  ['gray', '808080'],
  ['grey', '808080'],
  ['silver', 'c0c0c0'],
  ['navy', '000080'],
])
/** In each of red, green and blue: what no eye tells apart. */
const ALIKE = 6
/** Of a text that nobody reads. */
const FAINT = 0.05

/** Lower case, without spaces at its ends. Null for what is no colour, or one that can't be told. */
export function colourOf(value: string): Colour | null {
  if (value === 'transparent') return { rgb: [0, 0, 0], alpha: 0 }
  const hex = NAMED.get(value) ?? /^#([0-9a-f]{3,8})$/.exec(value)?.[1]
  if (hex !== undefined) return ofHex(hex)
  const [, space = '', inside = ''] = /^(rgb|hsl)a?\(([^()]*)\)$/.exec(value) ?? []
  const parts = inside.split(/[\s,/]+/).filter((part) => part !== '')
  if (parts.length !== 3 && parts.length !== 4) return null
  const alpha = parts[3] === undefined ? 1 : share(parts[3])
  const rgb = space === 'rgb' ? parts.slice(0, 3).map(channel) : ofHsl(parts)
  const [red, green, blue] = rgb ?? []
  if (red === undefined || green === undefined || blue === undefined) return null
  return [red, green, blue, alpha].some(Number.isNaN) ? null : { rgb: [red, green, blue], alpha }
}

export function isFaint({ alpha }: Colour): boolean {
  return alpha < FAINT
}

export function isAlike(one: Colour, other: Colour): boolean {
  return one.rgb.every((value, at) => Math.abs(value - (other.rgb[at] ?? 0)) <= ALIKE)
}

function ofHex(hex: string): Colour | null {
  const isShort = hex.length <= 4
  if (![3, 4, 6, 8].includes(hex.length)) return null
  const pairs = isShort ? [...hex].map((digit) => digit + digit) : (hex.match(/../g) ?? [])
  const [red = 0, green = 0, blue = 0, alpha = 255] = pairs.map((pair) => Number.parseInt(pair, 16))
  return { rgb: [red, green, blue], alpha: alpha / 255 }
}

function channel(text: string): number {
  return text.endsWith('%') ? (Number(text.slice(0, -1)) * 255) / 100 : Number(text)
}

function share(text: string): number {
  return text.endsWith('%') ? Number(text.slice(0, -1)) / 100 : Number(text)
}

/** Greys alone: of what has a hue, few write it so, and none to hide a text. */
function ofHsl([, saturation = '', lightness = '']: readonly string[]): readonly number[] | null {
  const light = share(lightness)
  const isGrey = share(saturation) === 0 || light === 0 || light === 1
  return isGrey ? [light * 255, light * 255, light * 255] : null
}

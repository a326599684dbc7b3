/** A house's colours, corrected until what is written in them and on them can be read: WCAG 2.2, 1.4.3 and 1.4.11. */

export interface Brand {
  /** `#rgb` or `#rrggbb`; anything else is taken for none. */
  readonly header?: string | undefined
  readonly primary?: string | undefined
}

export interface Palette {
  readonly header: string
  readonly onHeader: string
  /** Behind white or black text: buttons. */
  readonly fill: string
  readonly onFill: string
  /** As text and as lines on the page and its cards: links, the focus ring. */
  readonly accent: string
}

type Colour = readonly [number, number, number]

export const HEADER = '#243b53'
export const PRIMARY = '#2563eb'
/** What text has to stand out against its ground by. */
export const ENOUGH = 4.5

const WHITE: Colour = [255, 255, 255]
const BLACK: Colour = [0, 0, 0]
/** The darkest and the lightest ground of each theme that links stand on, as styles/ground.css has them. */
const GROUNDS: Readonly<Record<'light' | 'dark', readonly Colour[]>> = {
  light: [WHITE, [233, 237, 243]],
  dark: [
    [15, 20, 27],
    [40, 49, 61],
  ],
}
const STEP = 0.04

export function paletteOf({ header, primary }: Brand, theme: 'light' | 'dark'): Palette {
  const top = parsed(header) ?? (parsed(HEADER) as Colour)
  const house = parsed(primary) ?? (parsed(PRIMARY) as Colour)
  return {
    header: written(top),
    onHeader: written(readableOn(top)),
    fill: written(house),
    onFill: written(readableOn(house)),
    accent: written(corrected(house, theme)),
  }
}

/** From 1 to 21. */
export function contrast(one: string, other: string): number {
  return contrastOf(parsed(one) ?? BLACK, parsed(other) ?? BLACK)
}

/** One of the two always has 4.5: black where white has not. */
function readableOn(ground: Colour): Colour {
  return contrastOf(WHITE, ground) >= ENOUGH ? WHITE : BLACK
}

function corrected(colour: Colour, theme: 'light' | 'dark'): Colour {
  const target = theme === 'light' ? BLACK : WHITE
  for (let share = 0; share < 1; share += STEP) {
    const mixed = mix(colour, target, share)
    if (GROUNDS[theme].every((ground) => contrastOf(mixed, ground) >= ENOUGH)) return mixed
  }
  return target
}

function mix(from: Colour, to: Colour, share: number): Colour {
  const part = (at: 0 | 1 | 2): number => Math.round(from[at] + (to[at] - from[at]) * share)
  return [part(0), part(1), part(2)]
}

function contrastOf(one: Colour, other: Colour): number {
  const [bright, dim] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number]
  return (bright + 0.05) / (dim + 0.05)
}

function luminance([red, green, blue]: Colour): number {
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

function linear(part: number): number {
  const share = part / 255
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}

function parsed(text: string | undefined): Colour | null {
  const digits = /^#(?:([\da-f])([\da-f])([\da-f])|([\da-f]{2})([\da-f]{2})([\da-f]{2}))$/i.exec(text ?? '')?.slice(1)
  if (digits === undefined) return null
  const [red = 0, green = 0, blue = 0] = digits
    .filter((part) => part !== undefined)
    .map((part) => Number.parseInt(part.length === 1 ? part + part : part, 16))
  return [red, green, blue]
}

function written(colour: Colour): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

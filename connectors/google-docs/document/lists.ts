/** What stands before list items: a document says only which list and level an item is of, and each level's glyph. */
import { countAt, listAt, textAt, valueAt } from './json.ts'

export interface Glyph {
  readonly ordered: boolean
  readonly number: number
  /** As the page shows it, e.g. `2.1.`; empty for bullets. */
  readonly label: string
  /** Neither number nor symbol: a checkbox, of which nothing says whether it is ticked. */
  readonly blank: boolean
}

/** Lists go on behind what interrupts them, so a tab's numbers are counted in one place. */
export interface Numbering {
  /** Counts one more item. */
  next(listId: string, level: number): Glyph
}

/** Docs itself has nine levels. */
export const MAX_LEVEL = 8

const MOST = 99_999

const GLYPHS = new Map<string, (number: number) => string>([
  ['DECIMAL', String],
  ['ZERO_DECIMAL', (number) => String(number).padStart(2, '0')],
  ['ALPHA', (number) => letters(number)],
  ['UPPER_ALPHA', (number) => letters(number).toUpperCase()],
  ['ROMAN', (number) => roman(number)],
  ['UPPER_ROMAN', (number) => roman(number).toUpperCase()],
])

const ROMAN: readonly (readonly [number, string])[] = [
  ...([
    [1000, 'm'],
    [900, 'cm'],
    [500, 'd'],
    [400, 'cd'],
    [100, 'c'],
    [90, 'xc'],
  ] as const),
  ...([
    [50, 'l'],
    [40, 'xl'],
    [10, 'x'],
    [9, 'ix'],
    [5, 'v'],
    [4, 'iv'],
    [1, 'i'],
  ] as const),
]

/** @param lists a tab's `lists` */
export function createNumbering(lists: unknown): Numbering {
  const counted = new Map<string, (number | undefined)[]>()
  return {
    next(listId, level) {
      const levels = listAt(lists, listId, 'listProperties', 'nestingLevels')
      const counts = counted.get(listId) ?? []
      counted.set(listId, counts)
      const before = counts[level]
      counts[level] = before === undefined ? startOf(levels[level]) : Math.min(before + 1, MOST)
      counts.length = level + 1
      const type = textAt(levels[level], 'glyphType')
      const ordered = GLYPHS.has(type)
      return {
        ordered,
        number: counts[level] ?? 1,
        label: ordered ? labelOf(levels, level, counts) : '',
        blank: !ordered && levels[level] !== undefined && textAt(levels[level], 'glyphSymbol') === '',
      }
    },
  }
}

function startOf(level: unknown): number {
  return valueAt(level, 'startNumber') === undefined ? 1 : countAt(level, 'startNumber', 0, MOST)
}

/** `%0` in a format is the number of the outermost level, and so on. */
function labelOf(levels: readonly unknown[], level: number, counts: readonly (number | undefined)[]): string {
  const format = textAt(levels[level], 'glyphFormat') || `%${level}.`
  return format.slice(0, 100).replace(/%([0-8])/g, (_, digit: string) => {
    const at = Number(digit)
    const glyph = GLYPHS.get(textAt(levels[at], 'glyphType')) ?? String
    return glyph(counts[at] ?? startOf(levels[at]))
  })
}

/** a … z, aa, bb … */
function letters(number: number): string {
  const letter = String.fromCharCode(97 + ((number - 1 + 26) % 26))
  return letter.repeat(Math.min(1 + Math.floor((number - 1) / 26), 20) || 1)
}

function roman(number: number): string {
  if (number > 3999) return String(number)
  let left = number
  let text = ''
  for (const [value, sign] of ROMAN) {
    for (; left >= value; left -= value) text += sign
  }
  return text
}

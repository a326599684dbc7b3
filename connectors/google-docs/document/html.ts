/** Writing HTML, and counting what it can't say. */
import type { Losses } from '../../../src/core/document.ts'

export interface Tally {
  add(name: string): void
  losses(): Losses
}

export function createTally(): Tally {
  const counts = new Map<string, number>()
  return {
    add: (name) => void counts.set(name, (counts.get(name) ?? 0) + 1),
    losses: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

/** Counts a part of the document of a kind that didn't exist when this was written, by its name. */
export function tallyUnknown(element: unknown, known: readonly string[], tally: Tally): void {
  if (typeof element !== 'object' || element === null) return
  const unknown = Object.keys(element).find((key) => !known.includes(key))
  if (unknown !== undefined) tally.add(/^[a-zA-Z]{1,40}$/.test(unknown) ? `element:${unknown}` : 'element')
}

/** Where the line breaks that end the text begin. A pattern would look at each run of them again and again. */
export function endOfLines(text: string): number {
  let end = text.length
  while (text[end - 1] === '\n') end -= 1
  return end
}

const ENTITIES = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
])

/** For text and for attributes in double quotes. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => ENTITIES.get(sign) ?? sign)
}

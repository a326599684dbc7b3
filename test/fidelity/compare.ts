/** Holds what markdown says against what the page says. */
import type { StorageReading } from './read-storage.ts'
import { type Reading, squeeze, wordsOf } from './reading.ts'

export const MEASURES = ['words', 'headings', 'items', 'cells', 'code', 'links', 'images', 'unseen'] as const

export type Measure = (typeof MEASURES)[number]

interface Score {
  readonly expected: number
  readonly kept: number
  /** What is not there; for `unseen`, what is there and should not be. */
  readonly wrong: readonly string[]
}

export type Scores = Readonly<Record<Measure, Score>>

export function compare(page: StorageReading, markdown: Reading): Scores {
  return {
    words: keptOf(wordsOf(page.text), wordsOf(markdown.text)),
    headings: keptOf(page.headings, markdown.headings),
    items: keptOf(page.items, markdown.items),
    cells: keptOf(page.cells, markdown.cells),
    code: keptOf(page.code, markdown.code),
    links: keptOf(page.links.map(plainAddress), markdown.links.map(plainAddress)),
    images: keptOf(page.images.map(plainAddress), markdown.images.map(plainAddress)),
    unseen: unseenOf(page, markdown),
  }
}

/** Each expected one must be there as often as it is expected. */
export function keptOf(expected: readonly string[], actual: readonly string[]): Score {
  const left = new Map<string, number>()
  for (const one of actual) left.set(one, (left.get(one) ?? 0) + 1)
  const wrong = expected.filter((one) => {
    const count = left.get(one) ?? 0
    left.set(one, count - 1)
    return count <= 0
  })
  return { expected: expected.length, kept: expected.length - wrong.length, wrong }
}

/** A value that the page does not show must not be in the output, unless the page shows the same elsewhere. */
function unseenOf(page: StorageReading, markdown: Reading): Score {
  const shown = everything(page)
  const said = everything(markdown)
  const wrong = page.unseen.filter((value) => said.includes(value) && !shown.includes(value))
  return { expected: page.unseen.length, kept: page.unseen.length - wrong.length, wrong }
}

function everything(reading: Reading): string {
  const sources = [...reading.links, ...reading.images].map(plainAddress)
  return squeeze([reading.text, ...reading.code, ...sources].join(' '))
}

/** One spelling of an address: percent signs decoded, the slash after a host written. */
export function plainAddress(address: string): string {
  const written = URL.parse(address.trim())?.href ?? address.trim()
  try {
    return decodeURIComponent(written)
  } catch {
    return written
  }
}

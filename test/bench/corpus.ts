/** Pages of a corpus, and seeded copies of them in any number. */
import { readFileSync, writeFileSync } from 'node:fs'

export interface Page {
  readonly title: string
  readonly html: string
}

export interface Corpus {
  /** In a fixed order that mixes the origins. */
  readonly pages: readonly Page[]
  /** The distinct words of all pages, for the copies. */
  readonly words: readonly string[]
  /** What there is of each origin, for people. */
  readonly origins: readonly string[]
}

const TAG_ENTITY_OR_WORD = /<[^>]*>|&[#\w]+;|\p{L}{4,}/gu
const SHARE_SWAPPED = 0.08
const SHARE_NEW = 0.04

/** For the other processes: to read all the origins takes as long as some of what is measured. */
export function saveCorpus(corpus: Corpus, path: string): void {
  writeFileSync(path, JSON.stringify(corpus))
}

export function loadCorpus(path: string): Corpus {
  return JSON.parse(readFileSync(path, 'utf8'))
}

/**
 * The page number `index`, the same at every call, the originals again and again with other words: 8 % are swapped for
 * words of other pages and 4 % for words seen nowhere, as a growing collection goes on to bring new ones.
 */
export function copyOf({ pages, words }: Corpus, index: number): Page {
  const { title, html } = pages[index % pages.length] as Page
  const random = randomFrom(index + 1)
  const altered = html.replace(TAG_ENTITY_OR_WORD, (found) => {
    if (found.startsWith('<') || found.startsWith('&')) return found
    const chance = random()
    if (chance < SHARE_NEW) return [...found].sort(() => random() - 0.5).join('')
    return chance < SHARE_NEW + SHARE_SWAPPED ? (words[Math.floor(random() * words.length)] ?? found) : found
  })
  return { title: `${title} ${index}`, html: altered }
}

export function* copies(corpus: Corpus, from: number, count: number): Generator<Page> {
  for (let index = from; index < from + count; index++) yield copyOf(corpus, index)
}

/** Mulberry32: numbers from 0 to 1, the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1)
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

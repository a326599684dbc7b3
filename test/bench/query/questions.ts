/** What is asked, in seeded groups, each of which costs an index something else. */
import { randomFrom } from '../corpus.ts'
import { documents, type Originals, SHARES } from './corpus.ts'

export interface Question {
  readonly text: string
  readonly label?: string
  readonly isUnfinished?: boolean
  /** For those who have to be told. */
  readonly mode?: 'phrase' | 'prefix' | 'typo'
}

export type Kind =
  | 'keywords'
  | 'common words'
  | '8 terms'
  | 'filter to 1 %'
  | 'filter to 50 %'
  | 'phrase'
  | 'prefix'
  | 'typo'

export const JUDGED: readonly Kind[] = ['common words', '8 terms', 'filter to 1 %', 'filter to 50 %']

const WORD = /\p{L}{2,}/gu
const READ_CHUNKS = 20_000
const MOST_COMMON = 100

/** @param read texts that words are taken from: to cut and to alter them takes a while */
export function questions(
  originals: Originals,
  each: number,
  read: number = READ_CHUNKS,
): ReadonlyMap<Kind, readonly Question[]> {
  const random = randomFrom(77)
  const texts = [...documents(originals, read)].flatMap(({ chunks }) =>
    chunks.map(({ text }) => text.match(WORD) ?? []),
  )
  const long = texts.filter(({ length }) => length > 40)
  const common = mostCommon(texts)
  const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)] as T
  const run = (length: number) => {
    const words = pick(long)
    const from = Math.floor(random() * (words.length - length))
    return words.slice(from, from + length)
  }
  const many = (make: () => Question) => Array.from({ length: each }, make)
  const sentence = () => run(8).join(' ')
  return new Map([
    [
      'keywords',
      many(() => ({
        text: [...new Set(run(40))]
          .filter((word) => word.length > 5)
          .slice(0, 3)
          .join(' '),
      })),
    ],
    ['common words', many(() => ({ text: [pick(common), pick(common), pick(common)].join(' ') }))],
    ['8 terms', many(() => ({ text: sentence() }))],
    ['filter to 1 %', many(() => ({ text: sentence(), label: SHARES['1 %'] }))],
    ['filter to 50 %', many(() => ({ text: sentence(), label: SHARES['50 %'] }))],
    ['phrase', many(() => ({ text: `"${run(3).join(' ')}"`, mode: 'phrase' }))],
    ['prefix', many(() => ({ text: begun(run(2), random), mode: 'prefix', isUnfinished: true }))],
    ['typo', many(() => ({ text: misspelt(run(30), random), mode: 'typo' }))],
  ])
}

function mostCommon(texts: readonly (readonly string[])[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const words of texts) {
    for (const word of new Set(words.map((one) => one.toLowerCase()))) counts.set(word, (counts.get(word) ?? 0) + 1)
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_COMMON)
    .map(([word]) => word)
}

/** The last word's first one to four letters. */
function begun([first = '', second = '']: readonly string[], random: () => number): string {
  return `${first} ${second.slice(0, 1 + Math.floor(random() * 4))}`
}

/** A long word of a text with two neighbouring letters swapped, and another. */
function misspelt(words: readonly string[], random: () => number): string {
  const [first = 'configuration', second = ''] = words.filter(({ length }) => length > 6)
  const at = 1 + Math.floor(random() * (first.length - 3))
  return `${first.slice(0, at)}${first[at + 1]}${first[at]}${first.slice(at + 2)} ${second}`
}

/** Documents in any number, as a sync would store them: real pages again and again, each time with other words in some places. */
import { chunkAnalyser, type Language, languageOf } from '../../../src/analysis/analyse.ts'
import { chunk } from '../../../src/chunk/chunk.ts'
import type { Chunk, Head, IndexedDocument } from '../../../src/core/document.ts'
import { toMarkdown } from '../../../src/markdown/from-html.ts'
import { recipeOf } from '../../../src/sync/prepare.ts'
import { type Corpus, randomFrom } from '../corpus.ts'
import { readCorpus } from '../origins.ts'

export const SOURCE = 'bench'

/** Labels by the share of the documents that carry them. */
export const SHARES = { '1 %': 'one-percent', '50 %': 'half' } as const

/** What copies are made of. */
export interface Originals {
  readonly pages: readonly Original[]
  readonly words: readonly string[]
}

interface Original {
  readonly title: string
  readonly language: Language
  readonly chunks: readonly Chunk[]
}

const RECIPE = recipeOf({ redact: null })
const WORD = /\p{L}{4,}/gu
/** Of the longer words of a copy: taken from other pages, and seen nowhere else. */
const SHARE_SWAPPED = 0.1
const SHARE_NEW = 0.01
const DAY_MS = 86_400_000

export function readOriginals({ pages, words }: Corpus = readCorpus()): Originals {
  return { words, pages: pages.map(({ title, html }, at) => originalOf(`${SOURCE}:${at}`, title, html)) }
}

/** Documents until they have so many chunks, the same for the same number. */
export function* documents({ pages, words }: Originals, chunks: number): Generator<IndexedDocument> {
  for (let at = 0, made = 0; made < chunks; at++) {
    const original = pages[at % pages.length]
    if (original === undefined || original.chunks.length === 0) continue
    const document = copyOf(original, words, at)
    made += document.chunks.length
    yield document
  }
}

function originalOf(id: string, title: string, html: string): Original {
  const { markdown } = toMarkdown({ html })
  return { title, language: languageOf(undefined, markdown), chunks: chunk(id, markdown) }
}

function copyOf({ title, language, chunks }: Original, words: readonly string[], at: number): IndexedDocument {
  const random = randomFrom(at + 1)
  const head = headOf(`${altered(title, words, random)} ${at}`, at)
  const analyse = chunkAnalyser(head.title, language)
  let end = 0
  const copies = chunks.map((original, ordinal) => {
    const text = altered(original.text, words, random)
    const start = ordinal === 0 ? 0 : end + 2
    end = start + text.length
    const piece = { ...original, id: `${head.id}#${ordinal}`, ordinal, text, start, end }
    return { ...piece, terms: analyse(piece) }
  })
  const markdown = copies.map(({ text }) => text).join('\n\n')
  return { source: SOURCE, head, markdown, losses: {}, recipe: RECIPE, language, chunks: copies }
}

/** One in three is for staff only. */
function headOf(title: string, at: number): Head {
  const labels = [...(at % 100 === 7 ? [SHARES['1 %']] : []), ...(at % 2 === 0 ? [SHARES['50 %']] : [])]
  return {
    id: `${SOURCE}:${at}`,
    version: '1',
    title,
    url: `https://help.example/${at}`,
    updatedAt: new Date(Date.UTC(2020, 0, 1) + (at % 2000) * DAY_MS).toISOString(),
    path: ['Help', `Section ${at % 50}`],
    kind: at % 5 === 0 ? 'page' : 'article',
    labels,
    access: at % 3 === 0 ? ['group:staff'] : 'public',
  }
}

function altered(text: string, words: readonly string[], random: () => number): string {
  return text.replace(WORD, (word) => {
    const chance = random()
    if (chance < SHARE_NEW) return scrambled(word, random)
    return chance < SHARE_NEW + SHARE_SWAPPED ? (words[Math.floor(random() * words.length)] ?? word) : word
  })
}

function scrambled(word: string, random: () => number): string {
  const letters = [...word]
  for (let at = letters.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    const letter = letters[at] ?? ''
    letters[at] = letters[other] ?? ''
    letters[other] = letter
  }
  return letters.join('')
}

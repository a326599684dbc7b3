/**
 * Questions whose answers are known, made of what an index holds: a ticket that links an article asks for it, and a
 * heading that stands in one document only asks for that. The same documents give the same questions.
 */
import { analyse, isLanguage } from '../../analysis/analyse.ts'
import { plainText } from '../../analysis/plain-text.ts'
import { wordsOf } from '../../analysis/words.ts'
import type { StoredDocument } from '../../core/document.ts'
import { tellingNothing } from '../question-words.ts'

export interface MadeQuestion {
  readonly id: string
  readonly text: string
  readonly language: string
  /** Ids of the documents that answer it, sorted. */
  readonly answers: readonly string[]
}

export interface Made {
  readonly ofTickets: readonly MadeQuestion[]
  readonly ofHeadings: readonly MadeQuestion[]
}

export type Given = Pick<StoredDocument, 'head' | 'markdown' | 'language'> & {
  /** The heading path of each passage, outermost first. */
  readonly headings: readonly (readonly string[])[]
}

/** In UTF-16 code units: as much of a ticket as a person would type. */
const LONGEST_QUESTION = 300
/** Of one document: a long handbook is not to be all of it. */
const MOST_OF_A_DOCUMENT = 3
/** Of words that tell something: one, or two short ones, could be of anything. */
const LEAST_WORDS = 2
const LEAST_LETTERS = 10

const LINK = /\]\(<?(https?:\/\/[^\s)>]+)|(?<![(<\w])(https?:\/\/[^\s)>\]]+)|<(https?:\/\/[^\s>]+)>/g
const PLACEHOLDER = /\[[A-Z][A-Z_]*_\d+\]/g

/** @param documents of what may be asked about, without repeats, in any order */
export function madeQuestions(documents: readonly Given[]): Made {
  const sorted = documents.toSorted((a, b) => (a.head.id < b.head.id ? -1 : 1))
  return { ofTickets: ofTickets(sorted), ofHeadings: ofHeadings(sorted) }
}

function ofTickets(documents: readonly Given[]): readonly MadeQuestion[] {
  const articles = documents.filter(({ head }) => head.kind !== 'ticket')
  const places = Map.groupBy(articles, ({ head }) => placeOf(head.url))
  return documents.flatMap((document) => {
    if (document.head.kind !== 'ticket') return []
    const links = [...document.markdown.matchAll(LINK)].map((found) => found[1] ?? found[2] ?? found[3] ?? '')
    const answers = new Set(links.flatMap((link) => places.get(placeOf(link)) ?? []).map(({ head }) => head.id))
    const text = questionOf(document.markdown)
    if (answers.size === 0 || !isTelling(text, document.language)) return []
    return [{ id: `ticket:${document.head.id}`, text, language: document.language, answers: [...answers].sort() }]
  })
}

/** The address without what may differ between two links to the same article: its title, a place in it, who counts clicks. */
function placeOf(url: string): string {
  const parsed = URL.parse(url)
  if (parsed === null) return url
  const path = parsed.pathname.replace(/(\/articles\/\d+)-[^/]*/, '$1').replace(/(?<![/.,;:!?])[/.,;:!?]+$/, '')
  const page = parsed.searchParams.get('pageId')
  return `${parsed.host}${path}${page === null ? '' : `?${page}`}`
}

/** What the ticket's author wrote first, without what stands for personal data and without links. */
function questionOf(markdown: string): string {
  const [, first = ''] = /^## [^\n]*\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(markdown) ?? []
  const { body } = plainText(first)
  const text = body.replace(LINK, ' ').replace(PLACEHOLDER, ' ').replace(/\s+/g, ' ').trim()
  if (text.length <= LONGEST_QUESTION) return text
  return text.slice(0, LONGEST_QUESTION + 1).replace(/\s+\S*$/, '')
}

function ofHeadings(documents: readonly Given[]): readonly MadeQuestion[] {
  const pages = documents.filter(({ head }) => head.kind !== 'ticket')
  const holders = new Map<string, Set<string>>()
  for (const { head, headings } of pages) {
    const names = [head.title, ...headings.flat()]
    for (const name of names) holders.set(keyOf(name), (holders.get(keyOf(name)) ?? new Set()).add(head.id))
  }
  return pages.flatMap(({ head, headings, language }) => {
    const paths = new Map<string, string>()
    for (const path of headings) {
      const last = keyOf(path.at(-1) ?? '')
      const isAlone = holders.get(last)?.size === 1 && last !== keyOf(head.title)
      if (isAlone && isTelling(last, language) && !paths.has(last)) paths.set(last, path.map(plainName).join(' '))
    }
    const texts = [...paths.values()].slice(0, MOST_OF_A_DOCUMENT)
    return texts.map((text, at) => ({ id: `heading:${head.id}:${at + 1}`, text, language, answers: [head.id] }))
  })
}

function isTelling(text: string, language: string): boolean {
  const known = isLanguage(language) ? language : 'en'
  const nothing = tellingNothing([known])
  const words = wordsOf(text).filter(
    (word) => /\p{L}/u.test(word) && !analyse(word, known).some((token) => nothing.has(token)),
  )
  return words.length >= LEAST_WORDS && words.join('').length >= LEAST_LETTERS
}

function plainName(heading: string): string {
  return plainText(heading).body.replace(PLACEHOLDER, ' ').replace(/\s+/g, ' ').trim()
}

function keyOf(heading: string): string {
  return wordsOf(plainName(heading)).join(' ').toLowerCase()
}

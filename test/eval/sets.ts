/** The shared retrieval sets, and questions to them with words inflected, misspelt, or without accents. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fold } from '../../src/analysis/fold.ts'
import { stem } from '../../src/analysis/stem.ts'
import { wordsOf } from '../../src/analysis/words.ts'
import { linesOf } from '../../src/query/evaluation/lines.ts'
import type { Judgements } from '../../src/query/evaluation/measures.ts'
import { parseDocument, parseQuestions, type Question } from '../../src/query/evaluation/questions.ts'
import { mulberry32 } from '../../src/query/evaluation/significance.ts'
import { parseQrels } from '../../src/query/evaluation/trec.ts'

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'shared', 'samples', 'retrieval')
export const SETS = ['stackfaq-en', 'cnil-faq-fr', 'vue-docs-fr2en'] as const
export const SAMPLES = process.env['UNSILO_RETRIEVAL'] ?? FOLDER

/** Words of five letters and more. */
const STRETCH = 25

export interface Questions {
  readonly questions: readonly Question[]
  readonly judgements: Judgements
}

export interface TestSet extends Questions {
  readonly name: string
  readonly corpus: string
}

/** Null where the folder is absent. */
export function readSet(name: string): TestSet | null {
  const folder = join(SAMPLES, name)
  if (!existsSync(folder)) return null
  const read = (file: string) => readFileSync(join(folder, file), 'utf8')
  const questions = parseQuestions(read('queries.jsonl'), `${name}/queries.jsonl`)
  const judgements = parseQrels(read('qrels.tsv'), `${name}/qrels.tsv`)
  return { name, corpus: join(folder, 'corpus.jsonl'), questions, judgements }
}

/**
 * Of a stretch of 25 words of a text, the three that the fewest documents have and of which the corpus holds another
 * inflection, each replaced by one; what is looked for is the text. Words of the same snowball stem are inflections: this
 * measures what the stemmer and the folding around it keep together, not whether they are right to. `asWritten` are the
 * same words as the text has them.
 */
export function inflected(set: TestSet, count: number): Questions & { readonly asWritten: Questions } {
  const documents = linesOf(readFileSync(set.corpus, 'utf8'), set.corpus).map(parseDocument)
  const random = mulberry32(11)
  const texts = documents.map(({ id, text }) => ({
    id,
    words: wordsOf(text).filter((word) => /^\p{L}{5,}$/u.test(word)),
  }))
  const rich = texts.filter(({ words }) => words.length >= STRETCH)
  const forms = formsOf(texts.flatMap(({ words }) => words))
  const holding = Map.groupBy(
    texts.flatMap(({ words }) => [...new Set(words.map(stemOf))]),
    (stem) => stem,
  )
  const rarity = (word: string) => holding.get(stemOf(word))?.length ?? 0
  const asked: Question[] = []
  const written: Question[] = []
  const judgements = new Map<string, Map<string, number>>()
  while (asked.length < count) {
    const { id, words } = pick(rich, random)
    const from = Math.floor(random() * (words.length - STRETCH + 1))
    const changing = words.slice(from, from + STRETCH).filter((word) => others(word, forms).length > 0)
    const distinct = [...new Map(changing.map((word) => [stemOf(word), word])).values()]
    const telling = distinct.sort((a, b) => rarity(a) - rarity(b)).slice(0, 3)
    const question = { id: `i${asked.length}`, language: 'fr' }
    written.push({ ...question, text: telling.join(' ') })
    asked.push({ ...question, text: telling.map((word) => pick(others(word, forms), random)).join(' ') })
    judgements.set(question.id, new Map([[id, 1]]))
  }
  return { questions: asked, judgements, asWritten: { questions: written, judgements } }
}

/** One in so many of the questions. */
export function sampled({ questions, judgements }: Questions, share: number): Questions {
  return { judgements, questions: questions.filter((_, at) => at % share === 0) }
}

/** One letter of one word of at least five is doubled, dropped, changed, or swapped with its neighbour. */
export function misspelt({ questions, judgements }: Questions): Questions {
  const random = mulberry32(23)
  return {
    judgements,
    questions: questions.map((question) => ({ ...question, text: withTypo(question.text, random) })),
  }
}

export function withoutAccents({ questions, judgements }: Questions): Questions {
  const bare = (text: string) => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '')
  return { judgements, questions: questions.map((question) => ({ ...question, text: bare(question.text) })) }
}

function formsOf(words: readonly string[]): ReadonlyMap<string, readonly string[]> {
  return Map.groupBy([...new Set(words.map((word) => word.toLowerCase()))].sort(), stemOf)
}

function others(word: string, forms: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const own = fold(word)
  return (forms.get(stemOf(word)) ?? []).filter((form) => fold(form) !== own)
}

function stemOf(word: string): string {
  return stem(fold(word), 'fr')
}

function withTypo(text: string, random: () => number): string {
  const words = [...text.matchAll(/\p{L}{5,}/gu)]
  if (words.length === 0) return text
  const { 0: word, index } = pick(words, random)
  return text.slice(0, index) + misspeltWord(word, random) + text.slice(index + word.length)
}

function misspeltWord(word: string, random: () => number): string {
  const at = Math.floor(random() * (word.length - 1))
  const [before, letter, next, after] = [word.slice(0, at), word[at], word[at + 1], word.slice(at + 2)]
  const other = String.fromCharCode(97 + Math.floor(random() * 26))
  const typos = [`${letter}${letter}${next}`, `${next}`, `${other}${next}`, `${next}${letter}`]
  return `${before}${pick(typos, random)}${after}`
}

function pick<T>(items: readonly T[], random: () => number): T {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('there is nothing to pick from')
  return item
}

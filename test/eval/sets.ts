/** The shared retrieval sets, and questions to them with words inflected, misspelt, or without accents. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { languageOf } from '../../src/analysis/analyse.ts'
import { fold } from '../../src/analysis/fold.ts'
import { stem } from '../../src/analysis/stem.ts'
import { wordsOf } from '../../src/analysis/words.ts'
import { linesOf } from '../../src/query/evaluation/lines.ts'
import type { Judgements } from '../../src/query/evaluation/measures.ts'
import { parseDocument, parseQuestions, type Question } from '../../src/query/evaluation/questions.ts'
import { parseQrels } from '../../src/query/evaluation/trec.ts'

const FOLDER = join(import.meta.dirname, '..', '..', '..', 'shared', 'samples', 'retrieval')
export const SAMPLES = process.env['UNSILO_RETRIEVAL'] ?? FOLDER

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
 * Three words that stand one after the other in a text, each replaced by another inflection that the corpus holds; what
 * is looked for is the text. Words of the same snowball stem are inflections: this measures what the stemmer and the
 * folding around it keep together, not whether they are right to.
 */
export function inflected(set: TestSet, count: number): Questions {
  const documents = linesOf(readFileSync(set.corpus, 'utf8'), set.corpus).map(parseDocument)
  const random = generator(11)
  const texts = documents.map(({ id, text }) => ({
    id,
    words: wordsOf(text).filter((word) => /^\p{L}{5,}$/u.test(word)),
  }))
  const forms = formsOf(texts.flatMap(({ words }) => words))
  const changing = texts.map(({ id, words }) => ({ id, words: words.filter((word) => others(word, forms).length > 0) }))
  const rich = changing.filter(({ words }) => words.length >= 3)
  const questions: Question[] = []
  const judgements = new Map<string, Map<string, number>>()
  for (let at = 0; at < count; at++) {
    const { id, words } = pick(rich, random)
    const from = Math.floor(random() * (words.length - 2))
    const text = words
      .slice(from, from + 3)
      .map((word) => pick(others(word, forms), random))
      .join(' ')
    questions.push({ id: `i${at}`, text, language: 'fr' })
    judgements.set(`i${at}`, new Map([[id, 1]]))
  }
  return { questions, judgements }
}

/** One letter of one word of at least five is doubled, dropped, changed, or swapped with its neighbour. */
export function misspelt({ questions, judgements }: Questions): Questions {
  const random = generator(23)
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
  const forms = new Map<string, Set<string>>()
  for (const word of words) {
    const folded = fold(word)
    const key = stem(folded, languageOf('fr', ''))
    forms.set(key, (forms.get(key) ?? new Set()).add(word.toLowerCase()))
  }
  return new Map([...forms].map(([key, found]) => [key, [...found].sort()]))
}

function others(word: string, forms: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const own = fold(word)
  return (forms.get(stem(own, 'fr')) ?? []).filter((form) => fold(form) !== own)
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

/** mulberry32 */
function generator(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

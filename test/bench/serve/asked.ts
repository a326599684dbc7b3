/**
 * What a Help space is asked, seeded: mostly what readers are typing, which is asked for key by key, beside whole
 * questions of other readers and of an AI.
 */
import { randomFrom } from '../corpus.ts'
import { type Originals, SHARES } from '../query/corpus.ts'
import { type Question, questions } from '../query/questions.ts'

export interface Asked extends Question {
  readonly as: Way
}

const WAYS = {
  typing: 0.65,
  keywords: 0.1,
  question: 0.15,
  typo: 0.05,
  filtered: 0.05,
} as const

export type Way = keyof typeof WAYS

/** Readers who type at the same time: each with five keys a second they make up their share of 50 questions. */
const TYPISTS = 7
/** Of each kind, so that hardly any is asked twice. */
const EACH = 8000

/**
 * Question after question, the same each time.
 *
 * @param texts that they are words of
 */
export function asked(originals: Originals, texts: number): () => Asked {
  const random = randomFrom(50)
  const kinds = questions(originals, EACH, texts)
  const [keywords = [], sentences = [], typos = []] = (['keywords', '8 terms', 'typo'] as const).map((kind) =>
    kinds.get(kind),
  )
  const pick = (all: readonly Question[]) => all[Math.floor(random() * all.length)] as Question
  const typists = Array.from({ length: TYPISTS }, () => keysOf(() => pick(keywords).text))
  const make: Readonly<Record<Way, () => Question>> = {
    typing: () => ({ text: (typists[Math.floor(random() * TYPISTS)] ?? typists[0])?.() ?? '', isUnfinished: true }),
    keywords: () => pick(keywords),
    question: () => pick(sentences),
    typo: () => pick(typos),
    filtered: () => ({ ...pick(sentences), label: SHARES['50 %'] }),
  }
  return () => {
    const as = wayAt(random())
    return { ...make[as](), as }
  }
}

function wayAt(chance: number): Way {
  let sum = 0
  for (const [way, share] of Object.entries(WAYS)) {
    sum += share
    if (chance < sum) return way as Way
  }
  return 'typing'
}

/** What stands in the field after each key, text after text. A space behind a word tells nothing new. */
function keysOf(next: () => string): () => string {
  let text = next()
  let typed = 0
  return () => {
    typed++
    if (text[typed - 1] === ' ') typed++
    if (typed > text.length) {
      text = next()
      typed = 1
    }
    return text.slice(0, typed)
  }
}

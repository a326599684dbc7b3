/**
 * `npm run answers [-- --quick]`: whether questions are answered by sentences of a document that answers them, and
 * questions that nothing answers are not: those of one shared retrieval set, asked of another. `--sweep` prints the same
 * for other thresholds, for the table in src/query/README.md. Exits 1 when a target is missed.
 */
import { corpusId, indexCorpus } from '../../src/cli/eval-corpus.ts'
import type { Index } from '../../src/core/store.ts'
import { answer, THRESHOLD } from '../../src/query/answer.ts'
import { percentile } from '../../src/query/evaluation/evaluate.ts'
import { meanOf } from '../../src/query/evaluation/measures.ts'
import { readSet, SAMPLES, type TestSet } from '../eval/sets.ts'

/** Questions to the first two have answers; the third has headings, which ask the others only. */
const ASKED = ['stackfaq-en', 'cnil-faq-fr'] as const
const ASKING = [...ASKED, 'vue-docs-fr2en'] as const
const QUICK_QUESTIONS = 60
const THRESHOLDS = [0.3, 0.35, 0.4, 0.45, THRESHOLD, 0.55, 0.6]

interface Asked {
  readonly set: string
  readonly from: string
  readonly support: number
  /** The first sentence is of a document that answers. */
  readonly isRight: boolean
}

interface Figure {
  readonly name: string
  readonly value: number
  readonly least: number
}

/** For each set: of its own questions answered, of those from the right document; of each other's, not answered, on average. */
const LEAST: Readonly<Record<string, readonly [answered: number, right: number, kept: number]>> = {
  'stackfaq-en': [0.45, 0.89, 0.95],
  'cnil-faq-fr': [0.5, 0.62, 0.89],
}

const isQuick = process.argv.includes('--quick')
let misquoted = 0
const times: number[] = []

async function main(): Promise<number> {
  const sets = ASKING.map(readSet).filter((set) => set !== null)
  if (sets.length < ASKING.length) {
    console.log(`answers: skipped, there are no retrieval sets at ${SAMPLES}`)
    return 0
  }
  const all: Asked[] = []
  for (const set of sets.filter(({ name }) => name in LEAST)) {
    const { store, remove } = await indexCorpus(set.corpus, new AbortController().signal)
    try {
      for (const other of sets) all.push(...(await ask(store, set, other)))
    } finally {
      await remove()
    }
  }
  if (process.argv.includes('--sweep')) for (const threshold of THRESHOLDS) print(figuresAt(threshold, all), threshold)
  return report(figuresAt(THRESHOLD, all))
}

async function ask(store: Index, set: TestSet, other: TestSet): Promise<readonly Asked[]> {
  const every = isQuick ? Math.ceil(other.questions.length / QUICK_QUESTIONS) : 1
  const asked: Asked[] = []
  for (const { id, text } of other.questions.filter((_, at) => at % every === 0)) {
    const start = performance.now()
    const { quotes, support } = await answer(store, { text, as: [] }, [], 0)
    times.push(performance.now() - start)
    for (const { hit, text, start, end } of quotes) {
      const stored = await store.document(hit.id, [])
      if (stored?.markdown.slice(start, end) !== text) misquoted++
    }
    const [first] = quotes
    const gain = first && set === other ? set.judgements.get(id)?.get(corpusId(first.hit.id)) : 0
    asked.push({ set: set.name, from: other.name, support, isRight: (gain ?? 0) > 0 })
  }
  return asked
}

function figuresAt(threshold: number, all: readonly Asked[]): readonly Figure[] {
  return ASKED.flatMap((set) => {
    const [least = 0, right = 0, kept = 0] = LEAST[set] ?? []
    const own = all.filter((asked) => asked.set === set && asked.from === set)
    const others = all.filter((asked) => asked.set === set && asked.from !== set)
    const answered = own.filter(({ support }) => support >= threshold)
    const refused = [...Map.groupBy(others, ({ from }) => from).values()].map((some) => shareBelow(some, threshold))
    return [
      { name: `${set} own questions answered`, value: answered.length / own.length, least },
      { name: `${set} from a document that answers`, value: shareRight(answered), least: right },
      { name: `${set} other sets' questions not answered`, value: meanOf(refused), least: kept },
    ]
  })
}

function shareRight(asked: readonly Asked[]): number {
  return asked.filter(({ isRight }) => isRight).length / Math.max(1, asked.length)
}

function shareBelow(asked: readonly Asked[], threshold: number): number {
  return asked.filter(({ support }) => support < threshold).length / asked.length
}

function print(figures: readonly Figure[], threshold: number): void {
  console.log([threshold.toFixed(2), ...figures.map(({ value }) => value.toFixed(3))].join('  '))
}

function report(figures: readonly Figure[]): number {
  const missed = figures.filter(({ value, least }) => value < least).length + (misquoted > 0 ? 1 : 0)
  for (const { name, value, least } of figures) {
    console.log(`${name.padEnd(50)}${value.toFixed(3)}  at least ${least}${value < least ? '  MISSED' : ''}`)
  }
  console.log(
    `sentences that are not stored so${' '.repeat(18)}${misquoted}  at most 0${misquoted > 0 ? '  MISSED' : ''}`,
  )
  const speed = `p50 ${percentile(times, 0.5).toFixed(1)} ms, p95 ${percentile(times, 0.95).toFixed(1)} ms a question`
  const verdict = missed === 0 ? 'all targets met' : `${missed} missed`
  console.log(`answers${isQuick ? ' --quick' : ''}: ${times.length} questions, ${speed}: ${verdict}`)
  return missed === 0 ? 0 : 1
}

process.exitCode = await main()

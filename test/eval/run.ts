/**
 * `npm run eval [-- --quick] [-- --json] [-- --parts]`: how well the shared retrieval sets are answered, by words alone,
 * and what inflection, a typo and missing accents cost. `--parts` measures the ranking without each of its parts
 * instead, for the table in src/query/README.md. Exits 1 when a target is missed.
 */
import { corpusId, indexCorpus } from '../../src/cli/eval-corpus.ts'
import type { Index } from '../../src/core/store.ts'
import { percentile } from '../../src/query/evaluation/evaluate.ts'
import { meanOf, measureOf, type Scored, valuesOf } from '../../src/query/evaluation/measures.ts'
import { RANKING, type Ranking } from '../../src/query/score.ts'
import { search } from '../../src/query/search.ts'
import { inflected, misspelt, type Questions, readSet, SAMPLES, sampled, type TestSet, withoutAccents } from './sets.ts'

interface Figure {
  readonly name: string
  readonly value: number
  /** Absent: printed only. */
  readonly least?: number
}

interface Answers {
  readonly value: number
  readonly times: readonly number[]
}

const TARGETS: Readonly<Record<string, number>> = { 'stackfaq-en': 0.78, 'cnil-faq-fr': 0.62, 'vue-docs-fr2en': 0.4 }
const KEPT_WITH_TYPO = 0.9
const KEPT_WITHOUT_ACCENTS = 0.99
const INFLECTED = { set: 'cnil-faq-fr', measure: 'recall@10', least: 0.88, questions: 1000 }
/** With --quick: one in so many of the questions that are changed, and at most so many that are not. */
const QUICK_SHARE = 10
const QUICK_QUESTIONS = 420

const isQuick = process.argv.includes('--quick')
const isJson = process.argv.includes('--json')

async function main(): Promise<number> {
  const sets = Object.keys(TARGETS).map(readSet)
  if (sets.some((set) => set === null)) {
    console.log(`eval: skipped, there are no retrieval sets at ${SAMPLES}`)
    return 0
  }
  const figures: Figure[] = []
  const times: number[] = []
  for (const set of sets) {
    if (set === null) continue
    const { store, remove } = await indexCorpus(set.corpus, new AbortController().signal)
    try {
      if (process.argv.includes('--parts')) await printParts(store, set)
      else figures.push(...(await measure(store, set, times)))
    } finally {
      await remove()
    }
  }
  return process.argv.includes('--parts') ? 0 : report(figures, times)
}

async function measure(store: Index, set: TestSet, times: number[]): Promise<readonly Figure[]> {
  const every = isQuick ? Math.ceil(set.questions.length / QUICK_QUESTIONS) : 1
  const all = await ask(store, sampled(set, every), 'ndcg@10')
  times.push(...all.times)
  const some = isQuick ? sampled(set, QUICK_SHARE) : set
  const plain = isQuick ? await ask(store, some, 'ndcg@10') : all
  const kept = async (changed: Questions) => (await ask(store, changed, 'ndcg@10')).value / plain.value
  const figures: Figure[] = [
    { name: `${set.name} ndcg@10`, value: all.value, least: TARGETS[set.name] ?? 0 },
    { name: `${set.name} kept with a typo`, value: await kept(misspelt(some)), least: KEPT_WITH_TYPO },
    { name: `${set.name} kept without accents`, value: await kept(withoutAccents(some)), least: KEPT_WITHOUT_ACCENTS },
  ]
  if (set.name !== INFLECTED.set) return figures
  const questions = inflected(set, isQuick ? INFLECTED.questions / QUICK_SHARE : INFLECTED.questions)
  const { value } = await ask(store, questions, INFLECTED.measure)
  const asWritten = await ask(store, questions.asWritten, INFLECTED.measure)
  return [
    ...figures,
    { name: `${set.name} inflected ${INFLECTED.measure}`, value, least: INFLECTED.least },
    { name: `${set.name} the same words as written`, value: asWritten.value },
  ]
}

async function ask(
  store: Index,
  { questions, judgements }: Questions,
  measure: string,
  ranking: Ranking = RANKING,
): Promise<Answers> {
  const run = new Map<string, Scored[]>()
  const times: number[] = []
  for (const { id, text } of questions) {
    const start = performance.now()
    const hits = await search(store, { text, as: [], limit: 10 }, ranking)
    times.push(performance.now() - start)
    run.set(
      id,
      hits.map((hit, at) => ({ id: corpusId(hit.id), score: hits.length - at })),
    )
  }
  const asked = new Map([...judgements].filter(([query]) => run.has(query)))
  return { value: meanOf(valuesOf(measureOf(measure), asked, run).values()), times }
}

/** Each question in every ranking, one behind the other: what the index says to it is read once. */
async function printParts(store: Index, set: TestSet): Promise<void> {
  const { questions, judgements } = isQuick ? sampled(set, QUICK_SHARE) : set
  const parts = Object.keys(RANKING) as (keyof Ranking)[]
  const rankings = [RANKING, ...parts.map((part) => ({ ...RANKING, [part]: 0 }))]
  const sums = rankings.map(() => 0)
  for (const question of questions) {
    const remembered = remembering(store)
    for (const [at, ranking] of rankings.entries()) {
      const { value } = await ask(remembered, { questions: [question], judgements }, 'ndcg@10', ranking)
      sums[at] = (sums[at] ?? 0) + value
    }
  }
  const judged = questions.filter(({ id }) => judgements.has(id)).length
  const [whole = 0, ...without] = sums.map((sum) => sum / judged)
  console.log(`${set.name.padEnd(16)}${'all parts'.padEnd(12)}${whole.toFixed(4)}`)
  for (const [at, part] of parts.entries()) {
    const value = without[at] ?? 0
    const brings = signed(whole - value)
    console.log(`${set.name.padEnd(16)}${part.padEnd(12)}${value.toFixed(4)} without, brings ${brings}`)
  }
}

function remembering(index: Index): Index {
  return {
    ...index,
    languages: once(index.languages),
    tokens: once(index.tokens),
    alike: once(index.alike),
    frequencies: once(index.frequencies),
    held: once(index.held),
    readable: once(index.readable),
    lexical: once(index.lexical),
    passages: once(index.passages),
    neighbours: once(index.neighbours),
  }
}

function once<A extends readonly unknown[], T>(read: (...asked: A) => Promise<T>): (...asked: A) => Promise<T> {
  const known = new Map<string, Promise<T>>()
  return (...asked) => {
    const key = JSON.stringify(asked)
    const found = known.get(key) ?? read(...asked)
    known.set(key, found)
    return found
  }
}

function report(figures: readonly Figure[], times: readonly number[]): number {
  const missed = figures.filter(({ value, least }) => least !== undefined && value < least)
  const latency = { p50: percentile(times, 0.5), p95: percentile(times, 0.95) }
  if (isJson) {
    console.log(JSON.stringify({ quick: isQuick, figures, latency, ok: missed.length === 0 }))
    return missed.length === 0 ? 0 : 1
  }
  for (const { name, value, least } of figures) {
    const verdict = value < (least ?? 0) ? '  MISSED' : ''
    console.log(
      `${name.padEnd(40)}${value.toFixed(4).padStart(8)}${least === undefined ? '' : `  at least ${least}`}${verdict}`,
    )
  }
  const verdict = missed.length === 0 ? 'all targets met' : `${missed.length} missed`
  const speed = `p50 ${latency.p50.toFixed(1)} ms, p95 ${latency.p95.toFixed(1)} ms a question`
  console.log(`eval${isQuick ? ' --quick' : ''}: ${figures.length} figures, ${speed}: ${verdict}`)
  return missed.length === 0 ? 0 : 1
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(4)}`
}

process.exitCode = await main()

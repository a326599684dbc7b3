/**
 * Whether a driver answers the shared retrieval sets as SQLite does: the same documents, put through the same query core, in
 * much the same order, and as well.
 */
import { CORPUS, corpusId, indexCorpus } from '../../src/cli/eval-corpus.ts'
import type { Store } from '../../src/core/store.ts'
import { askAll } from '../../src/query/evaluation/evaluate.ts'
import { meanOf, measureOf, type Run, valuesOf } from '../../src/query/evaluation/measures.ts'
import { remake } from '../../src/sync/remake.ts'
import type { Checked } from '../conformance/index-rounds.ts'
import { readSet, SAMPLES, SETS, sampled, type TestSet } from './sets.ts'

const DEPTH = 10
/** Of the top ten. */
const LEAST_OVERLAP = 0.8
const MOST_APART = 0.015
/** Documents a batch. */
const BATCH = 50

interface Agreement {
  readonly name: string
  readonly overlap: number
  /** Of questions whose answers are the very same, in the same order. */
  readonly same: number
  readonly ours: number
  readonly theirs: number
}

/**
 * @param open a place that holds nothing
 * @param questions of each set, at most
 */
export async function agreeWithSqlite(
  open: () => Promise<Store>,
  questions: number,
  names: readonly string[] = SETS,
): Promise<Checked> {
  const sets = names.map(readSet)
  if (sets.some((set) => set === null)) {
    return { figure: `rankings beside SQLite's: skipped, there are no retrieval sets at ${SAMPLES}`, missed: [] }
  }
  const found: Agreement[] = []
  for (const set of sets) if (set !== null) found.push(await agreementOn(set, open, questions))
  return { figure: `top 10 of SQLite's: ${found.map(told).join('; ')}`, missed: found.flatMap(missedBy) }
}

/** What one index holds of the retrieval set into another, made anew as a repair would. */
export async function fill(store: Store, from: Store): Promise<void> {
  const ids = await from.ids(CORPUS)
  for (let at = 0; at < ids.length; at += BATCH) {
    const documents = [...(await from.stored(ids.slice(at, at + BATCH))).values()]
    const put = documents.map(async (document) => remake(document, await from.chunks(document.head.id)))
    await store.apply({ source: CORPUS, put: await Promise.all(put), refresh: [], remove: [], failed: [] })
  }
}

/** @param depth documents a question */
export async function answersOf(store: Store, { questions }: Pick<TestSet, 'questions'>, depth = DEPTH): Promise<Run> {
  return (await askAll(store, questions, { as: [], depth, nameOf: corpusId, clock: () => 0 })).run
}

export function ndcgOf({ questions, judgements }: TestSet, run: Run): number {
  const asked = new Map([...judgements].filter(([id]) => questions.some((question) => question.id === id)))
  return meanOf(valuesOf(measureOf(`ndcg@${DEPTH}`), asked, run).values())
}

async function agreementOn(whole: TestSet, open: () => Promise<Store>, questions: number): Promise<Agreement> {
  const set = { ...whole, ...sampled(whole, Math.ceil(whole.questions.length / questions)) }
  const { store: sqlite, remove } = await indexCorpus(set.corpus, new AbortController().signal)
  const other = await open()
  try {
    await fill(other, sqlite)
    const [ours, theirs] = [await answersOf(sqlite, set), await answersOf(other, set)]
    const pairs = set.questions.map(({ id }) => [namesIn(ours, id), namesIn(theirs, id)] as const)
    return {
      name: set.name,
      overlap: meanOf(pairs.map(([a, b]) => overlapOf(a, b))),
      same: meanOf(pairs.map(([a, b]) => (a.join('\n') === b.join('\n') ? 1 : 0))),
      ours: ndcgOf(set, ours),
      theirs: ndcgOf(set, theirs),
    }
  } finally {
    await other.close()
    await remove()
  }
}

function namesIn(run: Run, question: string): readonly string[] {
  return (run.get(question) ?? []).map(({ id }) => id)
}

/** 1 where neither finds anything. */
function overlapOf(a: readonly string[], b: readonly string[]): number {
  const most = Math.max(a.length, b.length)
  return most === 0 ? 1 : a.filter((id) => b.includes(id)).length / most
}

function told({ name, overlap, same, ours, theirs }: Agreement): string {
  const shares = `${(100 * overlap).toFixed(1)} % (${(100 * same).toFixed(1)} % in the very order)`
  return `${name} ${shares}, nDCG@10 ${theirs.toFixed(4)} to ${ours.toFixed(4)}`
}

function missedBy({ name, overlap, ours, theirs }: Agreement): readonly string[] {
  return [
    ...(overlap < LEAST_OVERLAP
      ? [`${name}: ${overlap.toFixed(3)} of the top 10 are SQLite's, not ${LEAST_OVERLAP}`]
      : []),
    ...(Math.abs(ours - theirs) > MOST_APART
      ? [`${name}: nDCG@10 ${theirs.toFixed(4)} is far from ${ours.toFixed(4)}`]
      : []),
  ]
}

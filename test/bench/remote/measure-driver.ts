/** What one driver costs: storing passages, a sync that finds nothing new, and questions. */
import type { Change, Connector } from '../../../src/core/connector.ts'
import type { Head } from '../../../src/core/document.ts'
import { nativeId } from '../../../src/core/ids.ts'
import { emptyBatch, type Store } from '../../../src/core/store.ts'
import { openIndex } from '../../../src/indexes/registry.ts'
import { search } from '../../../src/query/search.ts'
import { slices } from '../../../src/sync/batches.ts'
import { syncSource } from '../../../src/sync/sync.ts'
import { documents, type Originals, SOURCE } from '../query/corpus.ts'
import type { Question } from '../query/questions.ts'

export interface Loaded {
  readonly heads: readonly Head[]
  readonly chunks: number
  /** Of storing alone: what is stored was made before. */
  readonly seconds: number
}

const AS = ['group:staff'] as const
const LIMIT = 10

export async function load(location: string, originals: Originals, least: number): Promise<Loaded> {
  const store = await openIndex(location)
  const heads: Head[] = []
  let [chunks, ms] = [0, 0]
  for (const put of slices(documents(originals, least))) {
    ms += await timed(() => store.apply({ ...emptyBatch(SOURCE), put }))
    for (const document of put) {
      heads.push(document.head)
      chunks += document.chunks.length
    }
  }
  ms += await timed(() => store.close())
  return { heads, chunks, seconds: ms / 1000 }
}

/** Milliseconds of each. Throws where a question with words of the index finds nothing. */
export async function ask(location: string, questions: readonly Question[]): Promise<readonly number[]> {
  const store = await openIndex(location, { mode: 'read' })
  try {
    const times: number[] = []
    let found = 0
    for (const question of questions) {
      const ms = await timed(async () => {
        found += await hits(store, question)
      })
      times.push(ms)
    }
    if (found < questions.length) throw new Error(`only ${found} passages for ${questions.length} questions`)
    return times
  } finally {
    await store.close()
  }
}

async function hits(store: Store, { text, label, isUnfinished }: Question): Promise<number> {
  const filter = { ...(label && { labels: [label] }), ...(isUnfinished && { isUnfinished }) }
  return (await search(store, { text, as: AS, limit: LIMIT, ...filter })).length
}

/** Seconds of a sync that lists every document and finds each as it is stored. The first one only sets the cursor. */
export async function syncUnchanged(location: string, heads: readonly Head[]): Promise<number> {
  await sync(location, heads, 'first')
  const ms = await timed(() => sync(location, heads, 'second'))
  return ms / 1000
}

async function sync(location: string, heads: readonly Head[], runId: string): Promise<void> {
  const store = await openIndex(location, { sources: [SOURCE] })
  const { signal } = new AbortController()
  try {
    const { error, run } = await syncSource({
      ...{ source: SOURCE, connector: listing(heads), config: null, store, redact: null },
      ...{ access: { level: 'public', principals: {} }, fetch, signal, now: Date.now },
      ...{ runId, full: false, dryRun: false, allowed: { deletes: 0, wider: heads.length } },
    })
    if (error !== null) throw error
    const { unchanged, refreshed } = run.counts
    if (unchanged + refreshed !== heads.length) throw new Error('a sync without changes changed something')
  } finally {
    await store.close()
  }
}

function listing(heads: readonly Head[]): Connector {
  const anything = { parse: (input: unknown) => input as null }
  async function* pull(): AsyncIterable<Change> {
    yield { type: 'begin' }
    for (const head of heads) yield { type: 'upsert', head: { ...head, id: nativeId(SOURCE, head.id) }, load: refuse }
    const receipt = { pages: 1, seen: heads.length, duplicates: 0, ended: 'no-next-link' as const }
    yield { type: 'checkpoint', cursor: null, receipt }
  }
  return { name: 'listing', config: anything, cursor: anything, pull }
}

async function refuse(): Promise<never> {
  throw new Error('nothing has changed, so nothing is loaded')
}

async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

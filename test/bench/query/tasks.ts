/** What the processes of the query bench do. */
import type { IndexedDocument } from '../../../src/core/document.ts'
import { openSqlite } from '../../../src/indexes/sqlite.ts'
import { emptyBatch } from '../../../src/sync/batches.ts'
import { documents, readOriginals, SOURCE } from './corpus.ts'
import { type Ask, type Engine, openPeer, openUnsilo } from './engines.ts'
import { type Kind, type Question, questions } from './questions.ts'
import { measureVectors, type VectorFigures } from './vectors.ts'

export type QueryTask =
  | { readonly do: 'build'; readonly path: string; readonly chunks: number }
  | {
      readonly do: 'ask'
      readonly engine: Engine
      readonly path: string
      readonly folder: string
      readonly each: number
    }
  | { readonly do: 'vectors'; readonly path: string; readonly count: number }

export interface QueryAnswers {
  readonly build: { readonly seconds: number }
  readonly ask: Asked
  readonly vectors: VectorFigures
}

export interface Asked {
  /** Of opening what is on disk and answering a first question; of a peer, of building it too. */
  readonly openMs: number
  /** That the process grew by, from before it opened. */
  readonly memoryMb: number
  readonly kinds: readonly (readonly [Kind, readonly Timed[]])[]
}

export interface Timed {
  readonly wallMs: number
  readonly cpuMs: number
  readonly hits: number
}

export async function queryAnswer(task: QueryTask): Promise<QueryAnswers[QueryTask['do']]> {
  if (task.do === 'build') return await build(task.path, task.chunks)
  if (task.do === 'vectors') return await measureVectors(task.path, task.count)
  const kinds = [...questions(readOriginals(), task.each)]
  return await ask(kinds, () =>
    task.engine === 'unsilo' ? openUnsilo(task.path) : openPeer(task.engine, task.path, task.folder),
  )
}

async function build(path: string, chunks: number): Promise<QueryAnswers['build']> {
  const start = performance.now()
  const store = await openSqlite(path)
  let slice: IndexedDocument[] = []
  for (const document of documents(readOriginals(), chunks)) {
    if (slice.push(document) < 200) continue
    await store.apply({ ...emptyBatch(SOURCE), put: slice })
    slice = []
  }
  await store.apply({ ...emptyBatch(SOURCE), put: slice })
  await store.close()
  return { seconds: (performance.now() - start) / 1000 }
}

async function ask(kinds: readonly (readonly [Kind, readonly Question[]])[], open: () => Promise<Ask>): Promise<Asked> {
  const before = rss()
  const start = performance.now()
  const asked = await open()
  await asked({ text: 'how to open an account' })
  const openMs = performance.now() - start
  const answers: [Kind, Timed[]][] = []
  for (const [kind, all] of kinds) {
    const times: Timed[] = []
    for (const question of all) times.push(await timed(asked, question))
    answers.push([kind, times])
  }
  return { openMs, memoryMb: rss() - before, kinds: answers }
}

async function timed(asked: Ask, question: Question): Promise<Timed> {
  const [wall, cpu] = [performance.now(), process.cpuUsage()]
  const hits = await asked(question)
  const { user, system } = process.cpuUsage(cpu)
  return { wallMs: performance.now() - wall, cpuMs: (user + system) / 1000, hits }
}

function rss(): number {
  globalThis.gc?.()
  return process.memoryUsage().rss / 1e6
}

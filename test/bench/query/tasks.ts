/** What the processes of the query bench do. */

import { readFileSync, writeFileSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { keepHeapSmall, letYoungGrow } from '../../../src/cli/heap.ts'
import type { IndexedDocument } from '../../../src/core/document.ts'
import { emptyBatch } from '../../../src/core/store.ts'
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { documents, readOriginals, SOURCE } from './corpus.ts'
import { type Ask, CANNOT, type Engine, openPeer, openUnsilo } from './engines.ts'
import { type Kind, type Question, questions } from './questions.ts'
import { measureVectors, type VectorFigures } from './vectors.ts'

export type QueryTask =
  | { readonly do: 'build'; readonly path: string; readonly chunks: number }
  | { readonly do: 'questions'; readonly path: string; readonly each: number }
  | {
      readonly do: 'ask'
      readonly engine: Engine
      readonly path: string
      readonly folder: string
      /** Where the task of that name left them. */
      readonly questions: string
      /** The first so many of each kind. */
      readonly each: number
      /** For all questions of a kind: those that come behind are not asked. */
      readonly kindLimitMs?: number
    }
  | { readonly do: 'vectors'; readonly path: string; readonly count: number }

export interface QueryAnswers {
  readonly build: { readonly seconds: number }
  readonly questions: { readonly kinds: number }
  readonly ask: Asked
  readonly vectors: VectorFigures
}

export interface Asked {
  /** A peer's, of building its index of what stands in ours; of unsilo, of nothing. */
  readonly builtMs: number
  /** Of opening what is on disk and answering a first question; of a peer, of that question alone. */
  readonly openMs: number
  /** That the process grew by, from before it opened. */
  readonly memoryMb: number
  readonly kinds: readonly (readonly [Kind, readonly Timed[]])[]
  /** Kinds that it has no question for. */
  readonly cannot: readonly Kind[]
}

export interface Timed {
  readonly wallMs: number
  readonly cpuMs: number
  readonly hits: number
}

export async function queryAnswer(task: QueryTask): Promise<QueryAnswers[QueryTask['do']]> {
  if (task.do === 'build') return await build(task.path, task.chunks)
  if (task.do === 'vectors') return await measureVectors(task.path, task.count)
  if (task.do === 'questions') return writeQuestions(task.path, task.each)
  return await ask(task)
}

/** Once for all who are asked: they are words of the corpus, which takes seconds to read. */
function writeQuestions(path: string, each: number): QueryAnswers['questions'] {
  const kinds = [...questions(readOriginals(), each)]
  writeFileSync(path, JSON.stringify(kinds))
  return { kinds: kinds.length }
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

async function ask(task: QueryTask & { readonly do: 'ask' }): Promise<Asked> {
  const all: [Kind, Question[]][] = JSON.parse(readFileSync(task.questions, 'utf8'))
  const before = rss()
  const start = performance.now()
  const { asked, cannot, builtMs } = await opened(task)
  await asked({ text: 'how to open an account' })
  const openMs = performance.now() - start - builtMs
  const kinds: [Kind, Timed[]][] = []
  for (const [kind, own] of all.filter(([name]) => !cannot.includes(name))) {
    kinds.push([kind, await answers(asked, own.slice(0, task.each), task.kindLimitMs)])
  }
  return { builtMs, openMs, memoryMb: rss() - before, kinds, cannot }
}

async function opened({ engine, path, folder }: QueryTask & { readonly do: 'ask' }) {
  if (engine === 'unsilo') {
    likeServe()
    return { asked: await openUnsilo(path), cannot: [], builtMs: 0 }
  }
  const start = performance.now()
  const asked = await openPeer(engine, path, folder)
  return { asked, cannot: CANNOT[engine], builtMs: performance.now() - start }
}

/** What V8 is told by `unsilo serve`, of its threads too. */
function likeServe(): void {
  keepHeapSmall()
  letYoungGrow()
}

async function answers(asked: Ask, all: readonly Question[], limitMs = Number.POSITIVE_INFINITY): Promise<Timed[]> {
  const start = performance.now()
  const times: Timed[] = []
  for (const question of all) {
    // Whoever asks takes a turn of the event loop: what is kept of one question only is gone with the next one.
    await setImmediate()
    times.push(await timed(asked, question))
    if (performance.now() - start > limitMs) break
  }
  return times
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

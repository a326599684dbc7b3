/** Who computes what `unsilo serve` is asked: threads where the index is a file, this one where a server holds it. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { ServeConfig } from '../config/serve.ts'
import { type Ask, asking, type NearOf, type Solve, solving } from '../serve/asking/ask.ts'
import { type Queue, queue } from '../serve/asking/queue.ts'
import { startWorkers } from '../serve/asking/workers.ts'
import type { Reopening } from '../serve/reopening.ts'
import type { ThreadData } from './answering-thread.ts'
import { indexFile } from './setup.ts'

export interface Answering {
  readonly ask: Ask
  readonly queue: Queue
  close(): Promise<void>
}

export interface AnsweringOptions extends ThreadData, Pick<ServeConfig, 'workers' | 'queue'> {
  /** The index, opened. */
  readonly store: Reopening
  readonly nearOf: NearOf
  report(thrown: unknown): void
}

/** What V8 lets new objects take of a thread before it looks which are still in use: left alone it is up to 130 MB of garbage. */
export const NEW_OBJECTS_MB = 12
/** Unless told; each holds a cache of its own. */
const MOST_WORKERS = 8
/** Questions that may wait for a worker, unless told: together less than a second of them. */
const WAITING_EACH = 32
/** Questions that are put to a server at once: while it looks, this thread has little to do. */
const TO_SERVER = 16
/** A question that takes longer is no use to anybody. */
const PATIENCE_MS = 10_000

export function startAnswering({ store, nearOf, report, ...told }: AnsweringOptions): Answering {
  const { workers: count = Math.min(availableParallelism(), MOST_WORKERS), queue: most = count * WAITING_EACH } = told
  if (indexFile(told.index) === null) {
    const line = queue({ atOnce: TO_SERVER, most })
    const solve: Solve = (posed, waiting) => line.run(() => store.whole((one) => solving(one)(posed)), waiting)
    return { ask: asking(solve, nearOf, line.admit), queue: line, close: async () => undefined }
  }
  const data: ThreadData = { index: told.index, lines: told.lines }
  const line = queue({ atOnce: count, most })
  const resourceLimits = { maxYoungGenerationSizeMb: NEW_OBJECTS_MB }
  const start = () => new Worker(thread(), { workerData: data, resourceLimits })
  const { solve, close } = startWorkers({ start, count, queue: line, patienceMs: PATIENCE_MS, report })
  return { ask: asking(solve, nearOf, line.admit), queue: line, close }
}

/** The file beside this one, as source or built. */
function thread(): URL {
  return new URL(import.meta.url.replace(/answering(\.\w+)$/, 'answering-thread$1'))
}

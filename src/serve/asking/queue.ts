/** A line of bounded length: who would have to wait too long is told at once, and who goes away is not kept for. */
import pLimit from 'p-limit'
import { UnsiloError } from '../../core/errors.ts'

export interface Queue {
  /** Throws OVERLOADED where the line is full, and INTERRUPTED where `gone` aborted before it was the work's turn. */
  run<T>(work: () => Promise<T>, gone?: AbortSignal): Promise<T>
  /** Throws what `run` would now: before what a question costs elsewhere. */
  admit(gone?: AbortSignal): void
  /** How many wait now. */
  waiting(): number
  /** How many were refused so far. */
  refused(): number
}

export interface QueueOptions {
  readonly atOnce: number
  /** How many may wait beside those. */
  readonly most: number
}

export function queue({ atOnce, most }: QueueOptions): Queue {
  const limit = pLimit(atOnce)
  let present = 0
  let refused = 0

  function admit(gone?: AbortSignal): void {
    if (gone?.aborted) throw left()
    if (present < atOnce + most) return
    refused++
    throw overloaded(most)
  }

  async function run<T>(work: () => Promise<T>, gone?: AbortSignal): Promise<T> {
    admit(gone)
    present++
    const leave = onceOnly(() => present--)
    gone?.addEventListener('abort', leave)
    try {
      return await limit(async () => {
        if (gone?.aborted) throw left()
        gone?.removeEventListener('abort', leave)
        return await work()
      })
    } finally {
      gone?.removeEventListener('abort', leave)
      leave()
    }
  }

  return { run, admit, waiting: () => Math.max(0, present - atOnce), refused: () => refused }
}

function onceOnly(work: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) work()
    isDone = true
  }
}

function overloaded(most: number): UnsiloError {
  return new UnsiloError('OVERLOADED', `More is asked than can be answered: ${most} questions wait already.`, {
    hint: 'Try again in a moment. Nothing was looked for.',
  })
}

function left(): UnsiloError {
  return new UnsiloError('INTERRUPTED', 'Whoever asked is gone.')
}

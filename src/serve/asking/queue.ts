/**
 * A line of bounded length: who would have to wait too long is told at once, who goes away is not kept for, and nobody
 * fills it alone.
 */
import pLimit from 'p-limit'
import { UnsiloError } from '../../core/errors.ts'

/** Who waits for an answer. */
export interface Waiting {
  /** Aborts when nobody does any more. */
  readonly gone?: AbortSignal | undefined
  /** Whose questions are counted together. Absent where there is one asker alone. */
  readonly asker?: string | undefined
}

export interface Queue {
  /**
   * Throws OVERLOADED where the line is full, or as much of it as one asker may take, and INTERRUPTED where `gone` aborted
   * before it was the work's turn.
   */
  run<T>(work: () => Promise<T>, waiting?: Waiting): Promise<T>
  /** Throws what `run` would now: before what a question costs elsewhere. */
  admit(waiting?: Waiting): void
  /** How many wait now. */
  waiting(): number
  /** How many were refused so far. */
  refused(): number
}

export interface QueueOptions {
  readonly atOnce: number
  /** How many may wait beside those, of one asker half as many. */
  readonly most: number
}

export function queue({ atOnce, most }: QueueOptions): Queue {
  const limit = pLimit(atOnce)
  const mostOfOne = atOnce + Math.ceil(most / 2)
  const presentOf = new Map<string, number>()
  let present = 0
  let refused = 0

  function admit({ gone, asker }: Waiting = {}): void {
    if (gone?.aborted) throw left()
    const own = asker === undefined ? 0 : (presentOf.get(asker) ?? 0)
    if (present < atOnce + most && own < mostOfOne) return
    refused++
    throw overloaded()
  }

  function count(by: 1 | -1, asker: string | undefined): void {
    present += by
    if (asker === undefined) return
    const own = (presentOf.get(asker) ?? 0) + by
    if (own > 0) presentOf.set(asker, own)
    else presentOf.delete(asker)
  }

  async function run<T>(work: () => Promise<T>, { gone, asker }: Waiting = {}): Promise<T> {
    admit({ gone, asker })
    count(1, asker)
    const leave = onceOnly(() => count(-1, asker))
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

function overloaded(): UnsiloError {
  return new UnsiloError('OVERLOADED', 'More is asked than can be answered: too many questions wait already.', {
    hint: 'Try again in a moment. Nothing was looked for.',
  })
}

function left(): UnsiloError {
  return new UnsiloError('INTERRUPTED', 'Whoever asked is gone.')
}

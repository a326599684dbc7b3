/**
 * Vectors of questions, while somebody waits for them: an embedder that fails, is slow, or has enough to do already is
 * done without, and words alone answer.
 */
import { UnsiloError } from '../../core/errors.ts'
import type { Near } from '../../query/arms.ts'
import type { NearOf } from './ask.ts'
import { queue } from './queue.ts'

export interface NearOptions {
  /** Null where there is no embedder. Throws the signal's reason soon after it aborts. */
  embed(text: string, signal: AbortSignal): Promise<Near | null>
  /** Questions that are embedded at once; those beyond don't wait. */
  readonly atOnce: number
  /** In milliseconds, of one question. */
  readonly patienceMs: number
  /** Told why words alone answer. */
  failed(thrown: unknown): void
}

export function nearSoon({ embed, atOnce, patienceMs, failed }: NearOptions): NearOf {
  const line = queue({ atOnce, most: 0 })
  return async (text, gone) => {
    try {
      return await line.run(() => soon((signal) => embed(text, signal), patienceMs, gone))
    } catch (thrown) {
      if (gone?.aborted) throw new UnsiloError('INTERRUPTED', 'Whoever asked is gone.')
      failed(thrown)
      return null
    }
  }
}

/** By hand, since `AbortSignal.any` keeps what it made for as long as one of its signals lives. */
async function soon<T>(
  work: (signal: AbortSignal) => Promise<T>,
  patienceMs: number,
  gone: AbortSignal | undefined,
): Promise<T> {
  const enough = new AbortController()
  const stop = (): void => enough.abort(gone?.reason)
  const impatient = setTimeout(() => enough.abort(late(patienceMs)), patienceMs)
  gone?.addEventListener('abort', stop)
  if (gone?.aborted) stop()
  try {
    return await work(enough.signal)
  } finally {
    clearTimeout(impatient)
    gone?.removeEventListener('abort', stop)
  }
}

function late(patienceMs: number): UnsiloError {
  return new UnsiloError('OUT_OF_TIME', `It took longer than ${patienceMs / 1000} s.`)
}

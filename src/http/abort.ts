/** Waiting that ends when the run or the caller gives up. */
import { UnsiloError } from '../core/errors.ts'

/** The promise's outcome, or a throw as soon as a signal aborts: INTERRUPTED for the run's, the reason for the call's. */
export async function until<T>(promise: Promise<T>, run: AbortSignal, call: AbortSignal | null): Promise<T> {
  const { promise: aborted, resolve } = Promise.withResolvers<void>()
  const stop = () => resolve()
  // Without this, a promise that loses the race and rejects later would be an unhandled rejection.
  promise.catch(() => {})
  if (run.aborted || call?.aborted) stop()
  run.addEventListener('abort', stop)
  call?.addEventListener('abort', stop)
  try {
    const winner = await Promise.race([promise.then((value) => ({ value })), aborted])
    if (winner) return winner.value
  } catch (error) {
    throwIfAborted(run, call)
    throw error
  } finally {
    run.removeEventListener('abort', stop)
    call?.removeEventListener('abort', stop)
  }
  throwIfAborted(run, call)
  throw new UnsiloError('INTERRUPTED', 'interrupted')
}

export function throwIfAborted(run: AbortSignal, call: AbortSignal | null): void {
  if (run.aborted) throw new UnsiloError('INTERRUPTED', 'interrupted')
  call?.throwIfAborted()
}

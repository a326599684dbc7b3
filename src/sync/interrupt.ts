/** How a run hears that it is to stop, and what it then says. */
import { setImmediate } from 'node:timers/promises'
import { UnsiloError } from '../core/errors.ts'

/** When a run is to stop: somebody said so, or its time is over. */
export interface Stop {
  /** Aborts for both. At the deadline its reason is an OUT_OF_TIME. */
  readonly signal: AbortSignal
  /** Looks at the clock, too: work that never lets the event loop turn hears of no timer. */
  isDue(): boolean
  /** Half of the time is over. Never without a deadline. */
  isHalfway(): boolean
  /** The time is over by so much that not even what was begun may be finished. */
  isOverdue(): boolean
  /** The run has ended. */
  end(): void
}

export interface StopOptions {
  readonly source: string
  readonly signal: AbortSignal
  readonly now: () => number
  /** Milliseconds since 1970. */
  readonly deadline?: number
}

/** What was begun may take this long. */
const LENIENCE_MS = 2_000
/** A timer can't wait longer: it would ring at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

export function createStop({ source, signal, now, deadline = Number.POSITIVE_INFINITY }: StopOptions): Stop {
  const began = now()
  const clock = new AbortController()
  const ring = () => clock.abort(new UnsiloError('OUT_OF_TIME', `${source}: the time for this run is over.`))
  const left = deadline - began
  const timer = left <= LONGEST_TIMER_MS ? setTimeout(ring, Math.max(0, left)) : undefined
  const both = AbortSignal.any([signal, clock.signal])
  return {
    signal: both,
    isDue() {
      if (now() >= deadline) ring()
      return both.aborted
    },
    isHalfway: () => now() >= began + left / 2,
    isOverdue: () => now() >= deadline + LENIENCE_MS,
    end: () => clearTimeout(timer),
  }
}

interface Stoppable {
  readonly source: string
  readonly stop: Stop
}

/**
 * Lets the event loop turn, then throws INTERRUPTED or OUT_OF_TIME if the run is to stop. Where a store answers within the
 * same turn, a long run of its answers would otherwise hear no signal and draw no progress until its end.
 */
export async function pause(run: Stoppable): Promise<void> {
  await setImmediate()
  const due = whyDue(run)
  if (due !== null) throw due
}

/** The error that ends a run which is to stop; null for one that goes on. */
export function whyDue({ source, stop }: Stoppable): UnsiloError | null {
  return stop.isDue() ? stopped(source, stop.signal) : null
}

/** The promise's outcome, or the reason to stop as soon as there is one, however long the promise takes. */
export async function unlessStopped<T>(promise: Promise<T>, source: string, signal: AbortSignal): Promise<T> {
  // One that loses the race and fails later must not be an unhandled rejection.
  promise.catch(() => {})
  const { promise: aborted, resolve } = Promise.withResolvers<null>()
  const stop = () => resolve(null)
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop)
  try {
    const outcome = await Promise.race([promise.then((value) => ({ value })), aborted])
    if (outcome !== null) return outcome.value
  } finally {
    signal.removeEventListener('abort', stop)
  }
  throw stopped(source, signal)
}

/** @param signal aborted */
export function stopped(source: string, signal: AbortSignal): UnsiloError {
  const reason: unknown = signal.reason
  if (reason instanceof UnsiloError && reason.code === 'OUT_OF_TIME') return reason
  return new UnsiloError('INTERRUPTED', `${source}: interrupted.`, {
    hint: 'What was finished is stored whole; the next run continues.',
  })
}

/** How a run hears that it is to stop, and what it then says. */
import { setImmediate } from 'node:timers/promises'
import { UnsiloError } from '../core/errors.ts'

/**
 * Lets the event loop turn, then throws INTERRUPTED if the run is to stop. Where a store answers within the same turn, a
 * long run of its answers would otherwise hear no signal and draw no progress until its end.
 */
export async function pause({ source, signal }: { source: string; signal: AbortSignal }): Promise<void> {
  await setImmediate()
  if (signal.aborted) throw interrupted(source)
}

export function interrupted(source: string): UnsiloError {
  return new UnsiloError('INTERRUPTED', `${source}: interrupted.`, {
    hint: 'What was finished is stored whole; the next run continues.',
  })
}

/**
 * Steps carried out a few at a time, and what became of them. Where an answer didn't come it is open whether something was
 * done: then Intercom is asked anew what it has, and what is still to be done is done, up to three times.
 */

import { forEachConcurrently } from '../../core/concurrently.ts'
import { asUnsiloError, type UnsiloError } from '../../core/errors.ts'
import { throwIfAborted } from '../../http/abort.ts'

export interface StepFailure<S> {
  readonly step: S
  readonly error: UnsiloError
}

/** A host takes eight at a time of everybody who asks; one article is several requests behind each other. */
const AT_A_TIME = 4
const MOST_ROUNDS = 3

/** These end everything: another step would fail in the same way. */
const ENDS_ALL: ReadonlySet<string> = new Set([
  ...['AUTH_REJECTED', 'INTERRUPTED', 'DISK', 'LOCKED', 'INDEX_DAMAGED', 'INDEX_UNAVAILABLE', 'UNEXPECTED'],
  'CONFIG_INVALID',
])

/** @returns what failed of them */
export async function carryOutAll<S>(
  steps: Iterable<S>,
  signal: AbortSignal,
  carryOut: (step: S) => Promise<void>,
): Promise<readonly StepFailure<S>[]> {
  const failures: StepFailure<S>[] = []
  await forEachConcurrently(steps, AT_A_TIME, async (step) => {
    throwIfAborted(signal, null)
    try {
      await carryOut(step)
    } catch (thrown) {
      const error = asUnsiloError(thrown)
      if (ENDS_ALL.has(error.code)) throw error
      failures.push({ step, error })
    }
  })
  return failures
}

/** @param round answers what failed for now */
export async function inRounds<S>(round: () => Promise<readonly StepFailure<S>[]>): Promise<readonly StepFailure<S>[]> {
  for (let number = 1; ; number += 1) {
    const failures = await round()
    if (number === MOST_ROUNDS || !failures.some(({ error }) => isOpen(error))) return failures
  }
}

/** Not refused: no answer came, or none that could be read. */
function isOpen({ status }: UnsiloError): boolean {
  return status === undefined || status < 400 || status >= 500 || status === 429 || status === 408
}

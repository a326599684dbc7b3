/** What each exit code means, in the words of the help. */
import { UnsiloError } from '../core/errors.ts'

/** Of a plan, where that was asked for. No error has it. */
export const PLAN_HAS_CHANGES = 20

/** Who asks for that code means to change nothing. Throws USAGE. */
export function checkExitCode({ plan, exitCode }: { readonly plan: boolean; readonly exitCode: boolean }): void {
  if (plan || !exitCode) return
  throw new UnsiloError('USAGE', '--exit-code goes with --plan.', { hint: 'Nothing was changed.' })
}

const MEANINGS: Readonly<Record<number, string>> = {
  0: 'all is well',
  1: 'an unexpected error, or the answer is no (not found, differs)',
  2: 'wrong usage or configuration',
  3: 'finished, but some documents or a source failed',
  4: 'credentials were rejected',
  5: 'temporary: try later',
  6: 'disk or permission',
  10: 'another run holds the index',
  11: 'a guard stopped the run',
  12: 'the index needs repair, is of another version of unsilo, or is not wholly copied yet',
  20: 'the plan has changes; only with --exit-code',
  130: 'interrupted',
}

export function exitMeaning(code: number): string {
  return MEANINGS[code] ?? ''
}

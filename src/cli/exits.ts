/** What each exit code means, in the words of the help. */

/** Of a plan, where that was asked for. No error has it. */
export const PLAN_HAS_CHANGES = 20

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

/** A run's counts in words, the same for its summary and for the list of runs. */
import type { RunCounts, RunRecord } from '../core/ledger.ts'
import { count } from './output.ts'

/** In the order in which people are told. */
export const COUNTED = [
  'listed',
  'added',
  'changed',
  'refreshed',
  'removed',
  'unchanged',
  'skipped',
  'failed',
] as const satisfies readonly (keyof RunCounts)[]

/** `3 added, 1 failed`: what was not as before; empty where all was. */
export function changesOf({ counts }: RunRecord): string {
  return countWords(counts, ['added', 'changed', 'refreshed', 'removed', 'failed'])
}

/** Those that are not 0. */
export function countWords(counts: RunCounts, names: readonly (keyof RunCounts)[]): string {
  return names.flatMap((name) => (counts[name] === 0 ? [] : [`${count(counts[name])} ${name}`])).join(', ')
}

export function runSeconds({ startedAt, endedAt }: RunRecord): number {
  return (Date.parse(endedAt) - Date.parse(startedAt)) / 1000
}

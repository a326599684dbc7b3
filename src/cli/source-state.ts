/** What the index says of one source: how much it holds, and how the last runs went. */

import type { Notes } from '../core/connector.ts'
import { KEPT_RUNS, type RunRecord } from '../core/ledger.ts'
import type { Store } from '../core/store.ts'

export interface SourceState {
  readonly documents: number
  readonly chunks: number
  /** Documents that failed and are tried again. */
  readonly quarantined: number
  /** Documents that failed and are left alone, since an operator said so. */
  readonly ignored: number
  /** Null when it has never run. */
  readonly lastRun: RunRecord | null
  /** The last one that read the source to its end; null when none is known to have. */
  readonly lastGood: RunRecord | null
  /** Of the last run that had any. */
  readonly notes: Notes
}

/** All that are remembered: the last good one may be the oldest of them. */
const HISTORY = 2 * KEPT_RUNS

export async function sourceState(store: Store, source: string): Promise<SourceState> {
  const [{ documents, chunks }, runs, failures] = await Promise.all([
    store.stats(source),
    store.runs(source, HISTORY),
    store.quarantine(source),
  ])
  const ignored = failures.filter((failure) => failure.ignored === true).length
  return {
    documents,
    chunks,
    quarantined: failures.length - ignored,
    ignored,
    lastRun: runs[0] ?? null,
    lastGood: runs.find(isGood) ?? null,
    notes: runs.find(({ notes = {} }) => Object.keys(notes).length > 0)?.notes ?? {},
  }
}

/** Documents that failed alone are kept as they were; all others are up to date. */
export function isGood({ outcome }: RunRecord): boolean {
  return outcome === 'ok' || outcome === 'partial'
}

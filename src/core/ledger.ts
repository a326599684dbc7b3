/** What runs leave behind, beside the documents. */

import type { Notes, Receipt } from './connector.ts'
import type { Json } from './json.ts'
import type { IndexStats } from './store.ts'

export interface SourceState {
  readonly cursor: Json
  /** The ids seen so far in a pass that was cut at this cursor; null when no pass is open. */
  readonly seen: readonly string[] | null
  /** A hash of the access settings that were in force; null where no run has said yet. */
  readonly policy: string | null
}

/** A document that failed, kept until it succeeds or goes. */
export interface Failure {
  readonly id: string
  readonly code: string
  readonly reason: string
  /** ISO 8601, UTC. */
  readonly at: string
  /** Of the head that failed. */
  readonly version?: string
  /** An operator said: leave it until its version changes. */
  readonly ignored?: true
  /** Runs that have tried it, the one that stores this included. */
  readonly attempts?: number
}

/** A document that the source showed and that was deliberately not taken. */
export interface Skip {
  readonly id: string
  readonly reason: string
  /** ISO 8601, UTC. */
  readonly at: string
}

/** Documents that cut runs removed, and showed to more people, with no person's word. */
export interface Carried {
  readonly removed: number
  readonly widened: number
}

/** What a run asked of the network, retries included. */
export interface Traffic {
  readonly requests: number
  readonly retries: number
  /** All waits of its requests added up, milliseconds. */
  readonly waitedMs: number
  /** Of bodies received, decoded. */
  readonly bytes: number
}

export interface RunRecord {
  readonly id: string
  readonly source: string
  readonly startedAt: string
  readonly endedAt: string
  readonly outcome: 'ok' | 'partial' | 'failed' | 'guarded' | 'interrupted'
  readonly counts: RunCounts
  readonly receipt?: Receipt
  readonly notes?: Notes
  readonly error?: { readonly code: string; readonly message: string }
  readonly traffic?: Traffic
  /** Of documents, by error code. */
  readonly failures?: Readonly<Record<string, number>>
  /** Where it read from: the beginning, or what changed since the stored cursor. */
  readonly from?: 'start' | 'cursor'
  /** Of a run that did not come to its end: its own and that of those before it. A guard counts it with what the next one would do. */
  readonly carried?: Carried
}

export interface RunCounts {
  readonly listed: number
  readonly added: number
  readonly changed: number
  /** Title, url, path, labels or access refreshed without a new body. */
  readonly refreshed: number
  readonly removed: number
  readonly unchanged: number
  readonly skipped: number
  readonly failed: number
}

/**
 * What runs leave behind, beside the documents: their records, the quarantine, what was skipped, and the lease.
 *
 * The lease is the right to write, had by whoever opened the index for writing, until it is closed or its process is
 * gone. On one machine the operating system keeps it (SQLite: a file lock, which needs no clock and can't outlive its
 * holder). A remote driver keeps a row with its holder, an expiry that the holder puts off while it works, and a number
 * that grows with each holder; each of its transactions checks that number, so that one who slept through the expiry
 * writes nothing more.
 */
export interface Ledger {
  /** Sources the index knows, in name order. */
  sources(): Promise<readonly string[]>
  stats(source: string): Promise<IndexStats>
  /** Newest first. */
  runs(source: string, limit: number): Promise<readonly RunRecord[]>
  run(id: string): Promise<RunRecord | null>
  /** In id order. */
  quarantine(source: string): Promise<readonly Failure[]>
  /** Marks failures as left alone, or as tried again. Writers only. Returns which of the ids are in quarantine, in id order. */
  ignore(source: string, ids: readonly string[], ignored: boolean): Promise<readonly string[]>
  /** Removes a source with all that there is of it, documents and records: all of it or none. Writers only. */
  forget(source: string): Promise<void>
  /** In id order. */
  skips(source: string): Promise<readonly Skip[]>
  /** Ids of stored documents with this url, whoever may read them, in id order. For operators: never a query surface. */
  located(url: string): Promise<readonly string[]>
  /** Who holds the lease now, as that writer called itself; null when nobody does. */
  holder(): Promise<string | null>
}

/** Records of a source's runs that every driver keeps, beside the last that ended `ok` or `partial` and the last with a receipt. */
export const KEPT_RUNS = 100

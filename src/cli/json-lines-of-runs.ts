/** Lines of JSON that tell of runs, of what they left behind and of the index's state; and a line of the log. See json-lines.ts. */
import type { Access } from '../core/access.ts'
import type { Notes, Receipt } from '../core/connector.ts'
import type { Kind, Losses } from '../core/document.ts'
import type { Failure, RunCounts, RunRecord, Skip, Traffic } from '../core/ledger.ts'
import type { Damage, RepairReport } from '../core/repair.ts'
import type { IndexStats } from '../core/store.ts'
import type { DocumentDiff } from '../sync/diff.ts'
import type { PlanEntry, PlanKind } from '../sync/plan-entry.ts'

/** A line of the log: what `--log-format json` makes of all that would be said on stderr. Fields are added, never renamed. */
export interface LogLine {
  readonly time: string
  /** `warn` is what did not end the run: a document that failed, a heartbeat that was not sent. */
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  /** Absent where it is about no one source. */
  readonly source?: string
  /** Of an error: its `code` and `hint`. Of a source's summary: `run` (its id), `outcome`, `seconds`, `counts`. */
  readonly [field: string]: unknown
}

/** `sync`: one a source, when it is done. `runs` and `runs show`: one a run, newest first. */
export interface RunLine {
  readonly type: 'run'
  readonly id: string
  readonly source: string
  readonly dryRun: boolean
  readonly outcome: RunRecord['outcome']
  readonly startedAt: string
  readonly endedAt: string
  readonly counts: RunCounts
  /** How the source's listing was known to be complete; absent when it was not. */
  readonly receipt?: Receipt
  readonly notes?: Notes
  readonly error?: { readonly code: string; readonly message: string }
  /** What the run asked of the network. */
  readonly traffic?: Traffic
}

/** `plan`, `sync --dry-run`: one a document with which something would be done, in the order of the source's listing. */
export interface ChangeLine extends Omit<PlanEntry, 'kind'> {
  readonly type: 'change'
  readonly source: string
  /** The weightiest that applies; `changes` has all. */
  readonly change: PlanKind
}

/** `plan --diff`: one a document whose text was looked at. */
export interface DiffLine extends DocumentDiff {
  readonly type: 'diff'
  readonly source: string
}

/** `sync`: one a document that failed and is kept in quarantine. */
export interface FailureLine extends Failure {
  readonly type: 'failure'
  readonly source: string
}

/** `status`: one a source, in name order. */
export interface StatusLine extends IndexStats {
  readonly type: 'status'
  readonly source: string
  /** The configuration names it. False for one that only the index still knows. */
  readonly configured: boolean
  /** Documents that failed and are tried again. */
  readonly quarantined: number
  /** Documents that failed and are left alone, since an operator said so. */
  readonly ignored: number
  /** Null when it has never run. */
  readonly lastRun: RunRecord | null
  /** Seconds since the last run that ended well; null when none has. */
  readonly ageSeconds: number | null
  readonly notes: Notes
}

/** `quarantine ls`: one a document, in the order of sources and ids. */
export interface QuarantinedLine extends Omit<Failure, 'ignored'> {
  readonly type: 'quarantined'
  readonly source: string
  readonly ignored: boolean
  /** Of the version that is stored; null where none is. */
  readonly title: string | null
  readonly stored: boolean
}

/** `quarantine ignore`: one a document. */
export interface IgnoredLine {
  readonly type: 'ignored'
  readonly source: string
  readonly id: string
}

/** `forget`: one a source, with what was removed. */
export interface ForgottenLine extends IndexStats {
  readonly type: 'forgotten'
  readonly source: string
  /** Documents that had failed, ignored ones among them. */
  readonly quarantined: number
}

/** `explain`: one a document that has the id or the address. */
export interface ExplanationLine {
  readonly type: 'explanation'
  /** What was asked for; null below is what does not hold of it. */
  readonly asked: string
  readonly id: string | null
  readonly state: 'stored' | 'quarantined' | 'skipped' | 'unknown'
  readonly stored: {
    readonly title: string
    readonly url: string
    readonly path: readonly string[]
    readonly kind: Kind
    readonly version: string
    readonly updatedAt: string
    readonly access: Access
    readonly language: string
    /** Of its markdown, in UTF-16 code units. */
    readonly characters: number
    readonly losses: Losses
    readonly chunks: number
    /** Ids of documents whose text was looked at to be put into this one's. */
    readonly includes: readonly string[]
  } | null
  readonly failure: Failure | null
  /** The source showed it, and it was deliberately not taken. */
  readonly skip: Skip | null
  /** Its source; where it is unknown, every source that it may be of. */
  readonly sources: readonly {
    readonly source: string
    readonly lastRun: string | null
    /** The last one that is known to have been complete. */
    readonly listing: { readonly run: string; readonly endedAt: string } | null
  }[]
}

/** `check`: one a thing that was tried. */
export interface CheckLine {
  readonly type: 'check'
  readonly name: string
  readonly ok: boolean
  readonly message: string
  readonly hint?: string
}

/** `check --read-data`, `check --repair`: one a thing that is not as it was written, most serious first. */
export interface DamageLine extends Damage {
  readonly type: 'damage'
}

/** `check --repair`: when it is done. */
export interface RepairLine extends RepairReport {
  readonly type: 'repair'
}

/** `copy --plan`: one a source. */
export interface CopyPlanLine {
  readonly type: 'copy-plan'
  readonly source: string
  /** Documents that would be new there, be another there, and be gone from there. */
  readonly added: number
  readonly changed: number
  readonly removed: number
  /** Whether its cursor, runs, quarantine or skips would change. */
  readonly records: boolean
}

/** `copy --plan`, where they would change: what is remembered of what was published. */
export interface CopyPlanNotesLine {
  readonly type: 'copy-plan-notes'
  readonly added: number
  readonly changed: number
  readonly removed: number
}

/** `index init` and `index rollback`: the generation that is read now. Where an index has none, it is the first. */
export interface GenerationLine {
  readonly type: 'generation'
  /** `nothing`: it was there, and as this program makes it. */
  readonly done: 'made' | 'renewed' | 'rolled back' | 'nothing'
  readonly generation: number
  readonly documents: number
}

/** `copy`: when it is done and verified. */
export interface CopiedLine extends IndexStats {
  readonly type: 'copied'
  readonly from: string
  readonly to: string
  readonly vectors: number
  /** Documents that were not there before, or not so. */
  readonly written: number
  readonly removed: number
  /** What is remembered of what was published. */
  readonly notes: number
  /** A hash of all that was copied: the same of every index with the same content. */
  readonly content: string
}

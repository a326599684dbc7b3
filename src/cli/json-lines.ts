/**
 * What `--json` prints on stdout: one object a line, told apart by `type`. Fields are added, never renamed or removed.
 * Times are ISO 8601 in UTC; ids are `<source>:<native id>`.
 */
import type {
  Access,
  Damage,
  Failure,
  IndexStats,
  Kind,
  Losses,
  Notes,
  Receipt,
  RepairReport,
  RunCounts,
  RunRecord,
  Skip,
  Traffic,
} from '../core/types.ts'
import type { Comparison } from '../query/evaluation/significance.ts'
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

export type JsonLine =
  | RunLine
  | ChangeLine
  | DiffLine
  | FailureLine
  | EmbeddingLine
  | ScenarioLine
  | EvaluationLine
  | FloorLine
  | RecordingLine
  | StatusLine
  | QuarantinedLine
  | IgnoredLine
  | ExplanationLine
  | HitLine
  | DocumentLine
  | LossesLine
  | ExportLine
  | QuestionLine
  | ApprovalLine
  | CheckLine
  | DamageLine
  | RepairLine
  | InitLine
  | LoginLine
  | LogoutLine
  | ErrorLine

/** `sync`: one a source, when it is done. `runs` and `runs show`: one a run, newest first. */
interface RunLine {
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
interface ChangeLine extends Omit<PlanEntry, 'kind'> {
  readonly type: 'change'
  readonly source: string
  /** The weightiest that applies; `changes` has all. */
  readonly change: PlanKind
}

/** `plan --diff`: one a document whose text was looked at. */
interface DiffLine extends DocumentDiff {
  readonly type: 'diff'
  readonly source: string
}

/** `sync`: one a document that failed and is kept in quarantine. */
interface FailureLine extends Failure {
  readonly type: 'failure'
  readonly source: string
}

/** `sync` with an embedder: one, behind all sources. */
interface EmbeddingLine {
  readonly type: 'embedding'
  readonly dryRun: boolean
  /** What makes the vectors. */
  readonly model: string
  /** Passages; null where an error ended it, and in a dry run. */
  readonly embedded: number | null
  /** `<document id>#<ordinal>`: the model refuses these, each for a reason. */
  readonly refused?: readonly { readonly id: string; readonly reason: string }[]
  /** Stored passages without a vector of this model, and about how many tokens they are. */
  readonly waiting: { readonly texts: number; readonly tokens: number }
}

/** `test`: one a scenario. */
interface ScenarioLine {
  readonly type: 'scenario'
  /** The scenario's folder, relative to the working folder. */
  readonly name: string
  readonly outcome: 'same' | 'differs' | 'updated'
  /** Expected files that differ, or that were written. */
  readonly files: readonly string[]
  /** What `searches.yaml` expects and a search does not find. */
  readonly missed: readonly string[]
}

/** `eval`: one for all questions, and with `--by` one for those of each language, source and kind. */
export interface EvaluationLine {
  readonly type: 'evaluation'
  readonly by: 'all' | 'language' | 'source' | 'kind'
  /** Empty for all. */
  readonly value: string
  readonly questions: number
  readonly measures: Readonly<Record<string, number>>
  /** With `--baseline`, by measure: how much better than it, and how often chance does as much. */
  readonly baseline?: Readonly<Record<string, Comparison>>
  /** Milliseconds a question; for all, where questions were asked. */
  readonly latency?: { readonly p50: number; readonly p95: number }
  /** Of the corpus; null where the index was asked. */
  readonly documents?: number | null
}

/** `eval --fail-under`: one a floor. */
interface FloorLine {
  readonly type: 'floor'
  readonly measure: string
  readonly least: number
  readonly value: number
  readonly ok: boolean
}

/** `record`: when the recording is written. */
interface RecordingLine {
  readonly type: 'recording'
  readonly source: string
  readonly file: string
  readonly requests: number
}

/** `login`: the address at which to agree, and later the file in which the login is kept. */
type LoginLine = { readonly type: 'login'; readonly service: 'google' } & (
  | { readonly url: string }
  | { readonly file: string }
)

/** `logout`. */
interface LogoutLine {
  readonly type: 'logout'
  readonly service: 'google'
  readonly file: string
  /** False if nobody was logged in. */
  readonly removed: boolean
  /** Whether the service confirmed that it withdrew the access. */
  readonly revoked: boolean
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
interface IgnoredLine {
  readonly type: 'ignored'
  readonly source: string
  readonly id: string
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

/** `search`: one a passage, best first. */
export interface HitLine {
  readonly type: 'hit'
  readonly rank: number
  readonly id: string
  readonly source: string
  readonly title: string
  readonly url: string
  readonly path: readonly string[]
  /** The headings above the passage, outermost first. */
  readonly headings: readonly string[]
  readonly kind: Kind
  readonly updatedAt: string
  readonly score: number
  readonly snippet: {
    readonly text: string
    /** Matched words, as `[start, end)` in UTF-16 code units of `text`. */
    readonly highlights: readonly (readonly [number, number])[]
  }
  readonly chunk: { readonly id: string; readonly text: string; readonly start: number; readonly end: number }
}

/** `show`: the document. */
export interface DocumentLine {
  readonly type: 'document'
  readonly id: string
  readonly source: string
  readonly title: string
  readonly url: string
  readonly path: readonly string[]
  readonly kind: Kind
  readonly updatedAt: string
  readonly version: string
  readonly access: Access
  readonly language: string
  readonly losses: Losses
  readonly markdown: string
}

/** `show --losses`: what the conversion could not keep, by name. */
interface LossesLine {
  readonly type: 'losses'
  readonly id: string
  readonly losses: Losses
}

/** `export`: when it is done. */
interface ExportLine {
  readonly type: 'export'
  readonly folder: string
  readonly written: number
  readonly unchanged: number
  readonly removed: number
}

/** `review`: one a question, the most frequent first. */
interface QuestionLine {
  readonly type: 'question'
  readonly rank: number
  /** Tickets that ask it, newest first. */
  readonly tickets: readonly {
    readonly id: string
    readonly title: string
    readonly url: string
    readonly updatedAt: string
    /** Of what its readers would see. */
    readonly hash: string
    readonly state: 'new' | 'changed'
  }[]
  /** The first ticket's. */
  readonly markdown: string
}

/** `review --approve`: one a ticket. */
interface ApprovalLine {
  readonly type: 'approval'
  readonly id: string
  readonly level: 'customers' | 'public'
  readonly hash: string
  readonly file: string
}

/** `check`: one a thing that was tried. */
interface CheckLine {
  readonly type: 'check'
  readonly name: string
  readonly ok: boolean
  readonly message: string
  readonly hint?: string
}

/** `check --read-data`, `check --repair`: one a thing that is not as it was written, most serious first. */
interface DamageLine extends Damage {
  readonly type: 'damage'
}

/** `check --repair`: when it is done. */
interface RepairLine extends RepairReport {
  readonly type: 'repair'
}

/** `init`: when the file is written. */
interface InitLine {
  readonly type: 'init'
  readonly file: string
}

/** Any command: why it did not end well. The last line, or in `sync` the line after the source's. */
interface ErrorLine {
  readonly type: 'error'
  readonly code: string
  readonly message: string
  readonly hint?: string
}

/**
 * What `--json` prints on stdout: one object a line, told apart by `type`. Fields are added, never renamed or removed.
 * Times are ISO 8601 in UTC; ids are `<source>:<native id>`.
 * Those that tell of runs and of the index's state stand in json-lines-of-runs.ts.
 */
import type { Access } from '../core/access.ts'
import type { Kind, Losses } from '../core/document.ts'
import type { DocumentFeedback } from '../core/feedback.ts'
import type { Comparison } from '../query/evaluation/significance.ts'
import type { ExplainedHit, Explanation } from '../query/explain.ts'
import type {
  ChangeLine,
  CheckLine,
  DamageLine,
  DiffLine,
  ExplanationLine,
  FailureLine,
  ForgottenLine,
  IgnoredLine,
  QuarantinedLine,
  RepairLine,
  RunLine,
  StatusLine,
} from './json-lines-of-runs.ts'

export type JsonLine =
  | RunLine
  | ChangeLine
  | DiffLine
  | FailureLine
  | EmbeddingLine
  | ScenarioLine
  | EvaluationLine
  | GeneratedLine
  | AccessLine
  | FloorLine
  | RecordingLine
  | StatusLine
  | QuarantinedLine
  | IgnoredLine
  | ForgottenLine
  | ExplanationLine
  | HitLine
  | SearchedLine
  | AnswerLine
  | FeedbackLine
  | UnansweredLine
  | DocumentLine
  | LossesLine
  | ExportLine
  | PublishFolderLine
  | BundleLine
  | ArticleLine
  | HeldLine
  | PublicationLine
  | PageLine
  | HeldPageLine
  | QuestionLine
  | ApprovalLine
  | CheckLine
  | DamageLine
  | RepairLine
  | InitLine
  | LoginLine
  | LogoutLine
  | ServingLine
  | TokenLine
  | ErrorLine

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

/** `eval gen`. */
export interface GeneratedLine {
  readonly type: 'generated'
  readonly folder: string
  readonly questions: number
  /** Of these, so many are of tickets that link a document, */
  readonly tickets: number
  /** and so many of headings. */
  readonly headings: number
}

/** `eval access`: one a door. */
interface AccessLine {
  readonly type: 'access'
  readonly door: string
  /** Readers that asked. */
  readonly readers: number
  readonly queries: number
  /** Answers that hold a word of a document that the reader may not read. */
  readonly tokens: number
  /** Answers that differ in a byte from those of an index without such documents. */
  readonly differences: number
  /** Who asked what, of the first wrong answer; null where none is. */
  readonly first: string | null
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

/** `search`: one a document with the passage that answers best, best first. */
export interface HitLine extends ExtractOfHit {
  readonly type: 'hit'
  readonly rank: number
  readonly id: string
  readonly source: string
  readonly title: string
  readonly url: string
  readonly path: readonly string[]
  readonly kind: Kind
  readonly updatedAt: string
  /** What else of the document answers, best first. */
  readonly passages: readonly ExtractOfHit[]
  /** Where the passage is small: the markdown around it under the same headings, itself included. */
  readonly section?: { readonly text: string; readonly start: number; readonly end: number }
  /** `search --explain`: scores are higher for better ones, and comparable within one answer only. */
  readonly explanation?: Omit<ExplainedHit, 'hit'>
}

interface ExtractOfHit {
  /** The headings above the passage, outermost first. */
  readonly headings: readonly string[]
  readonly snippet: {
    readonly text: string
    /** Matched words, as `[start, end)` in UTF-16 code units of `text`. */
    readonly highlights: readonly (readonly [number, number])[]
  }
  readonly chunk: { readonly id: string; readonly text: string; readonly start: number; readonly end: number }
}

/** `search --explain`: one, in front of the passages. */
interface SearchedLine extends Omit<Explanation, 'hits'> {
  readonly type: 'searched'
}

/** `ask`: one a sentence, best first; none where there is no answer. */
export interface AnswerLine {
  readonly type: 'answer'
  readonly rank: number
  /** What the document's markdown says from `start` to `end`, in UTF-16 code units. */
  readonly text: string
  readonly id: string
  readonly source: string
  readonly title: string
  readonly url: string
  /** The headings above the sentence, outermost first. */
  readonly headings: readonly string[]
  readonly kind: Kind
  readonly updatedAt: string
  readonly start: number
  readonly end: number
}

/** `feedback`: one a document of which readers said something, those that helped least often first. */
export interface FeedbackLine extends Omit<DocumentFeedback, 'document'> {
  readonly type: 'feedback'
  readonly id: string
  /** Null: it is not stored any more. */
  readonly title: string | null
}

/** `feedback`: one a question after which what was read did not help, the most frequent first. */
export interface UnansweredLine {
  readonly type: 'unanswered'
  readonly query: string
  readonly votes: number
  /** Of what was read. */
  readonly ids: readonly string[]
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

/** `bundle`: when it is done. */
interface BundleLine {
  readonly type: 'bundle'
  readonly file: string
  readonly documents: number
  readonly bytes: number
  /** Tickets that the audience could read and that no person has reviewed as they are now. */
  readonly unreviewed: number
}

/** `publish folder`: when it is done. */
interface PublishFolderLine {
  readonly type: 'published'
  readonly folder: string
  readonly written: number
  readonly unchanged: number
  readonly removed: number
  /** Tickets that the audience could read and that no person has reviewed as they are now. */
  readonly unreviewed: number
}

/** `publish intercom`: one an article that was changed, or with `--plan` would be. */
interface ArticleLine {
  readonly type: 'article'
  /** `discard`: a draft that an interrupted run left. `hide`: it becomes a draft. */
  readonly do: 'create' | 'update' | 'delete' | 'hide' | 'discard'
  readonly why: 'changed' | 'unfinished' | 'adopted' | 'unpublished' | 'narrowed' | 'lost' | 'unchosen' | null
  /** Its id at Intercom; null for a new one. */
  readonly article: string | null
  readonly title: string
  readonly documents: readonly string[]
}

/** `publish intercom`: one an article that is left alone until a person has looked at it. */
interface HeldLine {
  readonly type: 'held'
  readonly why: 'edited' | 'gone' | 'exists' | 'open'
  readonly article: string | null
  readonly title: string
  readonly documents: readonly string[]
  /** Whether something is not done because of it. */
  readonly blocks: boolean
  /** Unified, from how unsilo left it to how it is; `''` where it wasn't edited. */
  readonly diff: string
}

/** `publish intercom`: one at the end of the articles, and one at the end of each target of pages. */
interface PublicationLine {
  readonly type: 'publication'
  /** `articles`, or the name of a target of pages: its source and whom they are for. */
  readonly target: string
  readonly dryRun: boolean
  readonly live: boolean
  readonly created: number
  readonly updated: number
  readonly unchanged: number
  readonly removed: number
  readonly hidden: number
  readonly held: number
  readonly failed: number
  /** Documents that the audience may read and that are not published, by why. */
  readonly leftOut: Readonly<Record<string, number>>
  /** Of pages: those in other languages, which Intercom takes as English ones. */
  readonly foreign?: number
  /** Of pages: those of which only the beginning was sent. */
  readonly cut?: number
}

/** `publish intercom`: one a page that was changed, or with `--plan` would be. */
interface PageLine {
  readonly type: 'page'
  readonly target: string
  /** `open`, `readdress` and `close` are of the content import source that pages are in. */
  readonly do: 'create' | 'update' | 'delete' | 'open' | 'readdress' | 'close'
  readonly why: 'narrowed' | 'lost' | 'unchosen' | null
  /** Null for a line of the import source. */
  readonly document: string | null
}

/** `publish intercom`: one a page that is left alone until a person has looked at it. */
interface HeldPageLine {
  readonly type: 'held-page'
  readonly target: string
  readonly why: 'edited' | 'gone'
  readonly document: string
  readonly title: string
  /** Whether something is not done because of it. */
  readonly blocks: boolean
  readonly diff: string
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

/** `serve`: from here on it answers. */
interface ServingLine {
  readonly type: 'serving'
  readonly host: string
  readonly port: number
}

/** `token`: it is shown this once. */
interface TokenLine {
  readonly type: 'token'
  readonly token: string
  /** What stands in the configuration. */
  readonly hash: string
}

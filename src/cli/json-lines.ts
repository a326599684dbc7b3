/**
 * What `--json` prints on stdout: one object a line, told apart by `type`. Fields are added, never renamed or removed.
 * Times are ISO 8601 in UTC; ids are `<source>:<native id>`.
 * Those of runs and of the index's state, of publishing, and of tests stand in files of their own beside this one.
 */
import type { Access } from '../core/access.ts'
import type { Kind, Losses } from '../core/document.ts'
import type { DocumentFeedback } from '../core/feedback.ts'
import type { ExplainedHit, Explanation } from '../query/explain.ts'
import type {
  ArticleLine,
  BundleLine,
  ExportLine,
  HeldLine,
  HeldPageLine,
  PageLine,
  PublicationLine,
  PublishFolderLine,
} from './json-lines-of-publishing.ts'
import type {
  ChangeLine,
  CheckLine,
  CopiedLine,
  CopyPlanLine,
  CopyPlanNotesLine,
  DamageLine,
  DiffLine,
  ExplanationLine,
  FailureLine,
  ForgottenLine,
  GenerationLine,
  IgnoredLine,
  QuarantinedLine,
  RepairLine,
  RunLine,
  StatusLine,
} from './json-lines-of-runs.ts'
import type {
  AccessLine,
  EvaluationLine,
  FloorLine,
  GeneratedLine,
  RecordingLine,
  ScenarioLine,
} from './json-lines-of-tests.ts'

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
  | CopyPlanLine
  | CopyPlanNotesLine
  | CopiedLine
  | GenerationLine
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

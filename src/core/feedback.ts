/** The port of what readers say of documents: whether they helped, and what was looked for. */

export interface Vote {
  /** The prefixed id of a document that its reader may read. */
  readonly document: string
  /** Tells whose votes are whose while the program runs. Never kept. */
  readonly asker: string
  readonly helpful: boolean
  /** What was asked before the document was read. */
  readonly query?: string
  readonly comment?: string
  /** ISO 8601, UTC. */
  readonly at: string
}

export interface FeedbackBook {
  /** Of one asker and one document the last vote counts. Throws DISK where it can't be kept. */
  add(vote: Vote): Promise<void>
  close(): Promise<void>
}

/** What was said of one document. */
export interface DocumentFeedback {
  readonly document: string
  readonly helpful: number
  readonly unhelpful: number
  /** Newest first: votes that came with words. */
  readonly remarks: readonly Remark[]
}

export interface Remark {
  readonly at: string
  readonly helpful: boolean
  readonly query?: string
  readonly comment?: string
}

/** A question after which what was read did not help. */
export interface UnansweredQuery {
  readonly query: string
  readonly votes: number
  readonly documents: readonly string[]
}

export interface Feedback {
  /** Those that helped least often first. */
  readonly documents: readonly DocumentFeedback[]
  /** The most frequent first. */
  readonly unanswered: readonly UnansweredQuery[]
}

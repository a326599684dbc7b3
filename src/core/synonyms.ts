/** What the owner of an index says to mean the same. */

/** One line of a synonyms file. */
export interface SynonymLine {
  /** ISO 639-1; null: whatever language is asked in. */
  readonly language: string | null
  /** What is asked for: each of these words or phrases. */
  readonly from: readonly string[]
  /** What is looked up for it. */
  readonly to: readonly string[]
}

/** A line as the analyser has it, for one word or phrase that it is about. */
export interface SynonymRule {
  /** Tokens, one after the other. */
  readonly from: readonly string[]
  /** Each of them tokens, one after the other. */
  readonly to: readonly (readonly string[])[]
  /** What was asked for is looked up too. */
  readonly isKept: boolean
}

/** Rules of a language by the first token of what they are about. */
export type Synonyms = (language: string) => ReadonlyMap<string, readonly SynonymRule[]>

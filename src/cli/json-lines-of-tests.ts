/** Lines of JSON that tell of recordings, and of how well questions are answered. See json-lines.ts. */
import type { Comparison } from '../query/evaluation/significance.ts'

/** `test`: one a scenario. */
export interface ScenarioLine {
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
  /** Whose vectors were asked beside words, null where words alone were; for all, where questions were asked. */
  readonly embedder?: string | null
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
export interface AccessLine {
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
export interface FloorLine {
  readonly type: 'floor'
  readonly measure: string
  readonly least: number
  readonly value: number
  readonly ok: boolean
}

/** `record`: when the recording is written. */
export interface RecordingLine {
  readonly type: 'recording'
  readonly source: string
  readonly file: string
  readonly requests: number
}

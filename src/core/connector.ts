/** What a connector says of a source. The core decides what to do about it. */
import type { AccessPolicy, Level } from './access.ts'
import type { Body, Head } from './document.ts'
import type { Json, Schema } from './json.ts'

/** What a recording may keep of one answer of a source. */
export interface Recordable {
  /** The answer, with nothing in it that the connector does not read. */
  readonly answer: Json
  /** The people named in it, whose data is removed wherever it stands in the recording. */
  readonly people: readonly string[]
}

/** Something of a source's own that is personal data too: `customer number` becomes `[CUSTOMER_NUMBER_1]`. */
export interface RedactPattern {
  readonly name: string
  /** A regular expression as text. */
  readonly pattern: string
}

/** What is removed from a source's texts beside what is always removed; null: nothing at all. */
export type RedactPolicy = { readonly patterns: readonly RedactPattern[] } | null

/** How a connector knows that it has yielded every live document. */
export interface Receipt {
  /** Listing pages read. */
  readonly pages: number
  /** Distinct documents seen. */
  readonly seen: number
  readonly duplicates: number
  /** The source's own count, where it has one. */
  readonly counted?: number
  readonly ended: 'no-next-link' | 'end-of-stream'
}

export type Notes = Readonly<Record<string, string>>

export type Change<C = Json> =
  /**
   * A pass over everything starts here: what earlier runs saw, and what this one said before, counts no more. Only a pass
   * that began can end with a receipt. `since: null` begins one by itself; a feed of changes since a cursor never does.
   */
  | { readonly type: 'begin' }
  /**
   * `load` is lazy: called only when the version is new to the index, with the head's id. Loads may run concurrently.
   * One function for all documents takes less memory than one for each: a first sync holds them until the end.
   */
  | { readonly type: 'upsert'; readonly head: Head; readonly load: (id: string) => Promise<Body> }
  | { readonly type: 'delete'; readonly id: string }
  /** Seen and deliberately not taken (a draft, too large, not resolved); a stored one is removed. */
  | { readonly type: 'skip'; readonly id: string; readonly reason: string }
  /** With a receipt: every live document has been yielded since the pass began. */
  | {
      readonly type: 'checkpoint'
      /** Stored as it is: nothing personal may be in it. */
      readonly cursor: C
      readonly receipt?: Receipt
      /** Short facts worth showing in `status`, e.g. `{ restrictions: 'read 2026-05-01T02:00:00Z' }`. */
      readonly notes?: Notes
    }

export interface PullContext<Config> {
  readonly config: Config
  readonly access: AccessPolicy
  /** Already carries timeouts, retries and limits; throws `UnsiloError` for answers that stay bad. */
  readonly fetch: typeof fetch
  readonly signal: AbortSignal
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

export interface Connector<Config = unknown, C = Json> {
  readonly name: string
  /** What a source gets whose configuration names no level; `staff` unless told. */
  readonly level?: Level
  /** Whether personal data is removed from a source whose configuration does not say; no unless told. */
  readonly redact?: boolean
  /** Absent: answers are recorded as they came. */
  readonly recordable?: (answer: Json) => Recordable
  readonly config: Schema<Config>
  readonly cursor: Schema<C>
  /** `since: null` is from the beginning. Throws on any listing that failed: an error is never an empty list. */
  pull(context: PullContext<Config>, since: C | null): AsyncIterable<Change<C>>
}

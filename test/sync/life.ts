/** What a history is lived by: a loop, a source of one of two shapes, and an index of it. */
import type { UnsiloError as UnsiloErrorType } from '../../src/core/errors.ts'
import type { Store } from '../../src/core/store.ts'
import type { SyncOptions, SyncReport } from '../../src/sync/sync.ts'
import type { Operation, World } from './world.ts'

/** The loop under test, with its own error class: a planted copy of the sources has its own. */
export interface Loop {
  readonly syncSource: (options: SyncOptions) => Promise<SyncReport>
  readonly UnsiloError: typeof UnsiloErrorType
}

/** Defects that live in a connector rather than in the loop. */
export interface ConnectorDefects {
  readonly swallowsListingErrors?: boolean
  readonly givesReceiptForFeed?: boolean
  readonly loadsWhateverVersion?: boolean
}

export type SourceShape = 'feed' | 'list'

/**
 * `always`: every page names its writer, and redaction is on from the first run. `changing`: every run has the redaction
 * that its step says, and the last ones have it.
 */
export type Redaction = 'never' | 'always' | 'changing'

export interface Accidents {
  readonly failListingAt: number | null
  readonly failLoadsOf: readonly string[]
  /** Requests and bodies until its time is over. */
  readonly cutAfter: number | null
  /** A person allows next to nothing. */
  readonly isGuarded: boolean
  readonly dieAtWrite: { readonly at: number; readonly when: 'before' | 'after' } | null
  /** Operations in the middle of the run, before its n-th request. */
  readonly meanwhile: { readonly at: number; readonly operations: readonly Operation[] } | null
}

export interface Life {
  readonly shape: SourceShape
  readonly world: World
  readonly store: Store
  readonly loop: Loop
  readonly redaction: Redaction
  readonly defects: ConnectorDefects
  /** Versions that a person said to leave alone, by page. */
  readonly ignored: Map<string, string>
  readonly wronglyLoaded: string[]
  clock: number
}

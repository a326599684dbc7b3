/** What the tools of MCP ask, and in whose name. */

import type { Principal } from '../../core/access.ts'
import type { Ledger } from '../../core/ledger.ts'
import type { Shelves } from '../../core/shelves.ts'
import type { Index } from '../../core/store.ts'
import type { Ask } from '../asking/ask.ts'

export interface Door {
  /** For what is looked up in no time. */
  readonly index: Index & Shelves & Pick<Ledger, 'sources'>
  /** For what has to be searched. */
  readonly ask: Ask
  /** The base that readers reach this server by, without a slash at its end. */
  readonly publicUrl: string | undefined
  /** Of this program. */
  readonly version: string
  /** Told of what went wrong here, which is not said to who asks. */
  report(thrown: unknown): void
}

/** Who asks: `[]` reads what is public. */
export type Asker = readonly Principal[]

/** What the tools of MCP ask, and in whose name. */
import type { Index, Ledger, Principal } from '../../core/types.ts'
import type { Arm } from '../../query/arms.ts'

export interface Door {
  readonly index: Index & Pick<Ledger, 'sources'>
  /** Retrievers beside the one by words. */
  arms(text: string): Promise<readonly Arm[]>
  /** The base that readers reach this server by, without a slash at its end. */
  readonly publicUrl: string | undefined
  /** Of this program. */
  readonly version: string
  /** Told of what went wrong here, which is not said to who asks. */
  report(thrown: unknown): void
}

/** Who asks: `[]` reads what is public. */
export type Asker = readonly Principal[]

/** What one audience is given, wherever it goes: what it may read, and of tickets what a person has reviewed. */
import { readFile } from 'node:fs/promises'
import { approvalsOf, readReview } from '../config/review.ts'
import { canRead, type Principal } from '../core/access.ts'
import type { StoredDocument } from '../core/document.ts'
import type { Approvals } from '../core/review.ts'
import type { Store } from '../core/store.ts'
import { isPublishable } from '../publish/audience.ts'

export interface Audience {
  /** In id order; each reading is a new one. */
  readonly documents: () => AsyncIterable<StoredDocument>
  /** Tickets that the last reading left out. */
  readonly unreviewed: () => number
}

interface Asked {
  readonly as: readonly Principal[]
  /** Empty is all. */
  readonly sources: readonly string[]
}

export async function readApprovals(reviewFile: string): Promise<Approvals> {
  return approvalsOf(await readReview(reviewFile, (path) => readFile(path, 'utf8')))
}

export function audienceOf(store: Store, { as, sources }: Asked, approvals: Approvals): Audience {
  let unreviewed = 0
  return {
    async *documents() {
      unreviewed = 0
      for await (const document of store.documents(as, sources.length === 0 ? undefined : sources)) {
        if (isPublishable(document, as, approvals)) yield document
        else if (canRead(document.head.access, as)) unreviewed += 1
      }
    },
    unreviewed: () => unreviewed,
  }
}

/**
 * All that the index holds, whoever may read it: what is not among them is gone, and not only hidden. Throws LOCKED where another
 * index has taken this one's place: what only that one holds was never hidden.
 */
export async function idsIn(store: Store): Promise<ReadonlySet<string>> {
  const ids = new Set<string>()
  for (const source of await store.sources()) for (const id of await store.ids(source)) ids.add(id)
  await store.checkCurrent?.()
  return ids
}

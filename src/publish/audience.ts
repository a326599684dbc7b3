/** What of an index an audience is given where it leaves the index for good: nobody asks again who reads it there. */
import { canRead, levelAccess, type Principal } from '../core/access.ts'
import type { StoredDocument } from '../core/document.ts'
import { type Approvals, reviewHash } from '../core/review.ts'

/** The audience may read it, and of a ticket a person has said so of the very text that it has now. */
export function isPublishable(
  { head, markdown }: Pick<StoredDocument, 'head' | 'markdown'>,
  audience: readonly Principal[],
  approvals: Approvals,
): boolean {
  if (!canRead(head.access, audience)) return false
  if (head.kind !== 'ticket') return true
  const approval = approvals.get(head.id)
  return (
    approval !== undefined &&
    approval.hash === reviewHash(head, markdown) &&
    canRead(levelAccess(approval.level), audience)
  )
}

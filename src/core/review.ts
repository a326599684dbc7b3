/** Which tickets a person has let more people read, and as what text: the one way above a source's level. */

import { type Access, type AccessPolicy, isWider, type Level, levelAccess, sameAccess } from './access.ts'
import type { Head } from './document.ts'
import { canonicalJson, sha256 } from './ids.ts'

/** A person's word that a ticket may be read above its source's level, as long as it says just what it said. */
export interface Approval {
  readonly level: Exclude<Level, 'staff'>
  /** Of the redacted text, as `reviewHash` makes it. */
  readonly hash: string
}

/** By prefixed id. */
export type Approvals = ReadonlyMap<string, Approval>

/** Characters of a SHA-256 in the file: nobody finds another text for it. */
const HASH_LENGTH = 32

/** Of everything that a reader is shown: the redacted text and title, the path and the labels. */
export function reviewHash({ title, path, labels = [] }: Head, markdown: string): string {
  return sha256(canonicalJson([title, path, labels, markdown])).slice(0, HASH_LENGTH)
}

/**
 * Who may read a ticket by its approval; null where that is nobody more than before: the text is another one than was
 * approved, the source itself restricts the ticket, or the level is no higher.
 */
export function approvedAccess(
  head: Head,
  markdown: string,
  approval: Approval | undefined,
  { level }: Pick<AccessPolicy, 'level'>,
): Access | null {
  if (approval === undefined || head.kind !== 'ticket') return null
  const own = levelAccess(level)
  const approved = levelAccess(approval.level)
  if (!sameAccess(head.access, own) || !isWider(own, approved)) return null
  return reviewHash(head, markdown) === approval.hash ? approved : null
}

/** What a stored ticket's access was without an approval, where it may have had one. */
export function unapprovedAccess({ kind, access }: Head, { level }: Pick<AccessPolicy, 'level'>): Access {
  const own = levelAccess(level)
  const isRisen = (['public', 'customers'] as const).some((higher) => sameAccess(access, levelAccess(higher)))
  return kind === 'ticket' && isRisen && isWider(own, access) ? own : access
}

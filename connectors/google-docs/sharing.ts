/** Whom documents are shared with, and what a run has to say about that. */
import type { Access, AccessPolicy } from '../../src/core/access.ts'
import { AT_A_TIME, forEachConcurrently } from '../../src/core/concurrently.ts'
import type { Notes } from '../../src/core/connector.ts'
import { accessOf, type Rules, readersOf } from './access.ts'
import type { Drive, DriveFile } from './answers.ts'
import type { GoogleClient } from './client.ts'
import type { Found } from './crawl.ts'

export interface Sharing {
  /** By document; null where the account may not read them. */
  readonly permissions: ReadonlyMap<string, readonly unknown[] | null>
  /** By shared drive; null for one that the account is no member of. */
  readonly drives: ReadonlyMap<string, Drive | null>
}

/** Permissions that the listing left out are asked for, one request a document; a shared drive's rules, one a drive. */
export async function readSharing(client: GoogleClient, documents: readonly Found[]): Promise<Sharing> {
  const permissions = new Map(documents.map(({ file }) => [file.id, file.permissions]))
  const missing = documents.flatMap(({ file }) => (file.permissions === null ? [file.id] : []))
  const drives = new Map<string, Drive | null>()
  const driveIds = new Set(documents.flatMap(({ file }) => file.driveId ?? []))
  await forEachConcurrently(driveIds, AT_A_TIME, async (id) => void drives.set(id, await client.drive(id)))
  await forEachConcurrently(missing, AT_A_TIME, async (id) => void permissions.set(id, await client.permissions(id)))
  return { permissions, drives }
}

export function fileAccess(file: DriveFile, sharing: Sharing, policy: AccessPolicy): Access {
  return accessOf(sharing.permissions.get(file.id) ?? null, policy, rulesOf(file, sharing))
}

/** What keeps documents from all readers, for whoever wonders why a search finds nothing. */
export function sharingNotes(documents: readonly Found[], sharing: Sharing, policy: AccessPolicy): Notes {
  const unreadable = [...sharing.permissions.values()].filter((each) => each === null).length
  const names = new Map<string, number>()
  let unmapped = 0
  for (const { file } of documents) {
    const readers = readersOf(sharing.permissions.get(file.id) ?? null, rulesOf(file, sharing))
    const access = fileAccess(file, sharing, policy)
    if (readers.length === 0 || access === 'public' || access.length > 0) continue
    unmapped += 1
    for (const name of new Set(readers.map(withoutPerson))) names.set(name, (names.get(name) ?? 0) + 1)
  }
  const most = [...names].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, MOST_NAMES)
  return {
    ...(unmapped > 0 && {
      hidden: `nobody may read ${counted(unmapped)}: not in principals: ${most.map(([name, count]) => `${name} (${count})`).join(', ')}`,
    }),
    ...(unreadable > 0 && {
      permissions: `of ${counted(unreadable)} can’t be read by the account: nobody may read those`,
    }),
  }
}

function counted(number: number): string {
  return `${number} document${number === 1 ? '' : 's'}`
}

const MOST_NAMES = 10

/** Notes are kept, and whom a document was shared with is nobody's business. */
function withoutPerson(name: string): string {
  return name.startsWith('user:') ? 'user:…' : name
}

function rulesOf({ driveId, limited }: DriveFile, { drives }: Sharing): Rules {
  if (driveId === null) return { membersOnly: false, domainOnly: false, limited }
  // Of a drive that the account is no member of it can't know that anyone may read.
  const { membersOnly, domainOnly } = drives.get(driveId) ?? { membersOnly: false, domainOnly: true }
  return { membersOnly, domainOnly, limited }
}

/**
 * Who may read a file, from its permissions. Drive lists all of them at each file, inherited ones included, so whoever one
 * of them lets in may read; https://developers.google.com/workspace/drive/api/reference/rest/v3/permissions
 */
import { z } from 'zod'
import { effectiveAccess } from '../../src/core/access.ts'
import type { Access, AccessPolicy } from '../../src/core/types.ts'
import type { Drive } from './answers.ts'

const permission = z.object({
  type: z.string(),
  emailAddress: z.string().min(1).nullish(),
  domain: z.string().min(1).nullish(),
  allowFileDiscovery: z.boolean().nullish(),
  deleted: z.boolean().nullish(),
  view: z.string().nullish(),
  expirationTime: z.string().nullish(),
  permissionDetails: z.array(z.object({ permissionType: z.string().nullish() })).nullish(),
})

/** What a shared drive forbids, whatever its files’ permissions say. */
export type DriveRules = Pick<Drive, 'membersOnly' | 'domainOnly'>

/** Of a file in nobody’s shared drive. */
const NO_RULES: DriveRules = { membersOnly: false, domainOnly: false }

/** Of a shared drive that the account sees only files of: it can’t know that anyone may read them. */
const UNKNOWN_RULES: DriveRules = { membersOnly: false, domainOnly: true }

/**
 * Names for `principals`: `user:MAIL`, `group:MAIL`, `domain:DOMAIN` and `anyone` where the file can be found, and
 * `domain-with-link:DOMAIN` and `anyone-with-link` where only its address lets in. A file that anyone can find is not
 * restricted.
 *
 * @param permissions as answered; null for unreadable, which lets nobody in, as does an entry that isn't understood
 * @param rules of the shared drive that the file is in; null where they can't be read
 */
export function accessOf(
  permissions: readonly unknown[] | null,
  policy: AccessPolicy,
  rules: DriveRules | null = NO_RULES,
): Access {
  if (permissions === null) return []
  const names = readersOf(permissions, rules)
  return effectiveAccess(names.includes('anyone') ? [] : [names], policy)
}

/** The names alone, of whom some may be in no `principals`. */
export function readersOf(permissions: readonly unknown[] | null, rules: DriveRules | null = NO_RULES): string[] {
  return (permissions ?? []).flatMap((entry) => readerName(entry, rules ?? UNKNOWN_RULES))
}

/**
 * None for an account that was deleted, for one that sees less than the file, and for one that is let in for a time: when
 * that ends, nothing may tell of it.
 */
function readerName(entry: unknown, { membersOnly, domainOnly }: DriveRules): string[] {
  const read = permission.safeParse(entry).data
  if (read === undefined || read.deleted === true || read.view || read.expirationTime) return []
  if (membersOnly && !read.permissionDetails?.some(({ permissionType }) => permissionType === 'member')) return []
  if (domainOnly && read.type === 'anyone') return []
  const link = read.allowFileDiscovery === true ? '' : '-with-link'
  if (read.type === 'anyone') return [`anyone${link}`]
  if (read.type === 'domain') return read.domain ? [`domain${link}:${read.domain.toLowerCase()}`] : []
  if (read.type !== 'user' && read.type !== 'group') return []
  return read.emailAddress ? [`${read.type}:${read.emailAddress.toLowerCase()}`] : []
}

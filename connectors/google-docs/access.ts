/**
 * Who may read a file, from its permissions. Drive lists all of them at each file, inherited ones included, so whoever one
 * of them lets in may read; https://developers.google.com/workspace/drive/api/reference/rest/v3/permissions
 */
import { z } from 'zod'
import { type Access, type AccessPolicy, effectiveAccess } from '../../src/core/access.ts'
import type { Drive, DriveFile } from './answers.ts'

const permission = z.object({
  type: z.string(),
  emailAddress: z.string().min(1).nullish(),
  domain: z.string().min(1).nullish(),
  allowFileDiscovery: z.boolean().nullish(),
  deleted: z.boolean().nullish(),
  view: z.string().nullish(),
  expirationTime: z.string().nullish(),
  role: z.string().nullish(),
  inheritedPermissionsDisabled: z.boolean().nullish(),
  permissionDetails: z
    .array(z.object({ permissionType: z.string().nullish(), inherited: z.boolean().nullish() }))
    .nullish(),
})

type Permission = z.infer<typeof permission>

/** What keeps readers out whom a permission lets in. */
export type Rules = Pick<Drive, 'membersOnly' | 'domainOnly'> & Pick<DriveFile, 'limited'>

const NO_RULES: Rules = { membersOnly: false, domainOnly: false, limited: false }

/** Whom limited access keeps in, however they came to their permission. */
const ALWAYS_IN = ['owner', 'organizer']

/**
 * Names for `principals`: `user:MAIL`, `group:MAIL`, `domain:DOMAIN` and `anyone` where the file can be found, and
 * `domain-with-link:DOMAIN` and `anyone-with-link` where only its address lets in. A file that anyone can find is not
 * restricted.
 *
 * @param permissions as answered; null for unreadable, which lets nobody in, as does an entry that isn't understood
 */
export function accessOf(
  permissions: readonly unknown[] | null,
  policy: AccessPolicy,
  rules: Rules = NO_RULES,
): Access {
  if (permissions === null) return []
  const names = readersOf(permissions, rules)
  return effectiveAccess(names.includes('anyone') ? [] : [names], policy)
}

/** The names alone, of whom some may be in no `principals`. */
export function readersOf(permissions: readonly unknown[] | null, rules: Rules): string[] {
  return (permissions ?? []).flatMap((entry) => readerName(entry, rules))
}

/**
 * None for an account that was deleted, for one that sees less than the file, and for one that is let in for a time: when
 * that ends, nothing may tell of it.
 */
function readerName(entry: unknown, rules: Rules): string[] {
  const read = permission.safeParse(entry).data
  if (read === undefined || read.deleted === true || read.view || read.expirationTime) return []
  if (isKeptOut(read, rules)) return []
  const link = read.allowFileDiscovery === true ? '' : '-with-link'
  if (read.type === 'anyone') return [`anyone${link}`]
  if (read.type === 'domain') return read.domain ? [`domain${link}:${read.domain.toLowerCase()}`] : []
  if (read.type !== 'user' && read.type !== 'group') return []
  return read.emailAddress ? [`${read.type}:${read.emailAddress.toLowerCase()}`] : []
}

/** https://developers.google.com/workspace/drive/api/guides/limited-expansive-access */
function isKeptOut({ type, role, permissionDetails, inheritedPermissionsDisabled }: Permission, rules: Rules): boolean {
  const details = permissionDetails ?? []
  if (rules.domainOnly && type === 'anyone') return true
  if (rules.membersOnly && !details.some(({ permissionType }) => permissionType === 'member')) return true
  const isLimited = rules.limited || inheritedPermissionsDisabled === true
  return isLimited && !ALWAYS_IN.includes(role ?? '') && !details.some(({ inherited }) => inherited === false)
}

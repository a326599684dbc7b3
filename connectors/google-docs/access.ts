/**
 * Who may read a file, from its permissions. Drive lists all of them at each file, inherited ones included, so whoever one
 * of them lets in may read; https://developers.google.com/workspace/drive/api/reference/rest/v3/permissions
 */
import { z } from 'zod'
import { effectiveAccess } from '../../src/core/access.ts'
import type { Access, AccessPolicy } from '../../src/core/types.ts'

const permission = z.object({
  type: z.string(),
  emailAddress: z.string().min(1).nullish(),
  domain: z.string().min(1).nullish(),
  allowFileDiscovery: z.boolean().nullish(),
  deleted: z.boolean().nullish(),
  view: z.string().nullish(),
  expirationTime: z.string().nullish(),
})

/**
 * Names for `principals`: `user:MAIL`, `group:MAIL`, `domain:DOMAIN` and `anyone` where the file can be found, and
 * `domain-with-link:DOMAIN` and `anyone-with-link` where only its address lets in. A file that anyone can find is not
 * restricted.
 *
 * @param permissions as answered; null for unreadable, which lets nobody in, as does an entry that isn't understood
 */
export function accessOf(permissions: readonly unknown[] | null, policy: AccessPolicy): Access {
  if (permissions === null) return []
  const names = permissions.flatMap(readerName)
  return effectiveAccess(names.includes('anyone') ? [] : [names], policy)
}

/**
 * None for an account that was deleted, for one that sees less than the file, and for one that is let in for a time: when
 * that ends, nothing may tell of it.
 */
function readerName(entry: unknown): string[] {
  const read = permission.safeParse(entry).data
  if (read === undefined || read.deleted === true || read.view || read.expirationTime) return []
  const link = read.allowFileDiscovery === true ? '' : '-with-link'
  if (read.type === 'anyone') return [`anyone${link}`]
  if (read.type === 'domain') return read.domain ? [`domain${link}:${read.domain.toLowerCase()}`] : []
  if (read.type !== 'user' && read.type !== 'group') return []
  return read.emailAddress ? [`${read.type}:${read.emailAddress.toLowerCase()}`] : []
}

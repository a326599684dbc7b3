/**
 * Who may read an article. The source's names for its readers are mapped by `principals`; what isn't mapped lets nobody
 * in, and the level of the source is the most that any article gets.
 */
import { effectiveAccess, levelAccess, narrower } from '../../src/core/access.ts'
import type { Access, AccessPolicy } from '../../src/core/types.ts'

/** @param conditions the source's names for what limits the readers; all must hold, and none is no limit */
export function articleAccess(conditions: readonly string[], policy: AccessPolicy): Access {
  const access = effectiveAccess(
    conditions.map((name) => [name]),
    policy,
  )
  return narrower(access, levelAccess(policy.level))
}

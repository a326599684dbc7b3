/**
 * Who may read an article. The source's names for its readers are mapped by `principals`; what isn't mapped lets nobody
 * in, and the level of the source is the most that any article gets.
 */

import { type Access, type AccessPolicy, effectiveAccess, levelAccess, narrower } from '../../src/core/access.ts'

/** @param restrictions what limits the readers: each list holds the source's names of who may read, and all must hold */
export function articleAccess(restrictions: readonly (readonly string[])[], policy: AccessPolicy): Access {
  return narrower(effectiveAccess(restrictions, policy), levelAccess(policy.level))
}

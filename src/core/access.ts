/** Who may read what. Unknown means nobody; what can't be said as one list is narrowed, never widened. */

/** One reader or group of readers. `group:customers` and `group:staff` are the usual two. */
export type Principal = `user:${string}` | `group:${string}`

/** Who may read a document. `[]` is nobody. */
export type Access = 'public' | readonly Principal[]

/** What a source's unrestricted documents get. `customers` is read by staff too. */
export type Level = 'public' | 'customers' | 'staff'

/** A source's access settings: what an unrestricted document gets, and what the source's readers are called here. */
export interface AccessPolicy {
  readonly level: Level
  /** From the source's name of a group or user (as its connector's README says) to our principals. */
  readonly principals: Readonly<Record<string, readonly Principal[]>>
}

const PRINCIPAL = /^(user|group):\S(.*\S)?$/

export function isPrincipal(text: string): text is Principal {
  return PRINCIPAL.test(text)
}

export function canRead(access: Access, as: readonly Principal[]): boolean {
  return access === 'public' || access.some((principal) => as.includes(principal))
}

/** Readers of both. */
export function narrower(a: Access, b: Access): Access {
  if (a === 'public') return b
  if (b === 'public') return a
  return a.filter((principal) => b.includes(principal))
}

/** Does `next` let someone read who could not before? */
export function isWider(previous: Access, next: Access): boolean {
  if (previous === 'public') return false
  if (next === 'public') return true
  return next.some((principal) => !previous.includes(principal))
}

export function sameAccess(a: Access, b: Access): boolean {
  return !isWider(a, b) && !isWider(b, a)
}

/** The form that is stored: sorted, without repeats. */
export function normalizeAccess(access: Access): Access {
  return access === 'public' ? access : [...new Set(access)].sort()
}

export function levelAccess(level: Level): Access {
  if (level === 'public') return 'public'
  return level === 'customers' ? ['group:customers', 'group:staff'] : ['group:staff']
}

/**
 * The access of a document from the restrictions that apply to it, its own and every inherited one. Each restriction
 * lists the source's names of who may read; all must hold, so their readers are intersected. Unmapped names are
 * dropped; restricted with none left is nobody; no restriction at all is the source's level.
 */
export function effectiveAccess(restrictions: readonly (readonly string[])[], policy: AccessPolicy): Access {
  if (restrictions.length === 0) return levelAccess(policy.level)
  return restrictions
    .map((names): Access => normalizeAccess(names.flatMap((name) => ownValue(policy.principals, name) ?? [])))
    .reduce(narrower)
}

function ownValue<T>(record: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

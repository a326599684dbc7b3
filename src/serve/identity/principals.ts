/** Whom a user reads as: as themselves, as everybody who is known does, and as the configuration makes of claims. */
import type { Principal } from '../../core/access.ts'
import type { User } from './jwt.ts'

export interface PrincipalRules {
  readonly as: readonly Principal[]
  /** By claim, then by its value. */
  readonly claims: Readonly<Record<string, Readonly<Record<string, readonly Principal[]>>>>
}

/** A value that the configuration does not name gives nothing. A list gives what each of its values does. */
export function principalsOf({ id, claims }: User, rules: PrincipalRules): readonly Principal[] {
  const mapped = Object.entries(rules.claims).flatMap(([claim, byValue]) => {
    if (!Object.hasOwn(claims, claim)) return []
    return [claims[claim]].flat().flatMap((value) => mappedTo(value, byValue))
  })
  return [...new Set<Principal>([`user:${id}`, ...rules.as, ...mapped])]
}

function mappedTo(value: unknown, byValue: Readonly<Record<string, readonly Principal[]>>): readonly Principal[] {
  if (!['string', 'number', 'boolean'].includes(typeof value)) return []
  const name = String(value)
  return Object.hasOwn(byValue, name) ? (byValue[name] ?? []) : []
}

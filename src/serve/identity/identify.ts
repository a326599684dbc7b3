/** Who asks, from what a request carries: nobody in particular, a user, a program, or somebody who is refused. */
import type { Principal } from '../../core/access.ts'
import { type JwtRules, userOf } from './jwt.ts'
import { type PrincipalRules, principalsOf } from './principals.ts'
import { type Right, type ServiceToken, serviceOf, TOKEN_PREFIX } from './tokens.ts'

export interface IdentityRules {
  /** Absent: no user's token is good. */
  readonly jwt?: (JwtRules & PrincipalRules) | undefined
  readonly tokens: readonly ServiceToken[]
}

export interface Identity {
  readonly kind: 'nobody' | 'user' | 'service'
  /** Tells who it is among all of the kind. */
  readonly name: string
  readonly as: readonly Principal[]
  readonly may: readonly Right[]
}

/** `Bearer` in any case, and a token in the letters that RFC 6750 allows. One space, so that it is written in one way only. */
const BEARER = /^bearer ([\w.~+/-]+=*)$/i

/**
 * Null for whoever carries something that is not good: they never become nobody in particular, since a reader whose token
 * has ended would take what they may no longer see for what isn't there.
 */
export async function identityOf(
  authorization: string | undefined,
  rules: IdentityRules,
  now: number,
): Promise<Identity | null> {
  if (authorization === undefined) return { kind: 'nobody', name: '', as: [], may: [] }
  const token = BEARER.exec(authorization)?.[1]
  if (token === undefined) return null
  if (token.startsWith(TOKEN_PREFIX)) {
    const service = serviceOf(token, rules.tokens)
    return service === null ? null : { kind: 'service', name: service.name, as: service.as, may: service.may ?? [] }
  }
  const user = rules.jwt === undefined ? null : await userOf(token, rules.jwt, now)
  return user === null || rules.jwt === undefined
    ? null
    : { kind: 'user', name: user.id, as: principalsOf(user, rules.jwt), may: [] }
}

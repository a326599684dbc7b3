/**
 * A user's token, as messengers make them: a JWT signed with HS256, and with nothing else. Whatever is unusual about one is
 * refused (RFC 8725): the header chooses neither the algorithm nor the key, and nothing that it names is fetched.
 */
import { errors, type JWTPayload, jwtVerify } from 'jose'

export interface JwtRules {
  /** At least 32 bytes each. All of them are good. */
  readonly secrets: readonly string[]
  readonly audience?: string | undefined
  /** How far away `exp` may be. */
  readonly maxHours: number
}

export interface User {
  readonly id: string
  readonly claims: Readonly<Record<string, unknown>>
}

/** Clocks of two machines differ. */
const SKEW_S = 60
const LONGEST_ID = 255

/** Null for a token that is not good, whatever the reason: who made it has to look at it anyway. */
export async function userOf(token: string, rules: JwtRules, now: number): Promise<User | null> {
  if (!isCanonical(token)) return null
  for (const secret of rules.secrets) {
    const payload = await verified(token, secret, rules, now)
    if (payload !== null) return livesTooLong(payload, rules, now / 1000) ? null : userIn(payload)
  }
  return null
}

async function verified(token: string, secret: string, rules: JwtRules, now: number): Promise<JWTPayload | null> {
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), {
      algorithms: ['HS256'],
      requiredClaims: ['exp'],
      clockTolerance: SKEW_S,
      currentDate: new Date(now),
      ...(rules.audience !== undefined && { audience: rules.audience }),
    })
    return payload
  } catch (thrown) {
    if (thrown instanceof errors.JOSEError) return null
    throw thrown
  }
}

/** Each part in the one spelling that its bytes have: a token can't be written in two ways. */
function isCanonical(token: string): boolean {
  const parts = token.split('.')
  return parts.length === 3 && parts.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part)
}

function livesTooLong({ exp, iat }: JWTPayload, { maxHours }: JwtRules, now: number): boolean {
  if (exp === undefined || exp > now + maxHours * 3600 + SKEW_S) return true
  return iat !== undefined && (typeof iat !== 'number' || iat > now + SKEW_S)
}

/** `user_id` as Intercom names it, else `sub`. One of the wrong kind is not made up for by the other. */
function userIn(payload: JWTPayload): User | null {
  const id = payload['user_id'] ?? payload.sub
  if (typeof id !== 'string' || id.trim() !== id || id === '' || Buffer.byteLength(id) > LONGEST_ID) return null
  return { id, claims: payload }
}

/** Service tokens: for programs, made by us of 256 random bits, kept as hashes. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Principal } from '../../core/access.ts'

export interface ServiceToken {
  readonly name: string
  /** As `hashOf` makes it. */
  readonly hash: string
  readonly as: readonly Principal[]
  /** What else than read documents. */
  readonly may?: readonly Right[]
}

export type Right = 'metrics'

/** Tells a service token from a user's, and lets scanners for secrets find one that was published. */
export const TOKEN_PREFIX = 'unsilo_'
const BYTES = 32

/** @param random that many bytes nobody can guess */
export function newToken(random: (bytes: number) => Buffer = randomBytes): string {
  return TOKEN_PREFIX + random(BYTES).toString('base64url')
}

/** A plain hash is enough: nobody tries 2^256 tokens out. */
export function hashOf(token: string): string {
  return `sha256:${createHash('sha256').update(token).digest('hex')}`
}

/** Whose it is, or null. Takes as long whichever it is, and whether or not it is one. */
export function serviceOf(token: string, known: readonly ServiceToken[]): ServiceToken | null {
  const hash = Buffer.from(hashOf(token))
  let found: ServiceToken | null = null
  for (const service of known) {
    const other = Buffer.from(service.hash)
    if (other.length === hash.length && timingSafeEqual(other, hash)) found = service
  }
  return found
}

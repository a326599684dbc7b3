/** Whom a token speaks for, so that what was kept for one reader is never shown to another. Nothing here trusts a token. */

export interface Reader {
  /** Tells two readers apart. Empty is nobody in particular. It can't be turned back into a token. */
  readonly key: string
  /** Milliseconds since 1970 after which nothing that was kept for this reader is shown; later when their token is renewed. */
  until: number
}

/** Of what says nothing about its own end: a service's token. */
const UNTOLD_MS = 60 * 60 * 1000
/** What changes each time a token is renewed for the same reader. */
const OF_ONE_TOKEN = new Set(['exp', 'iat', 'nbf', 'jti'])

export async function readerOf(token: string | null, now: number): Promise<Reader> {
  if (token === null) return { key: '', until: Number.POSITIVE_INFINITY }
  const claims = claimsOf(token)
  const lasting = Object.entries(claims ?? {}).filter(([name]) => !OF_ONE_TOKEN.has(name))
  const told = claims === null ? token : JSON.stringify(lasting.sort(([a], [b]) => (a < b ? -1 : 1)))
  const end = claims?.['exp']
  return { key: await digest(told), until: typeof end === 'number' ? end * 1000 : now + UNTOLD_MS }
}

function claimsOf(token: string): Readonly<Record<string, unknown>> | null {
  const [, payload, signature] = token.split('.')
  if (payload === undefined || signature === undefined) return null
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0))
    const claims: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof claims === 'object' ? (claims as Record<string, unknown> | null) : null
  } catch {
    return null
  }
}

/** Where the page may not hash (it came over plain HTTP) nothing is kept either: a key that nobody else has. */
async function digest(text: string): Promise<string> {
  if (globalThis.crypto?.subtle === undefined) return `unkept-${Math.random()}`
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return [...new Uint8Array(hash).slice(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** When to try again: which answers are temporary, how long a source asks to wait, how long to wait unasked. */
import { z } from 'zod'

/** The longest wait between two tries. A source that asks for more ends the run. */
export const MAX_WAIT_MS = 60_000

const BACKOFF_BASE_MS = 500
const BACKOFF_CAP_MS = 20_000
const LIMIT_BASE_MS = 8_000

const GOOGLE_RATE_LIMITS = ['rateLimitExceeded', 'userRateLimitExceeded']

const googleRefusal = z.object({ error: z.object({ errors: z.array(z.object({ reason: z.string() })) }) })

/** Reset headers, by the names that Confluence and Intercom, Zendesk, and the IETF draft use. */
const RESET_HEADERS = ['x-ratelimit-reset', 'x-rate-limit-reset', 'ratelimit-reset']

/** From here on a bare number is a moment in Unix seconds, below it a number of seconds to go. */
const UNIX_SECONDS_FROM = 1_000_000_000

export function isTemporary(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505)
}

/** 429, and the 403 by which Google says the same: https://developers.google.com/workspace/drive/api/guides/limits */
export async function isRateLimit(response: Response): Promise<boolean> {
  if (response.status !== 403) return response.status === 429
  const read = googleRefusal.safeParse(
    await response
      .clone()
      .json()
      .catch(() => null),
  )
  return read.success && read.data.error.errors.some(({ reason }) => GOOGLE_RATE_LIMITS.includes(reason))
}

/** Milliseconds that the answer asks to wait, at least 0; null if it doesn't say. */
export function askedWait({ status, headers }: Response, now: number): number | null {
  // Sources send these with every answer: only on a 429 are they why it failed.
  const resets = status === 429 ? RESET_HEADERS : []
  const texts = ['retry-after', ...resets].map((name) => headers.get(name))
  for (const text of texts) {
    const ms = text === null ? null : readWait(text.trim(), now)
    if (ms !== null) return Math.max(0, ms)
  }
  return null
}

/** Where a rate limit was met and no wait was asked for. The tries of a request bridge the minute that quotas are counted by. */
export function limitBackoff(tried: number, random: number): number {
  return Math.min(MAX_WAIT_MS, LIMIT_BASE_MS * 2 ** (tried - 1)) * (0.5 + random / 2)
}

/** Full jitter: anything between nothing and the doubled step, so that many clients don't return at once. */
export function backoff(tried: number, random: number): number {
  return random * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** (tried - 1))
}

function readWait(text: string, now: number): number | null {
  if (/^\d+(\.\d+)?$/.test(text)) {
    const seconds = Number(text)
    return seconds >= UNIX_SECONDS_FROM ? seconds * 1000 - now : seconds * 1000
  }
  const moment = Date.parse(text)
  return Number.isNaN(moment) ? null : moment - now
}

/** When to try again: which answers are temporary, and how long to wait where the source doesn't say. */
import { z } from 'zod'

/** The longest wait between two tries. A source that asks for more ends the run. */
export const MAX_WAIT_MS = 60_000

const BACKOFF_BASE_MS = 500
const BACKOFF_CAP_MS = 20_000
const LIMIT_BASE_MS = 8_000

const GOOGLE_RATE_LIMITS = ['rateLimitExceeded', 'userRateLimitExceeded']

const googleRefusal = z.object({ error: z.object({ errors: z.array(z.object({ reason: z.string() })) }) })

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

/** Where a rate limit was met and no wait was asked for. The tries of a request bridge the minute that quotas are counted by. */
export function limitBackoff(tried: number, random: number): number {
  return Math.min(MAX_WAIT_MS, LIMIT_BASE_MS * 2 ** (tried - 1)) * (0.5 + random / 2)
}

/** Full jitter: anything between nothing and the doubled step, so that many clients don't return at once. */
export function backoff(tried: number, random: number): number {
  return random * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** (tried - 1))
}

/** When to try again: which answers are temporary, how long a source asks to wait, how long to wait unasked. */

/** The longest wait between two tries. A source that asks for more ends the run. */
export const MAX_WAIT_MS = 60_000

const BACKOFF_BASE_MS = 500
const BACKOFF_CAP_MS = 20_000

/** Reset headers, by the names that Confluence and Intercom, Zendesk, and the IETF draft use. */
const RESET_HEADERS = ['x-ratelimit-reset', 'x-rate-limit-reset', 'ratelimit-reset']

/** From here on a bare number is a moment in Unix seconds, below it a number of seconds to go. */
const UNIX_SECONDS_FROM = 1_000_000_000

export function isTemporary(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505)
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

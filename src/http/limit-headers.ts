/** What an answer says of limits: how long to wait, how much is left until when. Nothing in it is believed beyond reason. */

/** By the names that Confluence and Intercom, Zendesk, and the IETF draft use. */
const LIMIT_HEADERS = ['x-ratelimit-limit', 'x-rate-limit', 'ratelimit-limit']
const REMAINING_HEADERS = ['x-ratelimit-remaining', 'x-rate-limit-remaining', 'ratelimit-remaining']
const RESET_HEADERS = ['x-ratelimit-reset', 'x-rate-limit-reset', 'ratelimit-reset']

/** From here on a bare number is a moment in Unix seconds, below it a number of seconds to go. */
const UNIX_SECONDS_FROM = 1_000_000_000

/** Whole seconds may have been rounded either way, and a request that comes a moment early counts as the old window's. */
const ROUNDED_MS = 1_000
const EXACT_MS = 50
/** The reset, the service's clock, and what is added to be safe. */
const UNSURE_MS = 3 * ROUNDED_MS

/** Longer ones are no rate limits: a quota of a day says so when it is used up. */
const LONGEST_WINDOW_MS = 3_600_000

/** Who asks for more than a day has a fault, and is heard like one who doesn't say. */
const LONGEST_WAIT_MS = 86_400_000

const MOST_REQUESTS = 1_000_000

export interface SaidLimit {
  readonly limit: number | null
  /** Null where the answer doesn't say both how much is left and for how long. */
  readonly left: Left | null
}

export interface Left {
  readonly requests: number
  /** Milliseconds until more comes. */
  readonly forMs: number
  /** How much comes then, as far as it is said. */
  readonly refill: number
  /** Milliseconds by which more may come earlier. */
  readonly unsureMs: number
  /** Whether the moment is told: then two answers that tell the same one are of one window. */
  readonly tellsWhen: boolean
}

/** Milliseconds that the answer asks to wait, at least 0; null if it doesn't say, or nothing that can be believed. */
export function askedWait({ status, headers }: Response, now: number): number | null {
  // Sources send these with every answer: only on a 429 are they why it failed.
  const resets = status === 429 ? RESET_HEADERS : []
  for (const name of ['retry-after', ...resets]) {
    const ms = readWait(headers.get(name), clockOf(headers, now))
    if (ms !== null && ms <= LONGEST_WAIT_MS) return Math.max(0, ms)
  }
  return null
}

/** Confluence Data Center hands tokens out at intervals (https://confluence.atlassian.com/doc/rate-limiting), all others reset. */
export function saidLimit(headers: Headers, now: number): SaidLimit {
  const limit = readCount(headers, LIMIT_HEADERS)
  const requests = readCount(headers, REMAINING_HEADERS)
  const interval = readCount(headers, ['x-ratelimit-interval-seconds'])
  const forMs = interval === null ? resetMs(headers, clockOf(headers, now)) : interval * 1000
  const refill = readCount(headers, ['x-ratelimit-fillrate']) ?? limit ?? MOST_REQUESTS
  const isSaid = requests !== null && forMs !== null && forMs > 0 && forMs <= LONGEST_WINDOW_MS
  const left = { requests: requests ?? 0, forMs: forMs ?? 0, refill: Math.max(1, refill) }
  // Of an interval it isn't said when it began.
  const unsureMs = interval === null ? UNSURE_MS : interval * 1000
  return {
    limit: limit === 0 ? null : limit,
    left: isSaid ? { ...left, unsureMs, tellsWhen: interval === null } : null,
  }
}

/** By the source's own clock, where it sends it: this machine's may be hours off. */
function clockOf(headers: Headers, now: number): number {
  const date = Date.parse(headers.get('date') ?? '')
  return Number.isNaN(date) ? now : date
}

function resetMs(headers: Headers, now: number): number | null {
  for (const name of RESET_HEADERS) {
    const text = headers.get(name)
    const ms = readWait(text, now)
    if (ms !== null) return ms + (/\.\d/.test(text ?? '') ? EXACT_MS : ROUNDED_MS)
  }
  return null
}

function readCount(headers: Headers, names: readonly string[]): number | null {
  for (const name of names) {
    const text = headers.get(name)?.trim() ?? ''
    if (/^\d{1,9}$/.test(text)) return Math.min(MOST_REQUESTS, Number(text))
  }
  return null
}

function readWait(given: string | null, now: number): number | null {
  const text = given?.trim() ?? ''
  if (/^\d+(\.\d+)?$/.test(text)) {
    const seconds = Number(text)
    return seconds >= UNIX_SECONDS_FROM ? seconds * 1000 - now : seconds * 1000
  }
  // Of much that is no date the platform makes one.
  const moment = /^(\d{4}-|[A-Z][a-z]{2},? )/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(moment) ? null : moment - now
}

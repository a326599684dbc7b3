/**
 * One request through Google's client library, which gets `context.fetch` and neither retries nor authenticates by itself.
 * Answers are handed over unchecked.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { z } from 'zod'
import { UnsiloError } from '../../src/core/errors.ts'

export interface Sent {
  readonly status: number
  readonly data: unknown
}

export interface RequestOptions {
  readonly headers: Readonly<Record<string, string>>
  readonly retry: false
  readonly responseType: 'json'
  readonly validateStatus: () => boolean
}

/** @param name of the request in messages, e.g. `files.list` */
export type Ask = (name: string, send: (options: RequestOptions) => Promise<Sent>) => Promise<unknown>

/** Google tells of a rate limit by status 403 too, which no general policy may repeat. */
const RATE_LIMITS = ['rateLimitExceeded', 'userRateLimitExceeded']
const USED_UP = ['dailyLimitExceeded', 'quotaExceeded']
const NOT_ENABLED = ['accessNotConfigured', 'SERVICE_DISABLED']
const WAITS_MS = [1_000, 4_000, 16_000, 32_000]

const failure = z.object({
  error: z.object({
    status: z.string().nullish(),
    errors: z.array(z.object({ reason: z.string() })).nullish(),
    details: z.array(z.object({ reason: z.string().nullish() })).nullish(),
  }),
})

export function openTransport(token: () => Promise<string>, signal: AbortSignal): Ask {
  return async (name, send) => {
    for (let tried = 0; ; tried += 1) {
      const { status, data } = await sendOnce(send, await token())
      if (status >= 200 && status < 300) return checkedObject(data, name, status)
      const reasons = reasonsOf(data)
      const wait = WAITS_MS[tried]
      if (status !== 403 || wait === undefined || !reasons.some((reason) => RATE_LIMITS.includes(reason)))
        throw refused(name, status, reasons)
      // After an abort the next request ends the run.
      await delay(wait, undefined, { signal }).catch(() => {})
    }
  }
}

/** Null where the answer has one of the statuses. */
export async function absentAsNull<T>(ask: () => Promise<T>, statuses: readonly number[]): Promise<T | null> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof UnsiloError && error.status !== undefined && statuses.includes(error.status)) return null
    throw error
  }
}

async function sendOnce(send: (options: RequestOptions) => Promise<Sent>, token: string): Promise<Sent> {
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json' }
  try {
    return await send({ headers, retry: false, responseType: 'json', validateStatus: () => true })
  } catch (error) {
    throw ourError(error)
  }
}

/** The library wraps what `context.fetch` throws. Its own errors hold the request with its headers: only their text stays. */
function ourError(thrown: unknown): unknown {
  let error = thrown
  for (let depth = 0; depth < 5 && error instanceof Error; depth += 1) {
    if (error instanceof UnsiloError) return error
    error = error.cause
  }
  return new UnsiloError('UNEXPECTED', `Google: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
}

function checkedObject(data: unknown, name: string, status: number): unknown {
  if (typeof data === 'object' && data !== null) return data
  const what = typeof data === 'string' && /^\s*</.test(data) ? 'a web page' : 'something that is not JSON'
  throw new UnsiloError('ANSWER_INVALID', `Google: ${name} answered ${status} with ${what}`, {
    hint: 'Check apiUrl, and whether a proxy or single sign-on stands in between.',
  })
}

function reasonsOf(data: unknown): readonly string[] {
  const error = failure.safeParse(data).data?.error
  const reasons = [...(error?.errors ?? []), ...(error?.details ?? [])].flatMap(({ reason }) => reason ?? [])
  return [...reasons, error?.status ?? ''].filter((reason) => /^\w{1,60}$/.test(reason))
}

function refused(name: string, status: number, reasons: readonly string[]): UnsiloError {
  const message = `Google: ${name} answered ${status}${reasons[0] === undefined ? '' : ` (${reasons[0]})`}`
  const has = (known: readonly string[]) => reasons.some((reason) => known.includes(reason))
  if (status === 401) {
    const hint = 'Check auth: the token has ended, or was made for another service.'
    return new UnsiloError('AUTH_REJECTED', `${message}: the credentials were rejected`, { hint, status })
  }
  if (status !== 403) {
    const code = status === 404 || status === 410 ? 'LISTING_INCOMPLETE' : 'ANSWER_INVALID'
    return new UnsiloError(code, message, { status })
  }
  if (has([...RATE_LIMITS, ...USED_UP]))
    return new UnsiloError('RATE_LIMITED', `${message}: the quota is used up`, { hint: 'Run again later.' })
  if (has(NOT_ENABLED)) {
    const hint = 'Enable the Google Drive API and the Google Docs API in the project of the account.'
    return new UnsiloError('AUTH_REJECTED', `${message}: the API is not enabled`, { hint })
  }
  const hint = 'Share it with the account, and give it the scope drive.readonly.'
  return new UnsiloError('AUTH_REJECTED', `${message}: the account may not read this`, { hint, status })
}

/**
 * One request through Google's client library, which gets `context.fetch` and neither retries nor authenticates by itself.
 * Answers are handed over unchecked.
 */
import { z } from 'zod'
import { UnsiloError } from '../../src/core/errors.ts'
import type { Tokens } from '../../src/vendors/google/tokens.ts'

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

/** Drive says that a file or a shared drive is not there, or not for the account. Any other refusal is of more than that. */
const NOT_SHOWN = ['notFound', 'insufficientFilePermissions', 'appNotAuthorizedToFile', 'teamDriveMembershipRequired']
const USED_UP = ['dailyLimitExceeded', 'quotaExceeded']
const NOT_ENABLED = ['accessNotConfigured', 'SERVICE_DISABLED']
const PROJECT_DENIED = ['USER_PROJECT_DENIED']
const SCOPE_LACKING = ['insufficientPermissions', 'insufficientScopes', 'ACCESS_TOKEN_SCOPE_INSUFFICIENT']

const failure = z.object({
  error: z.object({
    status: z.string().nullish(),
    errors: z.array(z.object({ reason: z.string() })).nullish(),
    details: z.array(z.object({ reason: z.string().nullish() })).nullish(),
  }),
})

const saidReasons = z.object({ reasons: z.array(z.string()) })

/** @param project that requests are counted for, where the credentials name one */
export function openTransport(tokens: Tokens, project: string | undefined): Ask {
  return async (name, send) => {
    let token = await tokens.get()
    let answer = await sendOnce(send, token, project)
    // Withdrawn, or ended before its time by a clock that is wrong.
    if (answer.status === 401 && tokens.renew(token)) {
      token = await tokens.get()
      answer = await sendOnce(send, token, project)
    }
    const { status, data } = answer
    if (status >= 200 && status < 300) return checkedObject(data, name, status)
    throw refused(name, status, reasonsOf(data))
  }
}

/** Null where what is asked for is not there, or not for the account: by Google's own word, not by that of a proxy. */
export async function notShownAsNull<T>(ask: () => Promise<T>): Promise<T | null> {
  return await ask().catch((error: unknown) => {
    if (reasonsIn(error).some((reason) => NOT_SHOWN.includes(reason))) return null
    throw error
  })
}

/** Null where the answer has one of the statuses. */
export async function statusAsNull<T>(ask: () => Promise<T>, statuses: readonly number[]): Promise<T | null> {
  return await ask().catch((error: unknown) => {
    if (error instanceof UnsiloError && error.status !== undefined && statuses.includes(error.status)) return null
    throw error
  })
}

async function sendOnce(
  send: (options: RequestOptions) => Promise<Sent>,
  token: string,
  project: string | undefined,
): Promise<Sent> {
  const counted = project === undefined ? {} : { 'x-goog-user-project': project }
  const headers = { authorization: `Bearer ${token}`, accept: 'application/json', ...counted }
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

function reasonsIn(error: unknown): readonly string[] {
  return error instanceof UnsiloError ? (saidReasons.safeParse(error.cause).data?.reasons ?? []) : []
}

function refused(name: string, status: number, reasons: readonly string[]): UnsiloError {
  const message = `Google: ${name} answered ${status}${reasons[0] === undefined ? '' : ` (${reasons[0]})`}`
  const has = (known: readonly string[]) => reasons.some((reason) => known.includes(reason))
  const cause = { reasons }
  if (status === 401) {
    const hint = 'Check auth: the token has ended, or was made for another service.'
    return new UnsiloError('AUTH_REJECTED', `${message}: the credentials were rejected`, { hint, status })
  }
  if (status !== 403) {
    const code = status === 404 || status === 410 ? 'LISTING_INCOMPLETE' : 'ANSWER_INVALID'
    return new UnsiloError(code, message, { status, cause })
  }
  if (has(USED_UP))
    return new UnsiloError('RATE_LIMITED', `${message}: the quota is used up`, { hint: 'Run again later.' })
  if (has(NOT_ENABLED)) {
    const hint = 'Enable the Google Drive API and the Google Docs API in the project of the account.'
    return new UnsiloError('AUTH_REJECTED', `${message}: the API is not enabled`, { hint })
  }
  if (has(PROJECT_DENIED)) {
    const hint = 'Name another: gcloud auth application-default set-quota-project PROJECT'
    return new UnsiloError('AUTH_REJECTED', `${message}: the credentials’ quota project may not be used`, { hint })
  }
  if (has(SCOPE_LACKING)) {
    const hint = 'Make the credentials anew with the scope https://www.googleapis.com/auth/drive.readonly.'
    return new UnsiloError('AUTH_REJECTED', `${message}: the credentials may not read Google Drive at all`, { hint })
  }
  const hint = 'Share it with the account. If it is: a domain’s rules, or a proxy in between, may refuse it.'
  return new UnsiloError('AUTH_REJECTED', `${message}: the account may not read this`, { hint, status, cause })
}

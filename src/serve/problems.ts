/** What went wrong, as RFC 9457 says it: in words for who asked, and never more than they may know. */
import type { Context } from 'hono'
import { asUnsiloError } from '../core/errors.ts'

const TITLES = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  413: 'Too large',
  415: 'Unsupported media type',
  421: 'Misdirected request',
  429: 'Too many requests',
  500: 'Unexpected error',
  503: 'Not available',
} as const

export type ProblemStatus = keyof typeof TITLES

/** Seconds after which an index that can't be read now is worth another try. */
const SOON = '5'
const IN_A_MOMENT = '1'

export const TOO_MUCH = 'More is asked just now than can be answered. Nothing was looked for; try again in a moment.'

export function problem(
  c: Context,
  status: ProblemStatus,
  detail: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = { type: 'about:blank', title: TITLES[status], status, detail }
  return c.body(JSON.stringify(body), status, { ...headers, 'content-type': 'application/problem+json' })
}

/** Only what who asked can mend is told: other errors may name files and addresses of this machine. */
export function problemOf(c: Context, thrown: unknown, report: (thrown: unknown) => void): Response {
  const { code, message, hint } = asUnsiloError(thrown)
  const detail = hint === undefined ? message : `${message} ${hint}`
  if (code === 'USAGE') return problem(c, 400, detail)
  if (code === 'OVERLOADED') return problem(c, 503, TOO_MUCH, { 'retry-after': IN_A_MOMENT })
  // Nobody reads it.
  if (code === 'INTERRUPTED') return problem(c, 503, 'You did not wait for the answer.')
  report(thrown)
  if (code === 'UNEXPECTED') return problem(c, 500, 'Something went wrong here. It has been noted.')
  if (code === 'OUT_OF_TIME') return problem(c, 503, 'It took too long to answer.', { 'retry-after': SOON })
  const unavailable = 'The index could not be read just now. Nothing was found or not found; try again later.'
  return problem(c, 503, unavailable, { 'retry-after': SOON })
}

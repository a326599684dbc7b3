/** The border of every vendor's API: answers as JSON, and what is wrong with one in words that name the place and the field. */
import type { z } from 'zod'
import { UnsiloError } from '../core/errors.ts'

/**
 * The JSON of an answer that was no refusal; a web page, and JSON that was cut, are none.
 *
 * @param said who answered what, for the message
 * @param setting the one that says where requests go
 */
export function jsonAnswer(text: string, said: string, setting: string, status: number): unknown {
  const answer = parseJson(text)
  if (answer !== undefined) return answer
  const what = /^\s*</.test(text) ? 'a web page' : 'something that is not JSON'
  throw new UnsiloError('ANSWER_INVALID', `${said} with ${what}`, {
    hint: `Check ${setting}, and whether a proxy stands in between. Nothing was removed.`,
    status,
  })
}

/** Undefined for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Names the first issue of a failed check; `where` is the vendor, what was read, and a place in it. */
export function invalidAnswer(where: string, error: z.ZodError): UnsiloError {
  return new UnsiloError('ANSWER_INVALID', `${where}: ${firstIssue(error)}`)
}

/** `field: what is wrong with it`, without the value. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  return `${issue?.path.join('.') || 'value'}: ${issue?.message ?? 'is not valid'}`
}

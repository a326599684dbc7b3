/** What every answer that is none has: RFC 9457. */
import { z } from '@hono/zod-openapi'

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().describe('For people. The words may change.'),
  })
  .openapi('Problem')

const STATUSES = {
  400: 'The request is wrong, and `detail` says where.',
  401: 'The token that came along is not good: wrong, ended, or made for something else.',
  403: 'Whoever the token is of may not do that.',
  404: 'There is none that you may read.',
  413: 'The body is larger than 64 KB.',
  415: 'The body is not said to be `application/json`.',
  421: 'The `Host` is none that this server is asked by.',
  429: 'Asked too often. `Retry-After` says in how many seconds there is room again.',
  500: 'Something went wrong here.',
  503: 'The index can not be read just now, or too much is asked. `Retry-After` says when to try again.',
} as const

type Status = keyof typeof STATUSES
type Problems<S extends Status> = Record<
  S,
  { description: string; content: { 'application/problem+json': { schema: typeof problemSchema } } }
>

/** Of every route. */
const EVERYWHERE = [421, 429, 500] as const

/** The problems of a route, for its description: these, and those of every one. */
export function problems<S extends Status>(...statuses: readonly S[]): Problems<S | (typeof EVERYWHERE)[number]> {
  const content = { 'application/problem+json': { schema: problemSchema } }
  const entries = [...statuses, ...EVERYWHERE].map(
    (status) => [status, { description: STATUSES[status], content }] as const,
  )
  return Object.fromEntries(entries) as unknown as Problems<S | (typeof EVERYWHERE)[number]>
}

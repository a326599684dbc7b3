/** `POST /v1/feedback`: whether a document helped whoever read it. */
import { createRoute, z } from '@hono/zod-openapi'
import type { FeedbackBook } from '../../core/feedback.ts'
import type { Door } from '../mcp/door.ts'
import { problem } from '../problems.ts'
import { question } from '../schemas/asked.ts'
import { problems } from '../schemas/problem.ts'
import { NO_DOCUMENT } from './document.ts'
import { type App, SECURITY } from './route.ts'

const LONGEST_COMMENT = 1000

const body = z
  .strictObject({
    document: z.string().min(1).max(1000).describe('Its id, as an answer gave it.'),
    helpful: z.boolean(),
    query: question.optional().describe('What was looked for.'),
    comment: z.string().trim().min(1).max(LONGEST_COMMENT).optional().describe('Personal data in it is not kept.'),
  })
  .openapi('Feedback')

const postFeedback = createRoute({
  ...{ method: 'post', path: '/v1/feedback', operationId: 'feedback', security: SECURITY },
  summary: 'Say whether a document helped',
  request: { body: { required: true, content: { 'application/json': { schema: body } } } },
  responses: {
    204: { description: 'It is kept. Of one reader and one document, the last word counts.' },
    ...problems(400, 401, 404, 413, 415, 503),
  },
})

export interface FeedbackDoor extends Pick<Door, 'index' | 'report'> {
  readonly feedback: FeedbackBook
  now(): number
}

export function addFeedback(app: App, { index, feedback, report, now }: FeedbackDoor): void {
  app.openapi(postFeedback, async (c) => {
    const { document, helpful, query, comment } = c.req.valid('json')
    if ((await index.document(document, c.var.identity.as)) === null) return problem(c, 404, NO_DOCUMENT) as never
    const said = { ...(query !== undefined && { query }), ...(comment !== undefined && { comment }) }
    try {
      await feedback.add({ document, helpful, ...said, asker: c.var.asker, at: new Date(now()).toISOString() })
    } catch (thrown) {
      report(thrown)
      return problem(c, 503, 'It could not be kept just now. Try again later.', { 'retry-after': '60' }) as never
    }
    return c.body(null, 204)
  })
}

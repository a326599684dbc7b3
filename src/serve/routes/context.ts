/** `POST /v1/context`: passages for a model to answer from, as many as fit into a number of tokens. */
import { createRoute, z } from '@hono/zod-openapi'
import { withinBudget } from '../../query/budget.ts'
import type { Door } from '../mcp/door.ts'
import { filters, question, readerOf } from '../schemas/asked.ts'
import { passage, passageOf } from '../schemas/passage.ts'
import { problems } from '../schemas/problem.ts'
import { type App, SECURITY, waitingOf } from './route.ts'

/** Passages that are looked at, and of one document. */
const POOL = 50
const PER_DOCUMENT = 3
/** Any passage fits into the least budget. */
const BUDGET = { least: 512, usual: 2000, most: 20_000 } as const

const body = z
  .strictObject({
    query: question.describe('The question that the model is to answer.'),
    max_tokens: z
      .int()
      .min(BUDGET.least)
      .max(BUDGET.most)
      .optional()
      .describe(`How many tokens all passages together may have, ${BUDGET.usual} unless told.`),
    ...filters,
  })
  .openapi('ContextQuestion')

const answer = z
  .object({
    passages: z.array(passage).describe('Best first, at most three of one document.'),
    tokens: z.number().int().describe('Of all passages together.'),
    left: z.number().int().describe('Passages that were found too and did not fit.'),
  })
  .openapi('Context')

const postContext = createRoute({
  ...{ method: 'post', path: '/v1/context', operationId: 'context', security: SECURITY },
  summary: 'Find passages for a model to answer from, within a number of tokens',
  request: { body: { required: true, content: { 'application/json': { schema: body } } } },
  responses: {
    200: { description: 'What was found, which may be nothing.', content: { 'application/json': { schema: answer } } },
    ...problems(400, 401, 413, 415, 503),
  },
})

export function addContext(app: App, { ask, publicUrl }: Door): void {
  app.openapi(postContext, async (c) => {
    const { query: text, max_tokens: budget = BUDGET.usual, ...chosen } = c.req.valid('json')
    const asked = { ...readerOf(c.var.identity.as, chosen), text, limit: POOL, perDocument: PER_DOCUMENT }
    const { hits, tokens, left } = withinBudget(await ask.search(asked, waitingOf(c)), budget)
    return c.json({ passages: hits.map((hit, at) => passageOf(hit, at + 1, publicUrl)), tokens, left }, 200)
  })
}

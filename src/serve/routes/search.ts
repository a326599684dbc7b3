/** `GET` and `POST /v1/search`: a question to the documents that answer it. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Principal } from '../../core/access.ts'
import type { Waiting } from '../asking/queue.ts'
import type { Door } from '../mcp/door.ts'
import { type Filters, filters, queryFilters, question, readerOf } from '../schemas/asked.ts'
import { result, resultOf } from '../schemas/passage.ts'
import { problems } from '../schemas/problem.ts'
import { type App, SECURITY, waitingOf } from './route.ts'

const LIMIT = { usual: 10, most: 50 } as const

const limit = z.int().min(1).max(LIMIT.most).describe(`How many, ${LIMIT.usual} unless told.`)
const TYPING = 'The last word is still being typed: what it begins is found too.'

const query = z.strictObject({
  q: question,
  limit: z.coerce.number().pipe(limit).optional().openapi({ type: 'integer', minimum: 1, maximum: LIMIT.most }),
  typing: z.enum(['true', 'false']).optional().describe(TYPING),
  ...queryFilters,
})

const body = z
  .strictObject({
    query: question,
    limit: limit.optional(),
    typing: z.boolean().optional().describe(TYPING),
    ...filters,
  })
  .openapi('Search')

const answer = z.object({ results: z.array(result).describe('Best first, one a document.') }).openapi('Results')

const responses = {
  200: { description: 'What was found, which may be nothing.', content: { 'application/json': { schema: answer } } },
  ...problems(400, 401, 413, 415, 503),
}

const summary = 'Find the documents that answer a question'

const getSearch = createRoute({
  ...{ method: 'get', path: '/v1/search', operationId: 'search', summary, security: SECURITY },
  request: { query },
  responses,
})

const postSearch = createRoute({
  ...{ method: 'post', path: '/v1/search', operationId: 'searchByBody', summary, security: SECURITY },
  request: { body: { required: true, content: { 'application/json': { schema: body } } } },
  responses,
})

export function addSearch(app: App, door: Door): void {
  app.openapi(getSearch, async (c) => {
    const { q, limit: most, typing, source, kind, locale, label, updated_since } = c.req.valid('query')
    const chosen = { sources: source, kinds: kind, locales: locale, labels: label, updated_since }
    const asked = { query: q, limit: most, typing: typing === 'true' }
    return c.json(await found(door, c.var.identity.as, asked, chosen, waitingOf(c)), 200)
  })
  app.openapi(postSearch, async (c) => {
    const { query: text, limit: most, typing, ...chosen } = c.req.valid('json')
    const asked = { query: text, limit: most, typing }
    return c.json(await found(door, c.var.identity.as, asked, chosen, waitingOf(c)), 200)
  })
}

interface Asked {
  readonly query: string
  readonly limit: number | undefined
  readonly typing: boolean | undefined
}

async function found(
  { ask, publicUrl }: Door,
  as: readonly Principal[],
  { query: text, limit: most = LIMIT.usual, typing = false }: Asked,
  chosen: Filters,
  waiting: Waiting,
): Promise<z.output<typeof answer>> {
  const asked = { ...readerOf(as, chosen), text, limit: most, isUnfinished: typing, isBrief: true }
  const hits = await ask.search(asked, waiting)
  return { results: hits.map((hit, at) => resultOf(hit, at + 1, publicUrl)) }
}

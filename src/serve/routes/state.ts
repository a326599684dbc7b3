/** `/v1/health` and `/v1/ready`: whether the process answers, and whether the index can be read. Anybody may ask. */
import { createRoute, z } from '@hono/zod-openapi'
import type { Door } from '../mcp/door.ts'
import { problems } from '../schemas/problem.ts'
import type { App } from './route.ts'

const state = z.object({ status: z.literal('ok') }).openapi('State')
const ok = { description: 'It does.', content: { 'application/json': { schema: state } } }

const getHealth = createRoute({
  ...{ method: 'get', path: '/v1/health', operationId: 'health', summary: 'Whether the server answers' },
  responses: { 200: ok, ...problems() },
})

const getReady = createRoute({
  ...{ method: 'get', path: '/v1/ready', operationId: 'ready', summary: 'Whether the index can be read' },
  responses: { 200: ok, ...problems(503) },
})

export function addState(app: App, { index }: Door): void {
  app.openapi(getHealth, (c) => c.json({ status: 'ok' } as const, 200))
  app.openapi(getReady, async (c) => {
    await index.sources()
    return c.json({ status: 'ok' } as const, 200)
  })
}

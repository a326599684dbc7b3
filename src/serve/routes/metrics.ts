/** `/metrics`: for services whose token may, and for nobody else: how much is asked is nobody else's business. */
import { createRoute, z } from '@hono/zod-openapi'
import type { ServeMetrics } from '../metrics.ts'
import { problem } from '../problems.ts'
import { problems } from '../schemas/problem.ts'
import type { App } from './route.ts'

const getMetrics = createRoute({
  ...{ method: 'get', path: '/metrics', operationId: 'metrics', security: [{ token: [] }] },
  summary: 'What the server did, for Prometheus',
  responses: {
    200: {
      description: "Prometheus' text format.",
      content: { 'text/plain': { schema: z.string() } },
    },
    ...problems(401, 403),
  },
})

export function addMetrics(app: App, metrics: ServeMetrics): void {
  app.openapi(getMetrics, async (c) => {
    const { kind, may } = c.var.identity
    if (kind === 'nobody') {
      const detail = 'Figures are for a service whose token may read them.'
      return problem(c, 401, detail, { 'www-authenticate': 'Bearer' }) as never
    }
    if (!may.includes('metrics')) return problem(c, 403, 'This token may not read figures.') as never
    return c.body(await metrics.text(), 200, { 'content-type': metrics.contentType }) as never
  })
}

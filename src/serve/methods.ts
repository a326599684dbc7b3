/** What is answered where an address is asked in a way that it does not know: which ways it knows, or that there is none. */
import type { Context } from 'hono'
import { problem } from './problems.ts'
import type { App } from './routes/route.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

export function answerUnknown(app: App): (c: Context) => Response {
  return (c) => {
    const known = methodsOf(app, c.req.path)
    if (known.length === 0 || known.includes(c.req.method))
      return problem(c, 404, 'There is no such address here. /openapi.json lists what there is.')
    const allow = known.join(', ')
    return problem(c, 405, `This address answers ${allow}.`, { allow })
  }
}

/** Of the routes alone: what holds for many is of every method. */
function methodsOf({ router }: App, path: string): readonly string[] {
  const known = METHODS.filter((method) => router.match(method, path)[0].some(([[, route]]) => route.method === method))
  return known.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
}

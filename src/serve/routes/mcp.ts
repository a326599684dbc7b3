/** `/mcp`: the tools of MCP, in the name of who asks here like everywhere else. */
import type { Context } from 'hono'
import type { Door } from '../mcp/door.ts'
import { mcpHandler } from '../mcp/http.ts'
import { problem } from '../problems.ts'
import type { App, Env } from './route.ts'

export interface McpDoor extends Door {
  readonly origins: readonly string[]
  /** Messages of one asker. */
  readonly perMinute: number
  /** Counts so many requests more of who asks, or refuses them all. */
  charge(c: Context<Env>, requests: number): Response | null
}

export function addMcp(app: App, door: McpDoor): void {
  const handle = mcpHandler(door, door)
  app.all('/mcp', async (c) => {
    const messages = await messagesIn(c.req.raw)
    if (messages > door.perMinute) return problem(c, 413, tooMany(messages, door.perMinute))
    const refused = door.charge(c, messages - 1)
    return refused ?? (await handle(c.req.raw, c.var.identity.as, c.var.asker))
  })
}

/** In the revision of 2025-03-26 a request may hold several. What is none of its messages, the handler refuses. */
async function messagesIn(request: Request): Promise<number> {
  if (request.method !== 'POST') return 1
  try {
    const body: unknown = await request.clone().json()
    return Array.isArray(body) ? Math.max(1, body.length) : 1
  } catch {
    return 1
  }
}

/** However long who asks waits. */
function tooMany(messages: number, most: number): string {
  const may = `Each message counts as a request, and ${most} of one asker are answered a minute`
  return `A batch of ${messages} messages is never answered here. ${may}: send at most ${most} at once.`
}

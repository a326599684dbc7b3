/** `/mcp`: the tools of MCP, in the name of who asks here like everywhere else. */
import type { Door } from '../mcp/door.ts'
import { mcpHandler } from '../mcp/http.ts'
import type { App } from './route.ts'

export function addMcp(app: App, door: Door & { readonly origins: readonly string[] }): void {
  const handle = mcpHandler(door, door)
  app.all('/mcp', (c) => handle(c.req.raw, c.var.identity.as))
}

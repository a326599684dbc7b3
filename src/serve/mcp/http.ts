/**
 * MCP over HTTP, as a handler of web requests: a server of its own for each request, so that nothing is kept between two
 * askers. Either era of the protocol is served at one address; of 2025's, without sessions.
 */
import { type AuthInfo, createMcpHandler, type McpServer } from '@modelcontextprotocol/server'
import type { Asker, Door } from './door.ts'
import { mcpServer } from './server.ts'

export interface HttpOptions {
  /** Origins of web pages that may ask, as browsers write them: `https://help.example.com`. */
  readonly origins: readonly string[]
}

/**
 * Serves one request in the name of one asker, whom the caller has made sure of.
 *
 * @param asker whose questions are counted together
 */
export type McpHandler = (request: Request, as: Asker, asker: string) => Promise<Response>

const LOOPBACK: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])
/** Of a request, in bytes. */
const LARGEST_REQUEST = 65_536
/** Streams that wait for changes of the tools, which never change: each holds a connection. */
const MOST_SUBSCRIPTIONS = 64

export function mcpHandler(door: Door, { origins }: HttpOptions): McpHandler {
  const { fetch } = createMcpHandler(({ authInfo }) => serverFor(door, authInfo), {
    maxRequestBodySize: LARGEST_REQUEST,
    maxSubscriptions: MOST_SUBSCRIPTIONS,
    onerror: (error) => door.report(error),
  })
  return async (request, as, asker) => {
    if (!isAllowed(request, origins, door.publicUrl)) return refusal()
    const authInfo: AuthInfo = { token: '', clientId: asker, scopes: [], extra: { as } }
    return await fetch(request, { authInfo })
  }
}

/** For whom was handed over with the request. Nobody is taken for the public by mistake. */
function serverFor(door: Door, info: AuthInfo | undefined): McpServer {
  const as = info?.extra?.['as']
  if (!Array.isArray(as)) throw new Error('A request of MCP came without an asker.')
  return mcpServer(door, as, info?.clientId)
}

/**
 * A page that a browser shows must not ask in its reader's name by way of a name that it made point here
 * (https://modelcontextprotocol.io/specification/2026-07-28/basic/transports#security-warning). Programs send no `Origin`;
 * pages of this server itself may ask, by a name that is known to be its own.
 */
function isAllowed(request: Request, origins: readonly string[], publicUrl: string | undefined): boolean {
  const origin = request.headers.get('origin')
  if (origin === null || origins.includes(origin)) return true
  const page = URL.parse(origin)
  if (page === null || page.host !== request.headers.get('host')) return false
  return LOOPBACK.has(page.hostname) || page.hostname === URL.parse(publicUrl ?? '')?.hostname
}

function refusal(): Response {
  const error = { code: -32_600, message: 'This web page may not ask here: its Origin is not allowed.' }
  return Response.json({ jsonrpc: '2.0', id: null, error }, { status: 403 })
}

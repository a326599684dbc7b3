/** The app on a socket, until it is told to stop: what was asked by then is answered first. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { isIP, Server as NetServer } from 'node:net'
import { getRequestListener, type HttpBindings } from '@hono/node-server'
import type { Context, Hono } from 'hono'
import { UnsiloError } from '../core/errors.ts'
import { networkOf } from './network.ts'

export interface Place {
  readonly host: string
  /** 0 is any that is free. */
  readonly port: number
}

export interface Listening {
  readonly port: number
  /** Takes no more requests, waits for those that are being answered, `graceMs` at most. */
  close(graceMs: number): Promise<void>
}

const SWEEP_MS = 50
const TIMEOUTS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  // Node looks every 30 s unless told, and so late they are twice as long.
  connectionsCheckingInterval: 5_000,
} as const
/** For a connection on which nothing moves: who doesn't read their answer would keep it in memory. MCP's streams say something every 15 s. */
const IDLE_MS = 60_000

// biome-ignore lint/suspicious/noExplicitAny: whatever the app keeps of a request
export async function listen(app: Hono<any>, { host, port }: Place, idleMs = IDLE_MS): Promise<Listening> {
  const server = createServer(TIMEOUTS, getRequestListener(app.fetch, { overrideGlobalObjects: false }))
  server.setTimeout(idleMs)
  const answers = openAnswers(server)
  await started(server, { host, port })
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: (graceMs) => closed(server, answers, graceMs),
  }
}

/** Only this machine can reach it. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/**
 * The address that a request came from (of IPv6 its network), by the proxies in front that are known: each writes down behind the others whom
 * it was asked by, so that what a client says itself stands before them all.
 */
export function addressBehind(proxies: number): (c: Context) => string {
  return (c) => {
    const peer = (c.env as HttpBindings).incoming.socket.remoteAddress ?? ''
    const told = forwardedOf((c.env as HttpBindings).incoming)
    return networkOf(proxies === 0 ? peer : (told.at(-proxies) ?? peer))
  }
}

function forwardedOf({ headers }: IncomingMessage): readonly string[] {
  return [headers['x-forwarded-for'] ?? []].flat().flatMap((line) => line.split(',').map((part) => part.trim()))
}

async function started(server: Server, { host, port }: Place): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', (error: NodeJS.ErrnoException) => reject(refused(error, host, port)))
  server.listen(port, host, resolve)
  await promise
}

function refused(cause: NodeJS.ErrnoException, host: string, port: number): UnsiloError {
  const why = cause.code === 'EADDRINUSE' ? 'another program listens there' : `the system says ${cause.code}`
  return new UnsiloError('USAGE', `Can't listen at ${host}, port ${port}: ${why}.`, {
    hint: 'Name another one: --host, --port, or `serve:` in the configuration.',
    cause,
  })
}

/** Those that are not sent to their end. */
function openAnswers(server: Server): ReadonlySet<ServerResponse> {
  const open = new Set<ServerResponse>()
  server.on('request', (_, answer) => {
    open.add(answer)
    answer.once('close', () => open.delete(answer))
  })
  return open
}

async function closed(server: Server, answers: ReadonlySet<ServerResponse>, graceMs: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  // To Node a connection is idle whose answer is written but not sent yet: an HTTP server's own `close` cuts it off.
  const sweep = (): void => {
    if (![...answers].some((answer) => answer.writableEnded)) server.closeIdleConnections()
  }
  NetServer.prototype.close.call(server, () => resolve())
  sweep()
  // A connection that is kept for the next request has none to come.
  const sweeping = setInterval(sweep, SWEEP_MS)
  const impatient = setTimeout(() => server.closeAllConnections(), graceMs)
  await promise
  clearInterval(sweeping)
  clearTimeout(impatient)
}

/** Local servers of the transport's tests: one handler each, every request kept. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type Handler = (request: IncomingMessage, response: ServerResponse, nth: number) => void

const servers: (() => Promise<unknown>)[] = []

export async function closeServers(): Promise<void> {
  for (const close of servers.splice(0)) await close()
}

/** A server that counts; `nth` is 1 for the first request. */
export async function serve(handler: Handler) {
  const seen: IncomingMessage[] = []
  const server = createServer((request, response) => {
    seen.push(request)
    // The tests' time is not that of this machine.
    response.sendDate = false
    handler(request, response, seen.length)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  servers.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

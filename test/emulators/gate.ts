/** What stands in front of an emulator, a real server of its own: lets requests pass, or holds them until it is opened. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { startServer } from './server.ts'

export interface Gate {
  /** http://127.0.0.1:port */
  readonly url: string
  /** Holds every request behind the next so many. */
  closeAfter(requests: number): void
  open(): void
  /** Settles once a request is held. */
  held(): Promise<void>
  close(): Promise<void>
}

/** @param target http://127.0.0.1:port */
export async function startGate(target: string): Promise<Gate> {
  let left = Number.POSITIVE_INFINITY
  let opening = Promise.withResolvers<void>()
  let holding = Promise.withResolvers<void>()

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (left <= 0) {
      holding.resolve()
      await opening.promise
    }
    left -= 1
    const { authorization = '' } = request.headers
    const answer = await fetch(`${target}${request.url}`, { headers: { authorization } })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    response.end(Buffer.from(await answer.arrayBuffer()))
  }

  const { url, close } = await startServer((request, response) => {
    handle(request, response).catch((thrown: unknown) => response.destroy(thrown as Error))
  })
  return {
    url,
    closeAfter: (requests) => {
      left = requests
      opening = Promise.withResolvers()
      holding = Promise.withResolvers()
    },
    open: () => {
      left = Number.POSITIVE_INFINITY
      opening.resolve()
    },
    held: () => holding.promise,
    close,
  }
}

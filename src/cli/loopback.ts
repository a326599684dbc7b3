/** Waits on this machine for the one request by which a browser brings an answer: RFC 8252, section 7.3. */
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UnsiloError } from '../core/errors.ts'

export interface Loopback {
  /** http://127.0.0.1:PORT/ */
  readonly url: string
  /** The query of the first request that was accepted; rejects with what `accept` throws. */
  readonly answered: Promise<string>
  close(): void
}

/** @param accept says what the query is worth: null for a request that means something else, which is refused */
export async function listenOnLoopback(accept: (query: URLSearchParams) => string | null): Promise<Loopback> {
  const { promise: answered, resolve, reject } = Promise.withResolvers<string>()
  // Whoever waits may have left already.
  answered.catch(() => {})
  const server = createServer((request, response) => {
    const url = URL.parse(request.url ?? '/', 'http://127.0.0.1')
    if (request.method !== 'GET' || url?.pathname !== '/') return say(response, 404, 'There is nothing here.')
    try {
      const accepted = accept(url.searchParams)
      if (accepted === null) return say(response, 400, 'This answer belongs to another login. It was not used.')
      say(response, 200, 'You are logged in. Close this page and go back to the terminal.')
      resolve(accepted)
    } catch (error) {
      say(response, 400, 'You are not logged in. The terminal says why.')
      reject(error)
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(refused(cause)))
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    answered,
    close() {
      server.close()
      server.closeIdleConnections()
    },
  }
}

function say(response: ServerResponse, status: number, text: string): void {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', connection: 'close' }
  response.writeHead(status, headers).end(`unsilo: ${text}\n`)
}

function refused(cause: NodeJS.ErrnoException): UnsiloError {
  return new UnsiloError('DISK', `No port of 127.0.0.1 can be listened on (${cause.code ?? cause.message})`, {
    hint: 'A login needs one for a moment. Run it where that is allowed, and copy the file it names to this machine.',
    cause,
  })
}

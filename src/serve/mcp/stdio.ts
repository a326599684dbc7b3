/** MCP over a pair of streams, for a client that started this process: one asker for as long as it lasts. */
import type { Readable, Writable } from 'node:stream'
import { StdioServerTransport, serveStdio } from '@modelcontextprotocol/server/stdio'
import type { Asker, Door } from './door.ts'
import { mcpServer } from './server.ts'

export interface Streams {
  readonly input: Readable
  /** Carries nothing but the protocol. */
  readonly output: Writable
}

/** Serves either era of the protocol, whichever the client opens with, until the input ends or the signal. */
export async function serveStreams(door: Door, as: Asker, streams: Streams, signal: AbortSignal): Promise<void> {
  const transport = new StdioServerTransport(streams.input, streams.output)
  const handle = serveStdio(() => mcpServer(door, as), { transport, onerror: (error) => door.report(error) })
  const { promise: ended, resolve } = Promise.withResolvers<void>()
  const { onclose } = transport
  transport.onclose = () => {
    onclose?.()
    resolve()
  }
  signal.addEventListener('abort', () => resolve(), { once: true })
  if (!signal.aborted) await ended
  await handle.close()
}

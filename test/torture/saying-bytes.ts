/** A server in front of another: what it answers goes out compressed, and with raw bytes where a word stands for them. */
import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'
import { type Server, startServer } from '../emulators/server.ts'
import { type Poison, STAND_IN } from './poisons.ts'

export async function sayingBytes(url: string, bytes: Poison['bytes']): Promise<Server> {
  if (bytes === undefined) return { url, close: async () => {} }
  const packed = gzipSync(bytes.piece)
  return await startServer(async (request, response) => {
    const answer = await forwarded(url, request)
    const pieces = (await answer.text()).split(STAND_IN)
    response.writeHead(answer.status, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
    Readable.from(members(pieces, packed, bytes.times)).pipe(response)
  })
}

/** A gzip file may be several, one behind another. */
function* members(pieces: readonly string[], packed: Buffer, times: number): Generator<Buffer> {
  for (const [at, piece] of pieces.entries()) {
    if (at > 0) for (let time = 0; time < times; time++) yield packed
    yield gzipSync(piece)
  }
}

async function forwarded(url: string, request: IncomingMessage): Promise<Response> {
  const { method = 'GET', headers } = request
  const { authorization = '', 'content-type': type = 'application/json' } = headers
  const body = method === 'GET' ? null : new Uint8Array(await buffer(request))
  const asked = { authorization, 'content-type': type, 'intercom-version': String(headers['intercom-version'] ?? '') }
  return await fetch(`${url}${request.url}`, { method, headers: asked, body })
}

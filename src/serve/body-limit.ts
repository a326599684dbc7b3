/** Bodies up to a size, however they are sent: one whose length is not told is read here, and counted. */
import type { Context, MiddlewareHandler } from 'hono'

/** @param most in bytes */
export function bodyLimit(most: number, refuse: (c: Context) => Response): MiddlewareHandler {
  return async (c, next) => {
    const { raw } = c.req
    if (raw.body === null) return await next()
    const told = c.req.header('content-length')
    if (told !== undefined && c.req.header('transfer-encoding') === undefined)
      return Number(told) > most ? refuse(c) : await next()
    const body = await readUpTo(raw.body, most)
    if (body === null) return refuse(c)
    const { url, method, headers, signal } = raw
    // Not `new Request(raw)`: what the socket's adapter hands over only looks like a request (hono's own limit fails on it).
    c.req.raw = new Request(url, { method, headers, signal, ...(body.length > 0 && { body }) })
    return await next()
  }
}

/** Null where there is more. */
async function readUpTo(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  most: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  for await (const part of stream) {
    size += part.length
    if (size > most) return null
    parts.push(part)
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer())
}

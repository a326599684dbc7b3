/**
 * Answers that stay readable without a network: the last articles and shelves, in the browser's cache, for one reader.
 * What was kept for another reader goes when this one is known; what was kept for somebody whose token has ended is never shown.
 */
import type { Reader } from './identity.ts'

export interface Kept {
  /** Null where there is none, or none any more. */
  get(path: string): Promise<unknown>
  put(path: string, answer: unknown): Promise<void>
  remove(path: string): Promise<void>
}

const PREFIX = 'unsilo-help'
const MOST = 50
const UNTIL = 'x-kept-until'

/** @param base the server whose answers they are */
export async function keptFor(base: string, reader: Reader, now: () => number): Promise<Kept> {
  const own = `${PREFIX} ${base} ${reader.key}`
  await forgetOthers(base, own)
  return {
    get: (path) => quietly(null, () => read(own, addressOf(base, path), reader, now)),
    put: (path, answer) => quietly(undefined, () => write(own, addressOf(base, path), answer, reader.until)),
    remove: (path) =>
      quietly(undefined, async () => void (await (await caches.open(own)).delete(addressOf(base, path)))),
  }
}

/** All that was kept of this server but `own`. */
export async function forgetOthers(base: string, own: string | null): Promise<void> {
  await quietly(undefined, async () => {
    const names = await caches.keys()
    const others = names.filter((name) => name.startsWith(`${PREFIX} ${base} `) && name !== own)
    await Promise.all(others.map((name) => caches.delete(name)))
  })
}

async function read(name: string, address: string, reader: Reader, now: () => number): Promise<unknown> {
  const cache = await caches.open(name)
  const response = await cache.match(address)
  if (response === undefined) return null
  const until = Number(response.headers.get(UNTIL) ?? 0)
  if (until > now()) return await response.json()
  if (reader.until > now()) await cache.delete(address)
  else await caches.delete(name)
  return null
}

async function write(name: string, address: string, answer: unknown, until: number): Promise<void> {
  const cache = await caches.open(name)
  await cache.delete(address)
  await cache.put(address, new Response(JSON.stringify(answer), { headers: { [UNTIL]: String(until) } }))
  const addresses = await cache.keys()
  await Promise.all(addresses.slice(0, -MOST).map((old) => cache.delete(old)))
}

function addressOf(base: string, path: string): string {
  return new URL(base + path, location.href).href
}

/** Without a cache (plain HTTP, a private window, a full disk) nothing is kept, and all else works. */
async function quietly<T>(otherwise: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch {
    return otherwise
  }
}

/**
 * Keeps the page itself, so that it opens without a network; what it shows is kept by the element, for its reader. The
 * network comes first, since a page says who may frame it and how it looks; files with a hash in their name never change.
 */
interface WorkerScope {
  addEventListener(
    type: 'install' | 'activate',
    handle: (event: { waitUntil(work: Promise<unknown>): void }) => void,
  ): void
  addEventListener(type: 'fetch', handle: (event: Fetching) => void): void
  readonly registration: { readonly scope: string }
  skipWaiting(): Promise<void>
  readonly clients: { claim(): Promise<void> }
}

interface Fetching {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}

/** Written in when this file is built. */
declare const ASSETS: readonly string[]
declare const VERSION: string

const worker = self as unknown as WorkerScope
const page = worker.registration.scope
const CACHE = `unsilo-help-page ${page} ${VERSION}`
const files = new Set([page, ...ASSETS.map((name) => `${page}/assets/${name}`)])

worker.addEventListener('install', (event) => event.waitUntil(install()))
worker.addEventListener('activate', (event) => event.waitUntil(activate()))
worker.addEventListener('fetch', (event) => {
  const address = event.request.url.replace(/[?#].*$/, '')
  if (event.request.method !== 'GET' || !files.has(address)) return
  event.respondWith(address === page ? newest(event.request) : kept(event.request))
})

async function install(): Promise<void> {
  const cache = await caches.open(CACHE)
  await cache.addAll([...files])
  await worker.skipWaiting()
}

async function activate(): Promise<void> {
  const names = await caches.keys()
  const old = names.filter((name) => name.startsWith(`unsilo-help-page ${page} `) && name !== CACHE)
  await Promise.all(old.map((name) => caches.delete(name)))
  await worker.clients.claim()
}

async function newest(request: Request): Promise<Response> {
  try {
    const response = await fetch(request)
    if (response.ok) await (await caches.open(CACHE)).put(page, response.clone())
    return response
  } catch {
    return (await caches.match(page)) ?? Response.error()
  }
}

async function kept(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? (await fetch(request))
}

/** The wire itself, with real proxies: one forwards plain requests, and tunnels what is encrypted. */
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, describe, expect, test } from 'vitest'
import { createFetch } from '../../src/http/fetch.ts'
import { metered } from '../../src/http/meter.ts'
import { openNetwork } from '../../src/http/network.ts'
import { certificateFor } from '../certificate.ts'
import { closeServers, serve } from './serve.ts'

const open: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const close of open.splice(0)) await close()
  await closeServers()
})

/** Leads every host to the one target: names such as source.test need no resolver. */
async function startProxy(target: string, { password }: { readonly password?: string } = {}) {
  const seen: string[] = []
  const sockets = new Set<{ destroy(): unknown }>()
  const isRefused = (request: IncomingMessage) =>
    password !== undefined && request.headers['proxy-authorization'] !== `Basic ${btoa(`user:${password}`)}`
  const proxy = createServer(async (request, response) => {
    seen.push(`${request.method} ${request.url}`)
    if (isRefused(request)) return response.writeHead(407).end()
    const answer = await fetch(target, { headers: { authorization: request.headers.authorization ?? '' } })
    return response.end(await answer.text())
  })
  proxy.on('connect', (request, socket) => {
    seen.push(`CONNECT ${request.url}`)
    socket.on('error', () => {})
    if (isRefused(request)) return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')
    const to = connect(Number(new URL(target).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      socket.pipe(to).pipe(socket)
    })
    sockets.add(to).add(socket)
    return to.on('error', () => socket.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  open.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => proxy.close(resolve).closeAllConnections())
  })
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, seen }
}

const echo = () => serve((request, response) => response.end(`came with ${request.headers.authorization}`))

const through = (env: Record<string, string>) =>
  createFetch({ signal: new AbortController().signal, tries: 1, fetch: openNetwork({ env }) })

const asked = { headers: { authorization: 'Bearer token' } }

describe('a proxy', () => {
  test.each(['HTTP_PROXY', 'http_proxy'])('that %s names is asked', async (name) => {
    const source = await echo()
    const proxy = await startProxy(source.url)
    const answer = await through({ [name]: proxy.url })('http://source.test/page?a=1', asked)
    expect(await answer.text()).toBe('came with Bearer token')
    expect(proxy.seen).toEqual(['GET http://source.test/page?a=1'])
  })

  test.each(['HTTPS_PROXY', 'https_proxy'])('that %s names sees of encrypted requests the host alone', async (name) => {
    const source = await startListener()
    const proxy = await startProxy(source.url)
    await through({ [name]: proxy.url })('https://source.test/page?token=canary', asked).catch(() => {})
    expect(proxy.seen).toEqual(['CONNECT source.test:443'])
    const hello = Buffer.concat(source.came)
    expect(hello[0]).toBe(0x16)
    expect(hello.includes('source.test')).toBe(true)
    expect(hello.includes('canary') || hello.includes('/page')).toBe(false)
  })

  test('lets an encrypted answer through, and the source is asked as itself', async () => {
    const source = await startEncrypted('source.test')
    const proxy = await startProxy(source.url)
    const counted = metered(through({ HTTPS_PROXY: proxy.url }))
    const answers = [
      await counted.fetch('https://source.test/page?a=1', asked),
      await counted.fetch('https://source.test/2'),
    ]
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual([
      'GET /page?a=1 at source.test with Bearer token',
      'GET /2 at source.test with undefined',
    ])
    expect(new Set(proxy.seen)).toEqual(new Set(['CONNECT source.test:443']))
    expect(counted.traffic()).toMatchObject({ requests: 2, retries: 0 })
  })

  test('that leads to another host than the one that was meant gets nothing out', async () => {
    const source = await startEncrypted('source.test')
    const proxy = await startProxy(source.url)
    const error = await through({ HTTPS_PROXY: proxy.url })('https://bank.test/', asked).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ code: 'SOURCE_UNAVAILABLE' })
    expect(source.seen).toEqual([])
  })

  test('without a protocol in front is one too', async () => {
    const proxy = await startProxy((await echo()).url)
    await through({ HTTP_PROXY: proxy.url.replace('http://', '') })('http://source.test/')
    expect(proxy.seen).toHaveLength(1)
  })

  test('with a name and a password gets them, and they are in no message', async () => {
    const proxy = await startProxy((await echo()).url, { password: 'canary-pass' })
    const address = proxy.url.replace('http://', 'http://user:canary-pass@')
    expect((await through({ HTTP_PROXY: address })('http://source.test/')).status).toBe(200)

    const wrong = proxy.url.replace('http://', 'http://user:canary-other@')
    for (const url of ['http://source.test/', 'https://source.test/']) {
      const env = { HTTP_PROXY: wrong, HTTPS_PROXY: wrong }
      const error = await through(env)(url).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({
        code: 'SOURCE_UNAVAILABLE',
        message: expect.stringContaining('proxy answered 407'),
      })
      expect(`${error} ${(error as Error).stack} ${(error as Error).cause}`).not.toContain('canary')
    }
  })

  test.each([
    ['a host that NO_PROXY names', 'localhost.test', { NO_PROXY: 'other.test, localhost.test' }],
    ['one below it', 'a.localhost.test', { no_proxy: '.localhost.test' }],
    ['any host, if it says so', 'source.test', { NO_PROXY: '*' }],
  ])('is not asked for %s', async (_, host, env) => {
    const proxy = await startProxy((await echo()).url)
    await through({ HTTP_PROXY: proxy.url, ...env })(`http://${host}/`).catch(() => {})
    expect(proxy.seen).toEqual([])
  })

  test('is not asked for this machine', async () => {
    const source = await echo()
    const proxy = await startProxy(source.url)
    await through({ HTTP_PROXY: proxy.url })(source.url)
    expect([proxy.seen.length, source.seen.length]).toEqual([0, 1])
  })

  test.each(['nonsense:nonsense:canary', 'socks5://user:canary@proxy.test:1080', 'http://'])(
    'whose address is %s is refused, and not repeated',
    async (address) => {
      const error = await through({ HTTPS_PROXY: address })('https://source.test/').catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ code: 'CONFIG_INVALID', message: expect.stringContaining('HTTPS_PROXY') })
      expect(`${error} ${(error as Error).stack} ${(error as Error).cause}`).not.toContain('canary')
    },
  )
})

test('a connection that is not made in time is given up', async () => {
  const silent = createTcpServer((socket) => void open.unshift(async () => socket.destroy()))
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  open.push(() => new Promise((resolve) => silent.close(resolve)))
  const port = (silent.address() as AddressInfo).port
  const fetching = createFetch({
    ...{ signal: new AbortController().signal, tries: 1 },
    fetch: openNetwork({ connectTimeout: 50 }),
  })
  // The port takes connections and never answers to the encryption's hello.
  const error = await fetching(`https://127.0.0.1:${port}/`).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'SOURCE_UNAVAILABLE', message: expect.stringContaining('no connection in time') })
})

/** With a certificate for one host, which this process believes from then on. */
async function startEncrypted(host: string) {
  const certificate = certificateFor(host)
  setDefaultCACertificates([...getCACertificates('bundled'), certificate.cert])
  const seen: string[] = []
  const server = createSecureServer(certificate, (request, response) => {
    seen.push(`${request.method} ${request.url} at ${request.headers.host} with ${request.headers.authorization}`)
    response.end(seen.at(-1))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(() => new Promise((resolve) => server.close(resolve).closeAllConnections()))
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

/** Keeps what comes, and hangs up. */
async function startListener() {
  const came: Buffer[] = []
  const server = createTcpServer((socket) => {
    socket.on('data', (bytes: Buffer) => {
      came.push(bytes)
      socket.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(() => new Promise((resolve) => server.close(resolve)))
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, came }
}

/** A server of our own in front of a cluster: it says something else, or lets something happen first. */
import { createServer } from 'node:http'
import type { Remote } from '../conformance/remote.ts'

interface Said {
  readonly status: number
  readonly body: object
}

/** What is said instead of the cluster; null: what it says. */
export type Instead = (path: string, body: string, answer: () => Promise<string>) => Promise<Said | null>

/** @param work told a location that goes through the server */
export async function behind(
  remote: Remote,
  instead: Instead,
  work: (location: string) => Promise<void>,
): Promise<void> {
  const location = remote.place()
  const hosts = hostsOf(remote)
  const [first = ''] = hosts.split(',')
  await serving(first, instead, (host) => work(location.replace(hosts, host)))
}

/** The same index, not through the server. */
export function direct(remote: Remote, location: string): string {
  return location.replace(/127[^/]+/, hostsOf(remote))
}

function hostsOf(remote: Remote): string {
  return /^opensearch:\/\/([^/]+)/.exec(remote.place())?.[1] ?? ''
}

async function serving(cluster: string, instead: Instead, work: (host: string) => Promise<void>): Promise<void> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', async () => {
      const body = Buffer.concat(parts).toString()
      const headers = { 'content-type': request.headers['content-type'] ?? 'application/json' }
      const asked = { method: request.method ?? 'GET', headers, ...(body !== '' && { body }) }
      const pass = async () => await fetch(`http://${cluster}${request.url}`, asked)
      const own = await instead(request.url ?? '', body, async () => await (await pass()).text())
      const answer = own === null ? await pass() : new Response(JSON.stringify(own.body), { status: own.status })
      response.writeHead(answer.status, { 'content-type': 'application/json' })
      response.end(await answer.text())
    })
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  try {
    await work(`127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`)
  } finally {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
}

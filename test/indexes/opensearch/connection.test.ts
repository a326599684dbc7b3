/** Nodes that are busy, and nodes that are not trusted: servers of our own in their place. */
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { type Connection, connect } from '../../../src/indexes/opensearch/connection.ts'
import { parseLocation } from '../../../src/indexes/opensearch/location.ts'
import { certificateFor } from '../../certificate.ts'
import { temporaryFolder } from '../temporary-folder.ts'

/** Its certificate is good for 127.0.0.1, and for no other name that it has: `localhost` is a node that is not trusted. */
async function connected(answers: readonly number[], hosts: readonly string[]): Promise<Connection> {
  const authority = certificateFor('house.test')
  const ca = join(temporaryFolder(), 'ca.pem')
  writeFileSync(ca, authority.cert)
  const left = [...answers]
  const server = createServer(certificateFor('127.0.0.1', authority), (_, response) => {
    response.writeHead(left.shift() ?? 200, { 'content-type': 'application/json' }).end('{}')
  }).listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const nodes = hosts.map((host) => `${host}:${port}`).join(',')
  const db = await connect(parseLocation(`opensearch://${nodes}/knowledge?tls=verify&ca=${ca}`))
  onTestFinished(async () => {
    server.closeAllConnections()
    await db.close()
    server.close()
  })
  return db
}

const QUESTION = { method: 'GET', path: '/', patienceMs: 5000 } as const

test.for([
  [['127.0.0.1', 'localhost'], [429]],
  [['localhost', '127.0.0.1'], [429]],
  [
    ['127.0.0.1', 'localhost'],
    [503, 429, 503],
  ],
] as const)(
  'a node that is busy is asked again, whatever a node that is not trusted says: %j, %j',
  async ([hosts, answers]) => {
    const db = await connected(answers, hosts)

    expect(await db.ask(QUESTION)).toMatchObject({ status: 200 })
  },
)

test('a node that is not trusted is passed over by each of two requests at once', async () => {
  const db = await connected([], ['localhost', '127.0.0.1'])

  expect(await Promise.all([db.ask(QUESTION), db.ask(QUESTION)])).toMatchObject([{ status: 200 }, { status: 200 }])
})

test('where no node is trusted, that is said at once', async () => {
  const db = await connected([], ['localhost', 'localhost'])
  const began = performance.now()

  await expect(db.ask(QUESTION)).rejects.toMatchObject({
    code: 'INDEX_UNAVAILABLE',
    message: expect.stringContaining('ERR_TLS_CERT_ALTNAME'),
  })
  expect(performance.now() - began).toBeLessThan(3000)
})

test('where the trusted one stays busy, that is what is said at the end', async () => {
  const db = await connected(Array(1000).fill(429), ['127.0.0.1', 'localhost'])

  await expect(db.ask({ ...QUESTION, patienceMs: 300 })).rejects.toMatchObject({
    code: 'INDEX_UNAVAILABLE',
    message: expect.not.stringContaining('ERR_TLS'),
  })
})

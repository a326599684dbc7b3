/** A cluster behind TLS and a password, as most are: a server of our own in front of it ends TLS and lets one user in. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as ask } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { asUnsiloError } from '../../src/core/errors.ts'
import { openOpenSearch } from '../../src/indexes/opensearch/opensearch.ts'
import { certificateFor } from '../certificate.ts'
import { asking, found, putting } from '../conformance/index-samples.ts'
import type { Remote } from '../conformance/remote.ts'

const PASSWORD = 'canary/p@ss?'
const ALLOWED = `Basic ${Buffer.from(`unsilo:${PASSWORD}`).toString('base64')}`

interface Door {
  readonly port: number
  /** The authority's certificate. */
  readonly ca: string
  close(): Promise<void>
}

export function testSecured(remote: Remote): void {
  describe(`${remote.name}: TLS and a password`, () => {
    let door: Door

    beforeAll(async () => {
      door = await openDoor(/\/\/([^,/]+)/.exec(remote.place())?.[1] ?? '')
    })
    afterAll(() => door.close())

    /** A place behind the door. */
    function location(password: string, parameters: string, host = '127.0.0.1'): string {
      const who = `unsilo:${encodeURIComponent(password)}`
      const name = /[^/?]+(?=\?)/.exec(remote.place())?.[0]
      return `opensearch://${who}@${host}:${door.port}/${name}?${parameters}`
    }

    async function refusal(place: string): Promise<string> {
      const thrown = await openOpenSearch(place).then(
        () => expect.unreachable('it was opened'),
        (error: unknown) => error,
      )
      const error = asUnsiloError(thrown)
      const told = `${inspect(thrown, { depth: 9 })} ${error.message} ${error.hint}`
      for (const secret of ['canary', 'p@ss', ALLOWED.slice(6)]) expect(told).not.toContain(secret)
      return `${error.code} ${error.message}`
    }

    test('with the authority that signed its certificate, and the password, it is an index like any', async () => {
      const place = location(PASSWORD, `tls=verify&ca=${door.ca}`)
      const store = await openOpenSearch(place)
      await store.apply(putting('docs', { 'docs:1': 'word' }))
      const reader = await openOpenSearch(place, { mode: 'read' })

      expect(await found(reader, asking('word'))).toEqual(['docs:1#0'])
      await reader.close()
      await store.close()
    })

    test('who has a wrong password, or none, is told so, and no message holds it', async () => {
      const place = location(`${PASSWORD} `, `tls=verify&ca=${door.ca}`)

      expect(await refusal(place)).toMatch(/^AUTH_REJECTED .* does not let this user in/)
      expect(await refusal(place.replace(/\/\/[^@]+@/, '//'))).toMatch(/^AUTH_REJECTED/)
    })

    test('a certificate of an unknown authority, or for another host, is refused', async () => {
      expect(await refusal(location(PASSWORD, 'tls=verify'))).toMatch(/^INDEX_UNAVAILABLE .*(UNABLE_TO|SELF_SIGNED)/)
      expect(await refusal(location(PASSWORD, `tls=verify&ca=${door.ca}`, 'localhost'))).toMatch(/ERR_TLS_CERT_ALTNAME/)
    })

    test('a node whose certificate is refused is passed over where that of another one is good', async () => {
      const both = `localhost:${door.port},127.0.0.1`
      const store = await openOpenSearch(location(PASSWORD, `tls=verify&ca=${door.ca}`, both))

      expect(await store.holder()).not.toBeNull()
      await store.close()
    })

    test('without TLS nobody answers there, and whoever answers is believed only where that is asked for', async () => {
      expect(await refusal(location(PASSWORD, 'tls=disable'))).toMatch(/^INDEX_UNAVAILABLE/)

      const store = await openOpenSearch(location(PASSWORD, 'tls=no-verify'))
      await store.close()
    })
  })
}

/** @param cluster its host and port */
async function openDoor(cluster: string): Promise<Door> {
  const folder = mkdtempSync(join(tmpdir(), 'unsilo-tls-'))
  const ca = join(folder, 'ca.pem')
  const authority = certificateFor('house.test')
  writeFileSync(ca, authority.cert)
  const [hostname = '', port] = cluster.split(':')
  const server = createServer(certificateFor('127.0.0.1', authority), (request, response) => {
    if (request.headers.authorization !== ALLOWED) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="OpenSearch"' }).end('Unauthorized')
      return
    }
    const { method, url: path, headers } = request
    const passed = ask({ hostname, port, method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    passed.on('error', () => response.destroy())
    request.pipe(passed)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    ca,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(folder, { recursive: true })
    },
  }
}

/** What a server gives to whom: a role that only reads, one without rights, TLS, and how long a statement may take. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { afterEach, describe, expect, test } from 'vitest'
import type { Store } from '../../src/core/store.ts'
import { connect } from '../../src/indexes/postgres/connection.ts'
import { parseLocation } from '../../src/indexes/postgres/location.ts'
import { openPostgres } from '../../src/indexes/postgres/postgres.ts'
import { openNotes } from '../../src/indexes/registry.ts'
import { BIN } from '../cli/stage.ts'
import { asking, found, putting } from '../conformance/index-samples.ts'
import { temporaryFolder } from '../indexes/temporary-folder.ts'
import type { OwnServer } from './own-server.ts'
import { placeIn } from './server.ts'

const PASSWORD = 'of a guest'

export function testGuests(server: OwnServer): void {
  const opened: Store[] = []

  async function open(location: string, mode: 'read' | 'write'): Promise<Store> {
    const store = await openPostgres(location, { mode })
    opened.push(store)
    return store
  }

  /** The same place, for somebody else. */
  function as(role: string, location: string): string {
    const url = new URL(location)
    url.username = role
    url.password = PASSWORD
    return url.href
  }

  async function administer(...statements: readonly string[]): Promise<void> {
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    for (const statement of statements) await client.query(statement)
    await client.end()
  }

  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
  })

  describe(`${server.name}: who is let in`, () => {
    test('a role with the rights of the README reads everything and writes nothing', async () => {
      const location = placeIn(server)
      const schema = new URL(location).searchParams.get('schema')
      const writer = await open(location, 'write')
      await writer.apply(putting('docs', { 'docs:1': 'word' }))
      await administer(
        `CREATE ROLE reader LOGIN PASSWORD '${PASSWORD}'`,
        `GRANT USAGE ON SCHEMA ${schema} TO reader`,
        `GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO reader`,
        `REVOKE ALL ON ${schema}.note FROM reader`,
      )

      const reader = await open(as('reader', location), 'read')
      expect(await found(reader, asking('word'))).toEqual(['docs:1#0'])
      expect([await reader.holder(), await reader.sources()]).toEqual([expect.any(String), ['docs']])
      await expect(open(as('reader', location), 'write')).rejects.toMatchObject({ code: 'DISK' })
      const notes = openNotes(as('reader', location), { mode: 'read', holder: 'a reader' })
      await expect(notes).rejects.toMatchObject({ code: 'DISK' })
      expect(await answeredBy(as('reader', location), 'word')).toMatchObject({ results: [{ id: 'docs:1' }] })
    })

    test('what was published is read by the role that publishes, and not by one that reads the index', async () => {
      const tables = 'ALTER DEFAULT PRIVILEGES IN SCHEMA noted GRANT SELECT ON TABLES TO onlooker, publisher'
      await administer(
        `CREATE ROLE onlooker LOGIN PASSWORD '${PASSWORD}'`,
        `CREATE ROLE publisher LOGIN PASSWORD '${PASSWORD}'`,
        'CREATE SCHEMA noted',
        'GRANT USAGE ON SCHEMA noted TO onlooker, publisher',
        tables,
      )
      const location = `${server.url}?schema=noted`
      const writer = await open(location, 'write')
      await writer.apply(putting('docs', { 'docs:1': 'word' }))
      await administer(
        'GRANT INSERT, UPDATE, DELETE, SELECT ON noted.note, noted.lease TO publisher',
        'GRANT USAGE ON SEQUENCE noted.lease_token TO publisher',
      )
      const notes = (role: string, mode: 'read' | 'write') => openNotes(as(role, location), { mode, holder: role })

      const own = await notes('publisher', 'write')
      await own.put('a', 1)
      await own.close()
      for (const mode of ['read', 'write'] as const) {
        await expect(notes('onlooker', mode)).rejects.toMatchObject({
          code: 'DISK',
          message: expect.stringContaining('What was published from'),
        })
      }
      expect(await found(await open(as('onlooker', location), 'read'), asking('word'))).toEqual(['docs:1#0'])
      await administer('GRANT SELECT ON noted.note TO onlooker')
      const read = await notes('onlooker', 'read')
      expect([...read.all()]).toEqual([['a', 1]])
      await read.close()
      await expect(notes('onlooker', 'write')).rejects.toMatchObject({ code: 'DISK' })
    })

    test('a role that was given a schema and may make none fills it', async () => {
      await administer(`CREATE ROLE filler LOGIN PASSWORD '${PASSWORD}'`, 'CREATE SCHEMA given AUTHORIZATION filler')
      const location = as('filler', `${server.url}?schema=given`)

      const store = await open(location, 'write')
      await store.apply(putting('docs', { 'docs:1': 'word' }))

      expect(await found(store, asking('word'))).toEqual(['docs:1#0'])
      const elsewhere = as('filler', `${server.url}?schema=elsewhere`)
      await expect(open(elsewhere, 'write')).rejects.toMatchObject({ code: 'DISK' })
    })

    test.for([
      ['a wrong password', 'AUTH_REJECTED', (url: URL) => Object.assign(url, { password: 'hunter2' })],
      ['a database that is not there', 'NOT_FOUND', (url: URL) => Object.assign(url, { pathname: '/none' })],
      ['an index that is not there', 'NOT_FOUND', (url: URL) => url],
      ['a port where nobody is', 'INDEX_UNAVAILABLE', (url: URL) => Object.assign(url, { port: '1' })],
    ] as const)('%s is told as %s, without a password', async ([, code, change]) => {
      const location = change(new URL(placeIn(server))).href
      const opening = openPostgres(location, { mode: 'read' })

      await expect(opening).rejects.toMatchObject({ code })
      await expect(opening).rejects.not.toMatchObject({
        message: expect.stringMatching(/hunter2|for%20tests|for tests/),
      })
    })

    test('what takes longer than a statement may is broken off', async () => {
      const db = await connect(parseLocation(`${server.url}?timeout=1`))

      await expect(db.get('SELECT pg_sleep(5)')).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' })
      await db.close()
    })

    test.skipIf(server.root === null)('a certificate is verified, unless that is declined', async () => {
      const location = placeIn(server)
      const writer = await open(`${location}&sslmode=verify-full&sslrootcert=${server.root}`, 'write')
      await writer.apply(putting('docs', { 'docs:1': 'word' }))

      expect(await found(await open(`${location}&sslmode=no-verify`, 'read'), asking('word'))).toEqual(['docs:1#0'])
      await expect(open(`${location}&sslmode=verify-full`, 'read')).rejects.toMatchObject({ code: 'INDEX_UNAVAILABLE' })
    })
  })
}

/** What `unsilo serve` answers. */
async function answeredBy(location: string, question: string): Promise<unknown> {
  const folder = temporaryFolder()
  writeFileSync(
    join(folder, 'unsilo.config.yaml'),
    `index: "\${env:INDEX}"\nsources:\n  docs:\n    connector: confluence\n`,
  )
  const env = { ...process.env, INDEX: location }
  const args = [BIN, 'serve', '--port', '0', '--json']
  const server = spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'ignore'] })
  const exit = once(server, 'exit')
  try {
    const [line] = await Promise.race([once(createInterface({ input: server.stdout }), 'line'), exit])
    const { port } = JSON.parse(String(line)) as { port: number }
    return await (await fetch(`http://127.0.0.1:${port}/v1/search?q=${question}`)).json()
  } finally {
    server.kill('SIGTERM')
    await exit
  }
}

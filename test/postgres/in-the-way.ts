/** What a copy over an index leaves alone: whatever else is where it is made, and whatever hangs on tables that would be gone. */
import { once } from 'node:events'
import { type AddressInfo, createConnection, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { idsIn } from '../../src/cli/audience.ts'
import { indexName } from '../../src/cli/setup.ts'
import type { StoredDocument } from '../../src/core/document.ts'
import type { Connection, Session } from '../../src/indexes/postgres/connection.ts'
import { releaseLease, takeLease } from '../../src/indexes/postgres/lease.ts'
import { parseLocation } from '../../src/indexes/postgres/location.ts'
import { openForWriting } from '../../src/indexes/postgres/open.ts'
import { swapIn } from '../../src/indexes/postgres/swap.ts'
import { fillIndex, openIndex, verifyIndex } from '../../src/indexes/registry.ts'
import { leaseOptions } from '../../src/indexes/remote-lease.ts'
import { asking, found, putting } from '../conformance/index-samples.ts'
import { unsilo } from '../serve/editions.ts'
import type { OwnServer } from './own-server.ts'
import { placeIn } from './server.ts'

const PASSWORD = 'of a guest'
/** A reader that waits as long has been kept out. */
const AT_ONCE = 250
const A_TURN = 750
const STOPPED_MS = 6000
/** As they are locked. */
const IN_ORDER = ['chunk', 'chunk_text', 'chunk_words', 'document', 'document_text']

export function testInTheWay(server: OwnServer): void {
  async function asAdministrator<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }

  const administer = async (sql: string) => await asAdministrator((client) => client.query(sql))

  const schemaOf = (location: string) => new URL(location).searchParams.get('schema') ?? ''

  function besideOf(location: string): string {
    const url = new URL(location)
    url.searchParams.set('schema', `${schemaOf(location)}_copying`)
    return url.href
  }

  /** The same place, for somebody else. */
  function as(role: string, location: string): string {
    const url = new URL(location)
    url.username = role
    url.password = PASSWORD
    return url.href
  }

  async function filled(location: string, id: string): Promise<void> {
    const store = await openIndex(location)
    await store.apply(putting('docs', { [id]: 'word' }))
    await store.close()
  }

  async function foundIn(location: string): Promise<readonly string[]> {
    const store = await openIndex(location, { mode: 'read' })
    const hits = await found(store, asking('word'))
    await store.close()
    return hits
  }

  async function idsOf(documents: AsyncIterable<StoredDocument>): Promise<readonly string[]> {
    const ids: string[] = []
    for await (const { head } of documents) ids.push(head.id)
    return ids
  }

  /** As `unsilo copy` does. */
  async function replaced(location: string, id: string): Promise<void> {
    const filling = await fillIndex(location, {})
    try {
      const store = await filling.begin('elsewhere')
      await store.apply(putting('docs', { [id]: 'word' }))
      await filling.finish()
    } finally {
      await filling.close()
    }
  }

  describe(`${server.name}: what a copy over an index leaves alone`, () => {
    test('an index of somebody else in the schema that it would be made in', async () => {
      const location = placeIn(server)
      await filled(location, 'docs:1')
      await filled(besideOf(location), 'docs:9')

      await expect(replaced(location, 'docs:2')).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringContaining(`${schemaOf(location)}_copying`),
      })
      expect([await foundIn(location), await foundIn(besideOf(location))]).toEqual([['docs:1#0'], ['docs:9#0']])
    })

    test('one of an older unsilo there, which is not brought up to date either', async () => {
      const location = placeIn(server)
      const beside = schemaOf(besideOf(location))
      await filled(location, 'docs:1')
      await filled(besideOf(location), 'docs:9')
      await administer(`DROP TABLE ${beside}.note; UPDATE ${beside}.schema_version SET version = 2`)

      await expect(replaced(location, 'docs:2')).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringContaining(beside),
      })
      expect((await administer(`SELECT version FROM ${beside}.schema_version`)).rows).toEqual([{ version: 2 }])
    })

    test('the index, where what was copied is gone before it takes its place', async () => {
      const location = placeIn(server)
      await filled(location, 'docs:1')
      const filling = await fillIndex(location, {})
      await filling.begin('elsewhere')
      const beside = `${schemaOf(location)}_copying`
      await asAdministrator(async (reader) => {
        await reader.query(`BEGIN; SELECT FROM ${schemaOf(location)}.document`)
        const finished = filling.finish().then(...OUTCOME)
        await sleep(1500)
        await administer(`DROP SCHEMA ${beside} CASCADE`)
        await sleep(1500)
        await reader.query('COMMIT')
        expect(await finished).toMatchObject({ code: 'INDEX_UNAVAILABLE' })
      })
      await filling.close()

      expect(await foundIn(location)).toEqual(['docs:1#0'])
    })

    test('what was stored since a copy was begun, until a person says so again', async () => {
      const [location, other] = [placeIn(server), placeIn(server)]
      await filled(location, 'docs:1')
      await filled(other, 'docs:2')
      const filling = await fillIndex(location, {})
      await filling.begin(indexName(other))
      await filling.close()
      await filled(location, 'docs:3')

      expect(await unsilo('copy', other, location)).toMatchObject({ code: 2 })
      expect(await foundIn(location)).toEqual(['docs:1#0', 'docs:3#0'])
    })

    test('who writes next, where what was being made is gone', async () => {
      const location = placeIn(server)
      await filled(location, 'docs:1')
      const filling = await fillIndex(location, {})
      await filling.begin('elsewhere')
      await administer(`DROP SCHEMA ${schemaOf(besideOf(location))} CASCADE`)
      await filling.close().catch(() => undefined)

      await filled(location, 'docs:2')
      expect(await foundIn(location)).toEqual(['docs:1#0', 'docs:2#0'])
    })

    test('who reads all documents: they are of one index, or that is told', async () => {
      const location = placeIn(server)
      await filled(location, 'docs:1')
      const reader = await openIndex(location, { mode: 'read' })
      const before = await idsOf(reader.documents([]))
      const cut = reader.documents([])[Symbol.asyncIterator]()
      await cut.next()
      await replaced(location, 'docs:2')

      expect(before).toEqual(['docs:1'])
      await expect(idsOf({ [Symbol.asyncIterator]: () => cut })).rejects.toMatchObject({ code: 'LOCKED' })
      await expect(idsOf(reader.documents([]))).rejects.toMatchObject({ code: 'LOCKED' })
      await expect(idsIn(reader)).rejects.toMatchObject({ code: 'LOCKED' })
      await reader.close()
    })

    test('who checks it: what is of two indexes is not told as damage', async () => {
      const location = placeIn(server)
      await filled(location, 'docs:1')
      const filling = await fillIndex(location, {})
      await (await filling.begin('elsewhere')).apply(putting('docs', { 'docs:2': 'word' }))
      const slow = await heldUp(location, 'chunk_words')
      const checking = verifyIndex(slow.location).catch((thrown: unknown) => thrown)
      await slow.reached
      await filling.finish()
      slow.letGo()
      const checked = await checking
      slow.close()

      expect(checked).toMatchObject({ code: 'LOCKED' })
      expect(await verifyIndex(location)).toEqual([])
    })

    test('who waited to write meanwhile writes to what is there then', async () => {
      const location = placeIn(server)
      await filled(location, 'docs:1')
      const filling = await fillIndex(location, {})
      await (await filling.begin('elsewhere')).apply(putting('docs', { 'docs:2': 'word' }))
      const opening = openIndex(location, { lockTimeoutMs: 30_000 })
      await sleep(1000)
      await filling.finish()
      const writer = await opening
      const current = await writer.checkCurrent?.().then(...OUTCOME)
      const ids = await idsOf(writer.documents([]))
      await writer.close()

      expect([current, ids]).toEqual([null, ['docs:2']])
    })

    test.for([
      ['rows that only some may read', (table: string) => `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY`],
      [
        'a trigger',
        (table: string) =>
          `CREATE TRIGGER noted BEFORE UPDATE ON ${table} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()`,
      ],
    ] as const)('%s of its tables', async ([, hung]) => {
      const location = placeIn(server)
      await filled(location, 'docs:1')
      await administer(hung(`${schemaOf(location)}.chunk_text`))

      await expect(replaced(location, 'docs:2')).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringContaining('chunk_text'),
      })
      expect(await foundIn(location)).toEqual(['docs:1#0'])
    })

    test('tables that somebody else made in the schema that it would be made in', async () => {
      const location = placeIn(server)
      const [schema, beside] = [schemaOf(location), schemaOf(besideOf(location))]
      await filled(location, 'docs:1')
      await filled(besideOf(location), 'docs:1')
      const store = await openIndex(besideOf(location))
      await store.forget('docs')
      await store.close()
      await administer(`CREATE ROLE copier LOGIN PASSWORD '${PASSWORD}'; ALTER SCHEMA ${schema} OWNER TO copier;
        GRANT ALL ON SCHEMA ${beside} TO copier; GRANT ALL ON ALL TABLES IN SCHEMA ${beside} TO copier;
        GRANT ALL ON ALL SEQUENCES IN SCHEMA ${beside} TO copier;
        ALTER SEQUENCE ${schema}.lease_token OWNER TO copier`)
      const names = await asAdministrator((client) =>
        client.query<{ name: string }>(`SELECT tablename::text AS name FROM pg_tables WHERE schemaname = '${schema}'`),
      )
      for (const { name } of names.rows) await administer(`ALTER TABLE ${schema}.${name} OWNER TO copier`)
      const filling = await fillIndex(as('copier', location), {})

      await expect(filling.begin('elsewhere')).rejects.toMatchObject({ code: 'USAGE' })
      await filling.close()
      expect(await foundIn(location)).toEqual(['docs:1#0'])
    })

    test('who may read the index reads it then, and what is being made not before, with the rights of the README', async () => {
      const location = placeIn(server)
      const [schema, beside] = [schemaOf(location), schemaOf(besideOf(location))]
      await administer(`CREATE ROLE writes LOGIN PASSWORD '${PASSWORD}'; CREATE ROLE reads LOGIN PASSWORD '${PASSWORD}';
        CREATE SCHEMA ${schema} AUTHORIZATION writes; GRANT USAGE ON SCHEMA ${schema} TO reads;
        ALTER DEFAULT PRIVILEGES FOR ROLE writes IN SCHEMA ${schema} GRANT SELECT ON TABLES TO reads;
        CREATE SCHEMA ${beside} AUTHORIZATION writes`)
      const [writing, reading] = [as('writes', location), as('reads', location)]
      await filled(writing, 'docs:1')
      const filling = await fillIndex(writing, {})
      await (await filling.begin('elsewhere')).apply(putting('docs', { 'docs:2': 'word' }))
      const early = await openIndex(as('reads', besideOf(location)), { mode: 'read' }).then(...OUTCOME)
      const before = await foundIn(reading)
      await filling.finish()

      expect([early, before, await foundIn(reading)]).toEqual([
        expect.objectContaining({ code: 'DISK' }),
        ['docs:1#0'],
        ['docs:2#0'],
      ])
    })

    test.for([
      ['autovacuum is at what was copied', 'LOCK TABLE @.token IN SHARE UPDATE EXCLUSIVE MODE'],
      ['somebody looks who copies', 'SELECT FROM @.lease'],
    ] as const)('who reads, while %s', async ([, held]) => {
      const location = placeIn(server)
      const [schema, beside] = [schemaOf(location), schemaOf(besideOf(location))]
      await filled(location, 'docs:1')
      const filling = await fillIndex(location, {})
      await (await filling.begin('elsewhere')).apply(putting('docs', { 'docs:2': 'word' }))
      const waited = await asAdministrator(async (other) => {
        await other.query(`BEGIN; ${held.replace('@', beside)}`)
        const finished = filling.finish()
        const most = await longestWait(`SELECT FROM ${schema}.document`)
        await other.query('COMMIT')
        await finished
        return most
      })

      expect(waited).toBeLessThan(AT_ONCE)
      expect(await foundIn(location)).toEqual(['docs:2#0'])
    })

    test('who reads, where it is stopped while it takes its place', async () => {
      const location = placeIn(server)
      await filled(location, 'docs:1')
      const filling = await fillIndex(location, {})
      await (await filling.begin('elsewhere')).apply(putting('docs', { 'docs:2': 'word' }))
      await filling.close()
      const { db } = await openForWriting(parseLocation(location))
      const lease = await takeLease(db, leaseOptions({}, 60_000))
      const swapped = swapIn(stopping(db), lease, schemaOf(besideOf(location))).then(...OUTCOME)
      await sleep(200)
      const waited = await longestWait(`SELECT FROM ${schemaOf(location)}.document`)
      const outcome = await swapped
      await releaseLease(db, lease)
      await db.close()

      expect(outcome).toMatchObject({ code: 'INDEX_UNAVAILABLE' })
      expect(waited).toBeLessThan(STOPPED_MS - 1000)
      expect(await foundIn(location)).toEqual(['docs:1#0'])
    })

    test('who reads, while others read one table after the other: nobody waits for longer than a turn', async () => {
      const location = placeIn(server)
      const schema = schemaOf(location)
      await filled(location, 'docs:1')
      const filling = await fillIndex(location, {})
      await (await filling.begin('elsewhere')).apply(putting('docs', { 'docs:2': 'word' }))
      const others = IN_ORDER.map((table, at) =>
        asAdministrator(async (other) => {
          await other.query(`BEGIN; SELECT FROM ${schema}.${table}`)
          await sleep(800 + 400 * at)
          await other.query('COMMIT')
        }),
      )
      await sleep(300)
      const finished = filling.finish()
      const waited = await longestWait(`SELECT FROM ${schema}.chunk`)
      await Promise.all([finished, ...others])

      expect(waited).toBeLessThan(A_TURN)
      expect(await foundIn(location)).toEqual(['docs:2#0'])
    })
  })

  /** The same place, by a way on which a statement with such a word in it waits, and holds no table. */
  async function heldUp(location: string, word: string) {
    const url = new URL(location)
    const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const { hostname, port } = url
    const way = createServer((client) => {
      const onward = createConnection(Number(port), hostname)
      onward.pipe(client)
      // Who closes first may find the other end gone.
      for (const socket of [client, onward]) socket.on('error', () => undefined)
      client.on('end', () => onward.end())
      client.on('data', async (sent) => {
        if (sent.includes(word)) {
          reached.resolve()
          await released.promise
        }
        onward.write(sent)
      })
    })
    await once(way.listen(0, '127.0.0.1'), 'listening')
    url.port = String((way.address() as AddressInfo).port)
    return { location: url.href, reached: reached.promise, letGo: released.resolve, close: () => way.close() }
  }

  /** As a laptop that sleeps: while it holds all tables. */
  function stopping({ ...db }: Connection): Connection {
    const slow = (session: Session): Session => ({
      ...session,
      run: async (sql, ...values) => {
        if (sql.startsWith('DROP TABLE @.')) await sleep(STOPPED_MS)
        return await session.run(sql, ...values)
      },
    })
    return { ...db, writing: (work) => db.writing((session) => work(slow(session))) }
  }

  /** Within two seconds. */
  async function longestWait(sql: string): Promise<number> {
    return await asAdministrator(async (reader) => {
      let most = 0
      for (const end = Date.now() + 2000; Date.now() < end; ) {
        const begun = Date.now()
        await reader.query(sql)
        most = Math.max(most, Date.now() - begun)
      }
      return most
    })
  }
}

const OUTCOME = [() => null, (thrown: unknown) => thrown] as const

/** What is done for questions of an index that was just written, before Postgres does it by itself. */
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { openPostgres } from '../../src/indexes/postgres/postgres.ts'
import { batch, sampleDocument } from '../conformance/index-samples.ts'
import { placeIn, type Server } from './server.ts'

export function testUpkeep(server: Server): void {
  async function numberOf(sql: string, location: string, name: string): Promise<number> {
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    const { rows } = await client.query<{ number: number }>(sql, [
      `${new URL(location).searchParams.get('schema')}.${name}`,
    ])
    await client.end()
    return Number(rows[0]?.number)
  }

  /** Chunks, as it last looked; -1: it never has. */
  const known = (location: string) =>
    numberOf('SELECT reltuples AS number FROM pg_class WHERE oid = $1::regclass', location, 'chunk')

  /** Pages that each word that is looked up has to read through; from then on none. */
  const listedIn = (location: string) =>
    numberOf('SELECT gin_clean_pending_list($1::regclass) AS number', location, 'chunk_by_terms')

  function putting(from: number, chunks: number) {
    const texts = Array.from({ length: 10 }, (_, at) => `word ${at}`)
    return batch('docs', {
      put: Array.from({ length: chunks / 10 }, (_, at) => sampleDocument(`docs:${from + at}`, { texts })),
    })
  }

  describe(`${server.name}: upkeep`, () => {
    test('statistics are made while much is written, and at its end, and not for little', async () => {
      const location = placeIn(server)
      const writer = await openPostgres(location)
      await writer.apply(putting(0, 50))
      const little = await known(location)
      await writer.apply(putting(100, 1000))
      const much = await known(location)
      await writer.apply(putting(300, 200))
      const more = await known(location)
      await writer.close()

      expect([little, much, more, await known(location)]).toEqual([-1, 1050, 1050, 1250])
    })

    test('statistics are made by whoever writes little into an index that holds little', async () => {
      const location = placeIn(server)
      const writer = await openPostgres(location)
      await writer.apply(putting(0, 60))
      await writer.close()

      expect(await known(location)).toBe(60)
    })

    test('what was added to the index of words is in it once its writer has closed', async () => {
      const [location, other] = [placeIn(server), placeIn(server)]
      const [writer, open] = [await openPostgres(location), await openPostgres(other)]
      await writer.apply(putting(0, 20))
      await open.apply(putting(0, 20))
      await writer.close()
      const listed = [await listedIn(location), await listedIn(other)]
      await open.close()

      expect([listed[0], (listed[1] ?? 0) > 0]).toEqual([0, true])
    })

    test('a batch is stored, and its writer closes, also where there is no connection for upkeep', async () => {
      const location = new URL(placeIn(server))
      const schema = location.searchParams.get('schema') ?? ''
      const client = new pg.Client({ connectionString: server.url })
      await client.connect()
      await client.query(`CREATE ROLE narrow LOGIN PASSWORD 'of one' CONNECTION LIMIT 1;
        CREATE SCHEMA ${schema} AUTHORIZATION narrow`)
      await client.end()
      const stored = location.href
      location.username = 'narrow'
      location.password = 'of one'
      const writer = await openPostgres(location.href)
      await writer.apply(putting(0, 1100))
      await writer.close()

      expect([await known(stored), await writtenTo(stored)]).toEqual([-1, 110])
    })
  })

  async function writtenTo(location: string): Promise<number> {
    const reader = await openPostgres(location, { mode: 'read' })
    const { documents } = await reader.stats('docs')
    await reader.close()
    return documents
  }
}

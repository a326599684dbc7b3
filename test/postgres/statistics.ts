/** What Postgres knows of an index that was just written, before it looks by itself. */
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { openPostgres } from '../../src/indexes/postgres/postgres.ts'
import { batch, sampleDocument } from '../conformance/index-samples.ts'
import { placeIn, type Server } from './server.ts'

export function testStatistics(server: Server): void {
  /** Chunks, as it last looked; -1: it never has. */
  async function known(location: string): Promise<number> {
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    const { rows } = await client.query<{ chunks: number }>(
      'SELECT reltuples AS chunks FROM pg_class WHERE oid = $1::regclass',
      [`${new URL(location).searchParams.get('schema')}.chunk`],
    )
    await client.end()
    return rows[0]?.chunks ?? Number.NaN
  }

  function putting(from: number, chunks: number) {
    const texts = Array.from({ length: 10 }, (_, at) => `word ${at}`)
    return batch('docs', {
      put: Array.from({ length: chunks / 10 }, (_, at) => sampleDocument(`docs:${from + at}`, { texts })),
    })
  }

  describe(`${server.name}: statistics`, () => {
    test('are made while much is written, and at its end, and not for little', async () => {
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

    test('are made by whoever writes little into an index that holds little', async () => {
      const location = placeIn(server)
      const writer = await openPostgres(location)
      await writer.apply(putting(0, 60))
      await writer.close()

      expect(await known(location)).toBe(60)
    })
  })
}

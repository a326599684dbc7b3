/** Vectors, and the graph that they are found by, of an index that takes another's place. */
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { fillIndex, openIndex } from '../../src/indexes/registry.ts'
import { putting } from '../conformance/index-samples.ts'
import { placeIn, type Server } from './server.ts'

const MODEL = 'moved:2'
const VECTOR = Float32Array.of(0.6, 0.8)

export function testMovedVectors(server: Server): void {
  async function asked(sql: string): Promise<readonly unknown[]> {
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    const { rows } = await client.query<Record<string, unknown>>(sql)
    await client.end()
    return rows.flatMap((row) => Object.values(row))
  }

  async function nearestIn(location: string): Promise<readonly string[]> {
    const store = await openIndex(location, { mode: 'read' })
    const hits = await store.nearest({ embedder: MODEL, vector: VECTOR, as: [], limit: 5 })
    await store.close()
    return hits.map(({ document }) => document)
  }

  describe(`${server.name} index: vectors of what takes its place`, () => {
    test('are there with their graph, and those of the old one are not', async () => {
      const location = placeIn(server)
      const schema = new URL(location).searchParams.get('schema') ?? ''
      async function fill(id: string): Promise<void> {
        const filling = await fillIndex(location, {})
        const store = await filling.begin('elsewhere')
        await store.apply(putting('docs', { [id]: 'word' }))
        const [passage] = await store.unembedded(MODEL, 1)
        if (passage !== undefined) await store.embed(MODEL, [{ ...passage, vector: VECTOR }])
        const present = filling.present === null ? schema : `${schema}_copying`
        await asked(`CREATE INDEX vector_graph_1 ON ${present}.vector
          USING hnsw ((numbers::halfvec(2)) halfvec_cosine_ops) WHERE embedder = 1`)
        await filling.finish()
      }
      await fill('docs:1')
      const before = await nearestIn(location)
      await fill('docs:2')

      expect([before, await nearestIn(location)]).toEqual([['docs:1'], ['docs:2']])
      expect(
        await asked(`SELECT indexrelid::regclass::text FROM pg_index
        WHERE indisvalid AND indrelid = '${schema}.vector'::regclass ORDER BY 1`),
      ).toEqual([...[`${schema}.vector_by_embedder`, `${schema}.vector_graph_1`, `${schema}.vector_pkey`]])
    })
  })
}

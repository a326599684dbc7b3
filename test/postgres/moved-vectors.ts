/** Vectors, and the graph that they are found by, of an index that takes another's place, or that can't be built now. */
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { fillIndex, openIndex } from '../../src/indexes/registry.ts'
import { putting } from '../conformance/index-samples.ts'
import { placeIn, type Server } from './server.ts'

const MODEL = 'moved:2'
const VECTOR = Float32Array.of(0.6, 0.8)
/** One more than are compared in full. */
const MANY = 20_001

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

  const graphsOf = async (schema: string) =>
    await asked(`SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('${schema}.vector_graph_1')`)

  describe(`${server.name} index: a graph that can't be built`, () => {
    test('is no failure of what was stored, and is built by who writes next', async () => {
      const location = placeIn(server)
      const schema = new URL(location).searchParams.get('schema') ?? ''
      const writer = await openIndex(location)
      await writer.apply(putting('docs', { 'docs:1': 'word' }))
      const [passage] = await writer.unembedded(MODEL, 1)
      if (passage !== undefined) await writer.embed(MODEL, [{ ...passage, vector: VECTOR }])
      await asked(`ALTER TABLE ${schema}.vector DROP CONSTRAINT vector_chunk_fkey`)
      await asked(`INSERT INTO ${schema}.vector SELECT -n, 1, 'hash', CASE n WHEN 1 THEN '[1,2,3]' ELSE '[1,2]' END::halfvec
        FROM generate_series(1, ${MANY}) n`)
      await writer.close()
      const before = await graphsOf(schema)
      await asked(`DELETE FROM ${schema}.vector WHERE chunk = -1`)
      await (await openIndex(location)).close()

      expect([before, await graphsOf(schema)]).toEqual([[false], [true]])
    })
  })

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

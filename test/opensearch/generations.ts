/** Generations of an index, one behind the other. */
import { describe, expect, test } from 'vitest'
import { SCHEMA } from '../../src/indexes/opensearch/schema.ts'
import { initIndex, openIndex, rollbackIndex } from '../../src/indexes/registry.ts'
import { asking, batch, contents, found, putting, sampleDocument } from '../conformance/index-samples.ts'
import type { Remote } from '../conformance/remote.ts'
import { askNode, nameIn } from './remote.ts'

export function testGenerations(remote: Remote): void {
  async function filled(location: string): Promise<void> {
    const store = await openIndex(location)
    const put = ['docs:1', 'docs:2'].map((id) => sampleDocument(id, { texts: [`word ${id}`] }))
    await store.apply(batch('docs', { put, state: { cursor: 1, seen: null, policy: null } }))
    const passages = await store.unembedded('model:2', 10)
    await store.embed(
      'model:2',
      passages.map((passage) => ({ ...passage, vector: Float32Array.of(1, passage.ordinal) })),
    )
    await store.close()
  }

  async function said(location: string): Promise<unknown> {
    const store = await openIndex(location, { mode: 'read' })
    const nearest = await store.nearest({ as: [], embedder: 'model:2', vector: Float32Array.of(1, 0), limit: 5 })
    const all = [await contents(store, ['docs']), await found(store, asking('word')), nearest]
    await store.close()
    return all
  }

  describe(`${remote.name}: generations`, () => {
    test('an index is made once, and is left as it is where it is as it would be made', async () => {
      const location = remote.place()

      expect(await initIndex(location, { rebuild: false })).toEqual({ done: 'made', generation: 1, documents: 0 })
      await filled(location)
      expect(await initIndex(location, { rebuild: false })).toEqual({ done: 'nothing', generation: 1, documents: 2 })
      await expect(rollbackIndex(location, {})).rejects.toMatchObject({ code: 'NOT_FOUND' })
    })

    test('what is stored is seen on every copy, though the cluster copies segments unless told otherwise', async () => {
      const location = remote.place()
      await filled(location)

      const path = `/${nameIn(location)}*/_settings?flat_settings=true`
      const made = await askNode<Record<string, { settings: Record<string, string> }>>(location, 'GET', path)

      const types = Object.values(made).map(({ settings }) => settings['index.replication.type'])
      expect(types).toEqual(['DOCUMENT', 'DOCUMENT'])
    })

    test('a new generation holds what the old one did, is read at once, and can be gone back from', async () => {
      const location = remote.place()
      await filled(location)
      const before = await said(location)
      const reader = await openIndex(location, { mode: 'read' })

      expect(await initIndex(location, { rebuild: true })).toEqual({ done: 'renewed', generation: 2, documents: 2 })

      expect(await said(location)).toEqual(before)
      const writer = await openIndex(location)
      await writer.apply({ ...putting('docs', { 'docs:3': 'word' }), state: { cursor: 2, seen: null, policy: null } })
      await writer.close()
      expect(await found(reader, asking('word'))).toEqual(['docs:1#0', 'docs:2#0', 'docs:3#0'])

      expect(await rollbackIndex(location, {})).toEqual({ from: 2, to: 1, documents: 2 })
      expect(await said(location)).toEqual(before)
      expect(await found(reader, asking('word'))).toEqual(['docs:1#0', 'docs:2#0'])
      expect(await rollbackIndex(location, {})).toEqual({ from: 1, to: 2, documents: 3 })
      await reader.close()
    })

    test('of generations the one before is kept, and none of a writer is made anew meanwhile', async () => {
      const location = remote.place()
      await filled(location)
      const writer = await openIndex(location, { sources: ['docs'], holder: 'a sync' })
      await expect(initIndex(location, { rebuild: true })).rejects.toMatchObject({
        code: 'LOCKED',
        message: expect.stringContaining('a sync'),
      })
      await expect(rollbackIndex(location, {})).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await writer.close()

      for (const generation of [2, 3]) {
        expect(await initIndex(location, { rebuild: true })).toMatchObject({ generation })
      }

      expect(await rollbackIndex(location, {})).toMatchObject({ from: 3, to: 2 })
    })

    test('an index of another build, with other fields and the same schema, is refused until it is made anew', async () => {
      const location = remote.place()
      await filled(location)
      const before = await said(location)
      const path = `/${nameIn(location)}-000001/_mapping`
      const _meta = { unsilo: { schema: SCHEMA, form: 'another', generation: 1, vectors: true } }
      await askNode(location, 'PUT', path, { _meta })

      for (const mode of ['read', 'write'] as const) {
        await expect(openIndex(location, { mode })).rejects.toMatchObject({
          code: 'INDEX_OLDER',
          hint: expect.stringContaining('unsilo index init'),
        })
      }
      expect(await initIndex(location, { rebuild: false })).toMatchObject({ done: 'renewed', generation: 2 })
      expect(await said(location)).toEqual(before)
    })

    test('an index with a field that is unknown here is left as it is, and the field is named', async () => {
      const location = remote.place()
      await filled(location)
      const path = `/${nameIn(location)}-000001/_mapping`
      const properties = {
        heading: { type: 'keyword' },
        chunks: { type: 'nested', properties: { a: { type: 'keyword' } } },
      }
      await askNode(location, 'PUT', path, { properties })

      await expect(initIndex(location, { rebuild: true })).rejects.toMatchObject({
        code: 'INDEX_NEWER',
        message: expect.stringContaining('chunks.a, heading'),
      })
      expect(await initIndex(location, { rebuild: false })).toEqual({ done: 'nothing', generation: 1, documents: 2 })
    })

    test('an older schema is refused until it is brought up to date, and a newer one is', async () => {
      const location = remote.place()
      await filled(location)
      const before = await said(location)
      const mark = async (schema: number) => {
        const _meta = { unsilo: { schema, generation: 1, vectors: true } }
        await askNode(location, 'PUT', `/${nameIn(location)}-000001/_mapping`, { _meta })
      }

      await mark(SCHEMA - 1)
      for (const mode of ['read', 'write'] as const) {
        await expect(openIndex(location, { mode })).rejects.toMatchObject({ code: 'INDEX_OLDER' })
      }
      expect(await initIndex(location, { rebuild: false })).toMatchObject({ done: 'renewed', generation: 2 })
      expect(await said(location)).toEqual(before)

      await rollbackIndex(location, {})
      await mark(SCHEMA + 1)
      await expect(openIndex(location)).rejects.toMatchObject({ code: 'INDEX_NEWER' })
      await expect(initIndex(location, { rebuild: true })).rejects.toMatchObject({ code: 'INDEX_NEWER' })
    })
  })
}

/** What only this driver does: places where nobody answers or somebody else does, a cluster without vectors, words that go. */
import { describe, expect, test } from 'vitest'
import { openOpenSearch } from '../../src/indexes/opensearch/opensearch.ts'
import { initIndex, openNotes } from '../../src/indexes/registry.ts'
import { asking, batch, found, putting, sampleDocument } from '../conformance/index-samples.ts'
import type { Remote } from '../conformance/remote.ts'
import { askNode, nameIn } from './remote.ts'

export function testPlain(remote: Remote): void {
  describe(`${remote.name}: on its own`, () => {
    test('an index that is not there is not made by a reader, and one of somebody else is left alone', async () => {
      const location = remote.place()
      await expect(openOpenSearch(location, { mode: 'read' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await askNode(location, 'PUT', `/${nameIn(location)}`, {})

      for (const mode of ['read', 'write'] as const) {
        await expect(openOpenSearch(location, { mode })).rejects.toMatchObject({ code: 'INDEX_DAMAGED' })
      }
    })

    test('where it is lost who writes, nobody does, and what is there is read', async () => {
      const location = remote.place()
      const store = await openOpenSearch(location)
      await store.apply(putting('docs', { 'docs:1': 'word' }))
      await store.close()
      await askNode(location, 'DELETE', `/${nameIn(location)}-control`)

      await expect(openOpenSearch(location)).rejects.toMatchObject({
        code: 'INDEX_DAMAGED',
        message: expect.stringContaining('-control'),
      })
      await initIndex(location, { rebuild: false })
      for (const mode of ['read', 'write'] as const) {
        await expect(openNotes(location, { mode, holder: 'the test' })).rejects.toMatchObject({ code: 'INDEX_DAMAGED' })
      }
      const reader = await openOpenSearch(location, { mode: 'read' })
      expect(await found(reader, asking('word'))).toEqual(['docs:1#0'])
      await reader.close()
    })

    test('where one node does not answer the others do', async () => {
      const location = remote.place()
      const store = await openOpenSearch(location.replace('://', '://127.0.0.1:1,'))
      await store.apply(putting('docs', { 'docs:1': 'word' }))

      expect(await found(store, asking('word'))).toEqual(['docs:1#0'])
      await store.close()
    })

    test('words that no document holds any more are not listed any more, those of other sources are', async () => {
      const store = await openOpenSearch(remote.place())
      await store.apply(putting('docs', { 'docs:1': 'alpha alpine', 'docs:2': 'alpha' }))
      await store.apply(putting('other', { 'other:1': 'alps' }))
      await store.apply(putting('docs', { 'docs:1': 'beta' }))
      expect(await store.tokens('al', 9)).toEqual(['alpha', 'alps'])

      await store.apply(batch('docs', { remove: ['docs:2'] }))
      expect(await store.tokens('al', 9)).toEqual(['alps'])
      await store.forget('other')
      expect(await store.tokens('al', 9)).toEqual([])
      await store.apply(putting('docs', { 'docs:2': 'alpha' }))
      expect(await store.tokens('al', 9)).toEqual(['alpha'])
      await store.close()
    })

    test('a request of many documents is sent in parts, and shown at once', async () => {
      const store = await openOpenSearch(remote.place())
      const put = Array.from({ length: 40 }, (_, at) =>
        sampleDocument(`docs:${at}`, { texts: [`word ${'lorem ipsum '.repeat(30_000)}`] }),
      )
      await store.apply(batch('docs', { put, state: { cursor: 1, seen: null, policy: null } }))

      expect(await store.stats('docs')).toEqual({ documents: 40, chunks: 40 })
      await store.close()
    })
  })
}

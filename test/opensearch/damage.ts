/** Documents that somebody changed behind the index's back. */
import { describe, expect, test } from 'vitest'
import { documentKey } from '../../src/indexes/opensearch/stored.ts'
import { openIndex, repairIndex, verifyIndex } from '../../src/indexes/registry.ts'
import { remake } from '../../src/sync/remake.ts'
import { asking, batch, found, sampleDocument } from '../conformance/index-samples.ts'
import type { Remote } from '../conformance/remote.ts'
import { askNode, nameIn } from './remote.ts'

const AT = Date.UTC(2026, 4, 1)

interface Raw {
  [field: string]: unknown
  chunks: Record<string, unknown>[]
}

export function testDamage(remote: Remote): void {
  /** @param key of the document that is changed */
  async function change(location: string, key: string, how: (raw: Raw) => void): Promise<void> {
    const path = `/${nameIn(location)}/_doc/${key}`
    const { _source, _version } = await askNode<{ _source: Raw; _version: number }>(location, 'GET', path)
    how(_source)
    const version = `version=${_version}&version_type=external_gte&refresh=true`
    await askNode(location, 'PUT', `${path}?${version}`, _source)
  }

  async function filled(): Promise<string> {
    const location = remote.place()
    const store = await openIndex(location)
    const put = ['docs:1', 'docs:2', 'docs:3'].map((id) => sampleDocument(id, { texts: [`word ${id}`] }))
    await store.apply(batch('docs', { put, state: { cursor: 7, seen: null, policy: null } }))
    await store.close()
    return location
  }

  const second = documentKey('docs:2')
  const repaired = (location: string) => repairIndex(location, { remake, now: () => AT })

  describe(`${remote.name}: damage`, () => {
    test('a text that is not as written is found, taken out, and loaded again', async () => {
      const location = await filled()
      expect(await verifyIndex(location)).toEqual([])
      await change(location, second, (raw) => {
        raw['markdown'] = 'other'
      })

      expect(await verifyIndex(location)).toEqual([{ document: 'docs:2', what: 'its head or text is damaged' }])
      const report = await repaired(location)

      expect(report).toMatchObject({ documents: 2, removed: ['docs:2'], reread: ['docs'], kept: null })
      expect(await verifyIndex(location)).toEqual([])
      const store = await openIndex(location, { mode: 'read' })
      expect(await store.ids('docs')).toEqual(['docs:1', 'docs:3'])
      expect(await store.quarantine('docs')).toMatchObject([{ id: 'docs:2', code: 'INDEX_DAMAGED' }])
      expect(await store.state('docs')).toBeNull()
      await store.close()
    })

    test.for([
      ['passages', { text: 'other' }, {}, 'its passages are damaged'],
      ['words', { words: 'AAAAAAAAAAA=' }, {}, 'its passages are damaged'],
      ['a passage too few', {}, { chunks: [] }, 'its passages are damaged'],
      ['who may read it', {}, { principals: ['group:staff'] }, 'it is not found by what its head says'],
    ] as const)('%s that can be made anew are found and made anew', async ([, ofChunk, ofDocument, what]) => {
      const location = await filled()
      await change(location, second, (raw) => {
        Object.assign(raw.chunks[0] ?? {}, ofChunk)
        Object.assign(raw, ofDocument)
      })

      expect(await verifyIndex(location)).toEqual([{ document: 'docs:2', what }])
      expect(await repaired(location)).toMatchObject({ documents: 3, removed: [], reread: [] })

      expect(await verifyIndex(location)).toEqual([])
      const store = await openIndex(location, { mode: 'read' })
      expect(await found(store, asking('word'))).toEqual(['docs:1#0', 'docs:2#0', 'docs:3#0'])
      expect((await store.state('docs'))?.cursor).toBe(7)
      await store.close()
    })

    test('what is damaged is an error where it would be an answer', async () => {
      const location = await filled()
      await change(location, second, (raw) =>
        Object.assign(raw.chunks[0] ?? {}, { text: 'other', words: 'AAAAAAAAAAA=' }),
      )
      const store = await openIndex(location, { mode: 'read' })
      const damaged = { code: 'INDEX_DAMAGED' }

      await expect(store.chunks('docs:2')).rejects.toMatchObject(damaged)
      await expect(store.passages([{ document: 'docs:2', ordinal: 0 }], { as: [] })).rejects.toMatchObject(damaged)
      await expect(store.lexical(asking('word'))).rejects.toMatchObject(damaged)
      await store.close()
    })
  })
}

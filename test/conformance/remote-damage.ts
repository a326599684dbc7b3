/** What somebody changed behind an index's back is found, and made anew or taken out. */
import { describe, expect, test } from 'vitest'
import { openIndex, repairIndex, verifyIndex } from '../../src/indexes/registry.ts'
import { remake } from '../../src/sync/remake.ts'
import { asking, batch, found, sampleDocument } from './index-samples.ts'
import type { Remote } from './remote.ts'

const AT = Date.UTC(2026, 4, 1)

/** What is changed of `docs:2`, or of the source `docs`. */
export type Part =
  | 'a text'
  | 'a head'
  | 'passages'
  | 'words'
  | 'a passage too few'
  | 'who may read it'
  | 'how far a source was read'

/** @param change one part, where the index stores it, to something else that could stand there */
export function testDamage(remote: Remote, change: (location: string, part: Part) => Promise<void>): void {
  const repaired = (location: string) => repairIndex(location, { remake, now: () => AT })

  describe(`${remote.name}: damage`, () => {
    test.for([
      ['a text', 'its head or text is damaged'],
      ['a head', 'its head or text is damaged'],
    ] as const)('%s that is not as written is found, taken out, and loaded again', async ([part, what]) => {
      const location = await filled(remote)
      expect(await verifyIndex(location)).toEqual([])
      await change(location, part)

      expect(await verifyIndex(location)).toEqual([{ document: 'docs:2', what }])
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
      ['passages', 'its passages are damaged'],
      ['words', 'its passages are damaged'],
      ['a passage too few', 'its passages are damaged'],
      ['who may read it', 'it is not found by what its head says'],
    ] as const)('%s that can be made anew are found and made anew', async ([part, what]) => {
      const location = await filled(remote)
      await change(location, part)

      expect(await verifyIndex(location)).toEqual([{ document: 'docs:2', what }])
      expect(await repaired(location)).toMatchObject({ documents: 3, removed: [], reread: [] })

      expect(await verifyIndex(location)).toEqual([])
      const store = await openIndex(location, { mode: 'read' })
      expect(await found(store, asking('word'))).toEqual(['docs:1#0', 'docs:2#0', 'docs:3#0'])
      expect((await store.state('docs'))?.cursor).toBe(7)
      await store.close()
    })

    test('what is damaged is an error where it would be an answer', async () => {
      const location = await filled(remote)
      await change(location, 'passages')
      await change(location, 'words')
      const store = await openIndex(location, { mode: 'read' })
      const damaged = { code: 'INDEX_DAMAGED' }

      await expect(store.chunks('docs:2')).rejects.toMatchObject(damaged)
      await expect(store.passages([{ document: 'docs:2', ordinal: 0 }], { as: [] })).rejects.toMatchObject(damaged)
      await expect(store.lexical(asking('word'))).rejects.toMatchObject(damaged)
      await store.close()
    })

    test('how far a source was read is made to be read from the beginning where it is lost', async () => {
      const location = await filled(remote)
      await change(location, 'how far a source was read')

      expect(await verifyIndex(location)).toMatchObject([{ what: expect.stringContaining('docs') }])
      expect(await repaired(location)).toMatchObject({ documents: 3, reread: ['docs'] })
      expect(await verifyIndex(location)).toEqual([])
    })
  })
}

/** An index of three documents, read as far as 7. */
export async function filled(remote: Remote): Promise<string> {
  const location = remote.place()
  const store = await openIndex(location)
  const put = ['docs:1', 'docs:2', 'docs:3'].map((id) => sampleDocument(id, { texts: [`word ${id}`] }))
  await store.apply(batch('docs', { put, state: { cursor: 7, seen: null, policy: null } }))
  await store.close()
  return location
}

/** What happens to an index between looking at it and writing: generations are made, and others write. */
import { tmpdir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { idsIn } from '../../src/cli/audience.ts'
import { runIndexInit } from '../../src/cli/generations.ts'
import type { StoredDocument } from '../../src/core/document.ts'
import { initOpenSearch } from '../../src/indexes/opensearch/generations.ts'
import { openOpenSearch } from '../../src/indexes/opensearch/opensearch.ts'
import { fillIndex, openIndex } from '../../src/indexes/registry.ts'
import { capturedIo } from '../cli/captured-io.ts'
import { asking, found, putting } from '../conformance/index-samples.ts'
import type { Remote } from '../conformance/remote.ts'
import { behind, direct, type Instead } from './in-front.ts'

const LEASE_MS = 1500
const REBUILD = { rebuild: true }

export function testMeanwhile(remote: Remote): void {
  /** Before the first request that comes through the server and whose path has this in it; others wait for that. */
  async function during(
    part: string,
    happens: (place: string) => Promise<void>,
    work: (location: string, place: string) => Promise<void>,
  ): Promise<void> {
    let place = ''
    const happening: Promise<void>[] = []
    const instead: Instead = async (path) => {
      if (path.includes(part) && happening.length === 0) happening.push(happens(place))
      await Promise.all(happening)
      return null
    }
    await behind(remote, instead, async (location) => {
      place = direct(remote, location)
      await filled(place, 'docs:1')
      await work(location, place)
      expect(happening).toHaveLength(1)
    })
  }

  async function filled(place: string, id: string): Promise<void> {
    const store = await openIndex(place)
    await store.apply({ ...putting('docs', { [id]: 'word' }), state: { cursor: id, seen: null, policy: null } })
    await store.close()
  }

  async function said(place: string): Promise<unknown> {
    const store = await openIndex(place, { mode: 'read' })
    const all = [await found(store, asking('word')), (await store.state('docs'))?.cursor]
    await store.close()
    return all
  }

  async function idsOf(documents: AsyncIterable<StoredDocument>): Promise<readonly string[]> {
    const ids: string[] = []
    for await (const { head } of documents) ids.push(head.id)
    return ids
  }

  async function fillingBegun(place: string): Promise<void> {
    const filling = await fillIndex(place, {})
    await filling.begin('elsewhere')
    await filling.close()
  }

  describe(`${remote.name}: meanwhile`, () => {
    const replacing: readonly (readonly [string, (place: string) => Promise<void>])[] = [
      ['a new generation', async (place) => void (await initOpenSearch(place, REBUILD))],
      ['a copy over it that has begun', fillingBegun],
    ]
    test.for(replacing)('whoever reads all there is: it is of one index, or that is told: %s', async ([, happens]) => {
      const place = remote.place()
      await filled(place, 'docs:1')
      const reader = await openIndex(place, { mode: 'read' })
      expect([await idsOf(reader.documents([])), [...(await idsIn(reader))]]).toEqual([['docs:1'], ['docs:1']])
      const cut = reader.documents([])[Symbol.asyncIterator]()
      await cut.next()
      await happens(place)

      await expect(idsOf({ [Symbol.asyncIterator]: () => cut })).rejects.toMatchObject({ code: 'LOCKED' })
      await expect(idsIn(reader)).rejects.toMatchObject({ code: 'LOCKED' })
      await reader.close()
    })

    test('who waited for a new generation writes into that one', async () => {
      const happens = async (place: string) => void (await initOpenSearch(place, REBUILD))
      await during('/_update/lease', happens, async (location, place) => {
        await filled(location, 'docs:2')

        expect(await said(place)).toEqual([['docs:1#0', 'docs:2#0'], 'docs:2'])
      })
    })

    test('who waited while another made a new generation makes the next of that one', async () => {
      const happens = async (place: string) => {
        await initOpenSearch(place, REBUILD)
        await filled(place, 'docs:2')
      }
      await during('/_update/lease', happens, async (location, place) => {
        expect(await initOpenSearch(location, REBUILD)).toMatchObject({ generation: 3, documents: 2 })

        expect(await said(place)).toEqual([['docs:1#0', 'docs:2#0'], 'docs:2'])
      })
    })

    test('who stood still while making a generation takes none away that another made', async () => {
      const happens = async (place: string) => {
        await initOpenSearch(place, { ...REBUILD, lockTimeoutMs: 20 * LEASE_MS })
        await filled(place, 'docs:2')
      }
      await during('/_tasks/', happens, async (location, place) => {
        const asleep = initOpenSearch(location, REBUILD, LEASE_MS)

        await expect(asleep).rejects.toMatchObject({ code: 'LOCKED' })
        expect(await said(place)).toEqual([['docs:1#0', 'docs:2#0'], 'docs:2'])
      })
    })

    test('who is interrupted while a new generation is made leaves the index as it was', async () => {
      const interrupted = new AbortController()
      const instead: Instead = async (path) => {
        if (!path.includes('/_tasks/') || path.includes('_cancel')) return null
        interrupted.abort()
        return { status: 200, body: { completed: false } }
      }
      await behind(remote, instead, async (location) => {
        await filled(location, 'docs:1')
        const said = { json: false, quiet: true, verbose: false }
        const options = { ...said, config: undefined, index: location, rebuild: true, lockTimeoutMs: undefined }

        const making = runIndexInit(options, capturedIo(tmpdir(), { signal: interrupted.signal }))

        await expect(making).rejects.toMatchObject({ code: 'INTERRUPTED' })
        expect(await initOpenSearch(location, { rebuild: false })).toMatchObject({ generation: 1, documents: 1 })
      })
    })

    test('a writer of some sources stores vectors of these alone, since they stand with the documents', async () => {
      const place = remote.place()
      const a = await openOpenSearch(place, { sources: ['a'] })
      const b = await openOpenSearch(place, { sources: ['b'] })
      await a.apply(putting('a', { 'a:1': 'word' }))
      await b.apply(putting('b', { 'b:1': 'word' }))
      const all = await openOpenSearch(place, { mode: 'read' })
      const passages = await all.unembedded('model:2', 10)
      expect(passages.map(({ document }) => document)).toEqual(['a:1', 'b:1'])

      expect((await b.unembedded('model:2', 10)).map(({ document }) => document)).toEqual(['b:1'])
      expect(await b.unembeddedCounts('model:2')).toMatchObject({ texts: 1 })
      await b.embed(
        'model:2',
        passages.map((passage) => ({ ...passage, vector: Float32Array.of(1, 0) })),
      )

      expect((await all.embedded(['a:1', 'b:1'])).map(({ document }) => document)).toEqual(['b:1'])
      await a.apply(putting('a', { 'a:1': 'other words' }))
      expect((await all.stored(['a:1'])).get('a:1')?.markdown).toContain('other words')
      for (const store of [a, b, all]) await store.close()
    })
  })
}

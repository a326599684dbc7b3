/** Rows that somebody changed behind the index's back, and schemas of other versions. */
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { openIndex, repairIndex, verifyIndex } from '../../src/indexes/registry.ts'
import { remake } from '../../src/sync/remake.ts'
import { asking, batch, found, sampleDocument } from '../conformance/index-samples.ts'
import { placeIn, type Server } from './server.ts'

const AT = Date.UTC(2026, 4, 1)

export function testDamage(server: Server): void {
  async function change(location: string, sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    await client.query(`SET search_path = ${new URL(location).searchParams.get('schema')}`)
    await client.query(sql)
    await client.end()
  }

  async function filled(): Promise<string> {
    const location = placeIn(server)
    const store = await openIndex(location)
    const put = ['docs:1', 'docs:2', 'docs:3'].map((id) => sampleDocument(id, { texts: [`word ${id}`] }))
    await store.apply(batch('docs', { put, state: { cursor: 7, seen: null, policy: null } }))
    await store.close()
    return location
  }

  const repaired = (location: string) => repairIndex(location, { remake, now: () => AT })

  describe(`${server.name}: damage`, () => {
    test.for([
      ['a text', "UPDATE document_text SET markdown = 'other' WHERE document = 2", 'its head or text is damaged'],
      [
        'a head',
        `UPDATE document SET head = replace(head, '"public"', '[]') WHERE key = 2`,
        'its head or text is damaged',
      ],
    ] as const)('%s that is not as written is found, taken out, and loaded again', async ([, sql, what]) => {
      const location = await filled()
      expect(await verifyIndex(location)).toEqual([])
      await change(location, sql)

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
      ['passages', "UPDATE chunk_text SET text = 'other' WHERE chunk = 2", 'its passages are damaged'],
      ['words', "UPDATE chunk_words SET words = '\\x00' WHERE chunk = 2", 'its passages are damaged'],
      ['a passage too few', 'DELETE FROM chunk WHERE key = 2', 'its passages are damaged'],
      [
        'who may read it',
        "UPDATE document SET principals = '{group:staff}' WHERE key = 2",
        'it is not found by what its head says',
      ],
    ] as const)('%s that can be made anew are found and made anew', async ([, sql, what]) => {
      const location = await filled()
      await change(location, sql)

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
      await change(location, "UPDATE chunk_text SET text = 'other' WHERE chunk = 2")
      const store = await openIndex(location, { mode: 'read' })

      await expect(store.chunks('docs:2')).rejects.toMatchObject({ code: 'INDEX_DAMAGED' })
      await expect(store.passages([{ document: 'docs:2', ordinal: 0 }], { as: [] })).rejects.toMatchObject({
        code: 'INDEX_DAMAGED',
      })
      await store.close()
    })

    test('how far a source was read is made to be read from the beginning where it is lost', async () => {
      const location = await filled()
      await change(location, "UPDATE source SET cursor = '8'")

      expect(await verifyIndex(location)).toMatchObject([{ what: expect.stringContaining('docs') }])
      expect(await repaired(location)).toMatchObject({ documents: 3, reread: ['docs'] })
      expect(await verifyIndex(location)).toEqual([])
    })

    test('a schema of a newer unsilo is refused, and left as it is', async () => {
      const location = await filled()
      await change(location, 'UPDATE schema_version SET version = 99')

      for (const mode of ['read', 'write'] as const) {
        await expect(openIndex(location, { mode })).rejects.toMatchObject({ code: 'INDEX_NEWER' })
      }
    })
  })
}

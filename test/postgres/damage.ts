/** Rows that somebody changed behind the index's back, and schemas of other versions. */
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { openIndex, openNotes, repairIndex, verifyIndex } from '../../src/indexes/registry.ts'
import { remake } from '../../src/sync/remake.ts'
import { batch } from '../conformance/index-samples.ts'
import { filled, type Part, testDamage } from '../conformance/remote-damage.ts'
import { remoteOf, type Server } from './server.ts'

const CHANGES: Readonly<Record<Part, string>> = {
  'a text': "UPDATE document_text SET markdown = 'other' WHERE document = 2",
  'a head': `UPDATE document SET head = replace(head, '"public"', '[]') WHERE key = 2`,
  passages: "UPDATE chunk_text SET text = 'other' WHERE chunk = 2",
  words: "UPDATE chunk_words SET words = '\\x00' WHERE chunk = 2",
  'a passage too few': 'DELETE FROM chunk WHERE key = 2',
  'who may read it': "UPDATE document SET principals = '{group:staff}' WHERE key = 2",
  'how far a source was read': "UPDATE source SET cursor = '8'",
}

/** To the schema before `size` and `note`. */
const OLDER = `DROP TABLE note; DROP TABLE size; ALTER TABLE token ADD COLUMN letters bigint;
  UPDATE schema_version SET version = 1`

export function testChanged(server: Server): void {
  const remote = remoteOf(server)

  async function change(location: string, sql: string): Promise<void> {
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    await client.query(`SET search_path = ${new URL(location).searchParams.get('schema')}`)
    await client.query(sql)
    await client.end()
  }

  async function read(location: string) {
    const store = await openIndex(location, { mode: 'read' })
    const [ids, counted] = [await store.ids('docs'), await store.frequencies(['word'])]
    await store.close()
    return { ids, counted }
  }

  testDamage(remote, (location, part) => change(location, CHANGES[part]))

  describe(`${server.name}: how many passages there are`, () => {
    test.for(['DELETE FROM size', 'UPDATE size SET chunks = chunks + 1'])(
      'is found out where it is lost or wrong, and counted anew: %s',
      async (sql) => {
        const location = await filled(remote)
        const before = await read(location)
        await change(location, sql)

        const what = 'how many passages there are is not counted, or not rightly'
        expect(await verifyIndex(location)).toEqual([{ what }])
        expect(await repairIndex(location, { remake, now: Date.now })).toMatchObject({
          damage: [{ what }],
          removed: [],
        })

        expect(await verifyIndex(location)).toEqual([])
        expect(await read(location)).toEqual(before)
      },
    )

    test('is not taken for none where it is lost', async () => {
      const location = await filled(remote)
      await change(location, 'DELETE FROM size')

      await expect(read(location)).rejects.toMatchObject({ code: 'INDEX_DAMAGED' })
      const writer = await openIndex(location)
      await expect(writer.apply(batch('docs', { remove: ['docs:1'] }))).rejects.toMatchObject({ code: 'INDEX_DAMAGED' })
      await writer.close()
    })
  })

  describe(`${server.name}: another version`, () => {
    test('a schema of a newer unsilo is refused, and left as it is', async () => {
      const location = await filled(remote)
      await change(location, 'UPDATE schema_version SET version = 99')

      for (const mode of ['read', 'write'] as const) {
        await expect(openIndex(location, { mode })).rejects.toMatchObject({ code: 'INDEX_NEWER' })
      }
    })

    test('a schema of an older unsilo is read once a writer has brought it up to date, with all that it held', async () => {
      const location = await filled(remote)
      const before = await read(location)
      await change(location, OLDER)

      await expect(openIndex(location, { mode: 'read' })).rejects.toMatchObject({ code: 'INDEX_OLDER' })
      for (const mode of ['read', 'write'] as const) {
        await expect(openNotes(location, { mode, holder: 'the test' })).rejects.toMatchObject({ code: 'INDEX_OLDER' })
      }
      await (await openIndex(location)).close()

      expect(await read(location)).toEqual(before)
      const notes = await openNotes(location, { mode: 'write', holder: 'the test' })
      await notes.put('a', 1)
      await notes.close()
      expect(before.counted.chunks).toBeGreaterThan(0)
    })
  })
}

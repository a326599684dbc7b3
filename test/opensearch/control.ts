/** The index beside the generations: of an earlier build, and whoever goes back. */
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run } from '../../src/cli/main.ts'
import { initIndex, openIndex, openNotes, rollbackIndex } from '../../src/indexes/registry.ts'
import { capturedIo, jsonLines } from '../cli/captured-io.ts'
import { putting } from '../conformance/index-samples.ts'
import type { Remote } from '../conformance/remote.ts'
import { temporaryFolder } from '../indexes/temporary-folder.ts'
import { behind, type Instead } from './in-front.ts'
import { askNode, nameIn } from './remote.ts'

const ROUNDS = 5

export function testControl(remote: Remote): void {
  async function filled(location: string): Promise<void> {
    const store = await openIndex(location)
    await store.apply(putting('docs', { 'docs:1': 'word' }))
    await store.close()
  }

  async function noted(location: string): Promise<unknown> {
    const notes = await openNotes(location, { mode: 'read', holder: 'a reader' })
    await notes.close()
    return Object.fromEntries(notes.all())
  }

  async function note(location: string): Promise<void> {
    const notes = await openNotes(location, { mode: 'write', holder: 'the test' })
    await notes.put('a', { text: 'words' })
    await notes.close()
  }

  /** As it was made before there were notes. */
  async function toEarlier(location: string, settings = {}): Promise<void> {
    const control = `/${nameIn(location)}-control`
    await askNode(location, 'DELETE', control)
    const properties = { token: { type: 'long' }, leases: { type: 'object', enabled: false } }
    await askNode(location, 'PUT', control, { settings, mappings: { dynamic: 'strict', properties } })
    await askNode(location, 'PUT', `${control}/_create/lease`, { token: 7, leases: [] })
  }

  async function fieldsOf(location: string): Promise<readonly string[]> {
    const answer = await askNode<Record<string, { mappings: { properties: object } }>>(
      location,
      'GET',
      `/${nameIn(location)}-control/_mapping`,
    )
    return Object.values(answer).flatMap(({ mappings }) => Object.keys(mappings.properties).sort())
  }

  describe(`${remote.name}: notes beside the generations`, () => {
    test('whoever makes a generation, or goes back to one, has the notes of now', async () => {
      const location = remote.place()
      await filled(location)
      await initIndex(location, { rebuild: true })
      await note(location)
      await rollbackIndex(location, {})
      expect(await noted(location)).toEqual({ a: { text: 'words' } })
      await initIndex(location, { rebuild: true })

      expect(await noted(location)).toEqual({ a: { text: 'words' } })
    })

    test('where an earlier build made it, there are none, and who publishes makes room for them', async () => {
      const location = remote.place()
      await filled(location)
      await toEarlier(location)
      expect(await noted(location)).toEqual({})

      await note(location)

      expect(await noted(location)).toEqual({ a: { text: 'words' } })
      await filled(location)
    })

    test('so does `unsilo index init`', async () => {
      const location = remote.place()
      await filled(location)
      await toEarlier(location)

      expect(await initIndex(location, { rebuild: false })).toMatchObject({ done: 'nothing' })

      expect(await fieldsOf(location)).toEqual(['key', 'leases', 'note', 'token', 'value'])
    })

    test('whoever is stopped while they are replaced leaves none of those before beside what was put', async () => {
      let [isArmed, requests] = [false, 0]
      const instead: Instead = async (path) => {
        if (!isArmed || !path.includes('/_bulk')) return null
        requests += 1
        return requests === 1 ? null : { status: 400, body: { error: { type: 'illegal_argument_exception' } } }
      }
      await behind(remote, instead, async (location) => {
        await filled(location)
        const notes = await openNotes(location, { mode: 'write', holder: 'the test' })
        await notes.put('workspace', 'before')
        await notes.put('article:a', { text: 'words' })
        isArmed = true

        await expect(notes.replace(new Map([['workspace', 'now']]))).rejects.toThrow()

        expect(() => notes.check()).toThrow()
        await notes.close()
        expect(await noted(location)).toEqual({ workspace: 'before' })
      })
    })

    test('who publishes knows what was noted right before, also where a copy of it lags behind', async () => {
      const location = remote.place()
      await filled(location)
      await toEarlier(location, { 'replication.type': 'SEGMENT', number_of_replicas: 1 })
      for (let round = 1; round <= ROUNDS; round += 1) {
        const notes = await openNotes(location, { mode: 'write', holder: 'the test' })
        await notes.put('round', round)
        await notes.close()

        expect(await noted(location)).toEqual({ round })
      }
    })

    test('no text of a note is found by its words', async () => {
      const location = remote.place()
      await filled(location)
      await note(location)
      await askNode(location, 'POST', `/${nameIn(location)}-control/_refresh`)
      const many = async (query: object) => {
        const path = `/${nameIn(location)}-control/_count`
        return (await askNode<{ count: number }>(location, 'POST', path, { query })).count
      }

      expect(await many({ exists: { field: 'note' } })).toBe(1)
      expect(await many({ query_string: { query: 'words', lenient: true } })).toBe(0)
    })

    test('`unsilo copy` brings them there and back', async () => {
      const [folder, location] = [temporaryFolder(), remote.place()]
      const file = join(folder, 'index.db')
      await filled(file)
      await note(file)
      const copied = async (...argv: readonly string[]) => {
        const io = capturedIo(folder, { env: {}, fetch, now: Date.now })
        return [await run(['copy', '--json', ...argv], io), ...jsonLines(io.out())]
      }

      expect(await copied(file, location)).toMatchObject([0, { documents: 1, notes: 1 }])
      expect(await copied(location, 'back.db')).toMatchObject([0, { documents: 1, notes: 1 }])

      for (const each of [location, join(folder, 'back.db')])
        expect(await noted(each)).toEqual({ a: { text: 'words' } })
      expect(await copied(file, location, '--plan', '--exit-code')).toEqual([0])
    })

    test('whoever takes a lease takes away the address of who is gone, and of nobody who came later', async () => {
      const location = remote.place()
      await filled(location)
      const [index, prefix] = [`${nameIn(location)}-000001`, `${nameIn(location)}-writer-`]
      const actions = [0, 999].map((token) => ({ add: { index, alias: `${prefix}${token}` } }))
      await askNode(location, 'POST', '/_aliases', { actions })

      await (await openIndex(location)).close()

      const there = await askNode<Record<string, { aliases: object }>>(location, 'GET', `/_alias/${prefix}*`)
      const aliases = Object.values(there).flatMap((each) => Object.keys(each.aliases))
      expect(aliases).toContain(`${prefix}999`)
      expect(aliases).not.toContain(`${prefix}0`)
    })

    test('who was taken for gone notes nothing, whatever its clocks say', async () => {
      const location = remote.place()
      await filled(location)
      const gone = await openNotes(location, { mode: 'write', holder: 'the first' })
      await gone.put('a', 'by the first')
      const script = 'for (lease in ctx._source.leases) { lease.expires = 0 }'
      await askNode(location, 'POST', `/${nameIn(location)}-control/_update/lease`, { script })
      const next = await openNotes(location, { mode: 'write', holder: 'the second' })

      await expect(gone.put('a', 'too late')).rejects.toMatchObject({ code: 'LOCKED' })

      expect(() => gone.check()).toThrow('The right to publish')
      await next.put('b', 'by the second')
      await gone.close()
      await next.close()
      expect(await noted(location)).toEqual({ a: 'by the first', b: 'by the second' })
    })
  })
}

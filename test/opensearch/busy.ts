/** A cluster that is busy, or loses a part of an answer: a server of our own in front of it says so. */
import { describe, expect, test } from 'vitest'
import { openOpenSearch } from '../../src/indexes/opensearch/opensearch.ts'
import { documentKey } from '../../src/indexes/opensearch/stored.ts'
import { asking, batch, contents, found, putting, sampleDocument } from '../conformance/index-samples.ts'
import type { Remote } from '../conformance/remote.ts'
import { behind, direct, type Instead } from './in-front.ts'
import { askNode, nameIn } from './remote.ts'

/** Long enough for a batch on a busy machine. */
const LEASE_MS = 2000
const SECRET = 'hunter2 is no word'

export function testBusy(remote: Remote): void {
  describe(`${remote.name}: busy`, () => {
    test('what is turned away of a batch is sent again, alone, and nothing is lost', async () => {
      const sent: string[][] = []
      const instead: Instead = async (path, body, answer) => {
        if (!path.includes('/_bulk') || sent.length === 2) return null
        const lines = body.split('\n').filter((line) => line.includes('"_id"'))
        sent.push(lines)
        if (sent.length === 2) return null
        // The cluster takes all of it, and says of the first that it did not: that is sent again and is there once.
        const told = JSON.parse(await answer()) as { items: Record<string, object>[] }
        const [first = {}, ...others] = told.items
        const [action = 'index'] = Object.keys(first)
        const turned = { status: 429, error: { type: 'rejected_execution_exception' } }
        return { status: 200, body: { items: [{ [action]: turned }, ...others] } }
      }
      await behind(remote, instead, async (location) => {
        const store = await openOpenSearch(location)
        await store.apply(putting('docs', { 'docs:1': 'word', 'docs:2': 'word' }))

        expect(sent.map((lines) => lines.length)).toEqual([expect.any(Number), 1])
        expect(sent[0]?.length).toBeGreaterThan(2)
        expect(sent[1]).toEqual(sent[0]?.slice(0, 1))
        expect(await found(store, asking('word'))).toEqual(['docs:1#0', 'docs:2#0'])
        await store.close()
      })
    })

    test.for([
      ['a question', '/_search'],
      ['what is stored', '/_mget'],
      ['showing a batch', '/_refresh'],
    ] as const)('%s that a cluster turns away is asked again', async ([, part]) => {
      let turns = 0
      const busy = { status: 429, body: { error: { type: 'rejected_execution_exception' } } }
      const instead: Instead = async (path) => {
        if (!path.includes(part)) return null
        turns += 1
        return turns % 2 === 1 ? busy : null
      }
      await behind(remote, instead, async (location) => {
        const store = await openOpenSearch(location)
        await store.apply(batch('docs', { put: [sampleDocument('docs:1', { texts: ['word'] })] }))

        expect(await found(store, asking('word'))).toEqual(['docs:1#0'])
        expect((await store.stored(['docs:1'])).size).toBe(1)
        expect(turns).toBeGreaterThan(1)
        await store.close()
      })
    })

    test('what stands on a shard that is away is not taken for absent', async () => {
      let away = 0
      const instead: Instead = async (path, body) => {
        if (!path.includes('/_mget') || away === 0) return null
        away -= 1
        const { docs } = JSON.parse(body) as { docs: { _id: string }[] }
        const error = { type: 'no_shard_available_action_exception', reason: SECRET }
        return { status: 200, body: { docs: docs.map(({ _id }) => ({ _id, error })) } }
      }
      await behind(remote, instead, async (location) => {
        const store = await openOpenSearch(location)
        await store.apply(putting('docs', { 'docs:1': 'word' }))
        away = 2

        expect((await store.stored(['docs:1'])).size).toBe(1)
        expect(away).toBe(0)
        await store.close()
      })
    })

    test('of a batch that is sent in several requests at once none is under way any more when one of them is refused', async () => {
      const refusal = { type: 'mapper_parsing_exception', reason: '' }
      let [sent, underWay, most] = [0, 0, 0]
      const instead: Instead = async (path, body, answer) => {
        if (!path.includes('/_bulk') || !body.includes('"type":"document"')) return null
        sent += 1
        underWay += 1
        most = Math.max(most, underWay)
        const isRefused = sent === 2
        const said = isRefused ? '' : await answer()
        underWay -= 1
        const refused = { items: [{ index: { status: 400, error: refusal } }] }
        return { status: 200, body: isRefused ? refused : (JSON.parse(said) as object) }
      }
      await behind(remote, instead, async (location) => {
        const store = await openOpenSearch(location)
        const texts = [`word ${'lorem ipsum '.repeat(30_000)}`]
        const put = Array.from({ length: 40 }, (_, at) => sampleDocument(`docs:${at}`, { texts }))

        await expect(store.apply(batch('docs', { put }))).rejects.toThrow(/mapper_parsing_exception/)

        expect([underWay, most > 1, sent < 10]).toEqual([0, true, true])
        await store.close()
      })
    })

    test('a batch that comes to the cluster after its writer lost the lease changes nothing there', async () => {
      let [isArmed, isCut] = [false, false]
      let letThrough = () => undefined as unknown
      const gate = new Promise((resolve) => {
        letThrough = () => resolve(null)
      })
      const instead: Instead = async (path) => {
        isCut ||= isArmed && path.includes('/_bulk')
        if (isCut) await gate
        return null
      }
      await behind(remote, instead, async (location) => {
        const late = await openOpenSearch(location, { sources: ['a'] }, LEASE_MS)
        await late.apply(putting('a', { 'a:1': 'first', 'a:2': 'first' }))
        isArmed = true
        const sleeping = late.apply(putting('a', { 'a:1': 'late', 'a:new': 'late' }))
        const refused = expect(sleeping).rejects.toMatchObject({ code: 'LOCKED' })

        const place = direct(remote, location)
        const next = await openOpenSearch(place, { sources: ['a'], lockTimeoutMs: 20 * LEASE_MS }, 60_000)
        await next.apply(batch('a', { ...putting('a', { 'a:1': 'by another' }), remove: ['a:2'] }))
        const before = await contents(next, ['a'])
        letThrough()
        await refused

        await next.apply(batch('a'))
        expect(await contents(next, ['a'])).toEqual(before)
        await late.close().catch(() => undefined)
        await next.close()
      })
    })

    test('what a writer stored can not be replaced by one before it, in whichever way it comes', async () => {
      const location = remote.place()
      const path = `/${nameIn(location)}-000001/_doc/${documentKey('a:1')}`
      const stored = async () => await askNode<{ _version: number; _source: object }>(location, 'GET', path)
      const first = await openOpenSearch(location)
      await first.apply(putting('a', { 'a:1': 'first' }))
      const { _version: before, _source } = await stored()
      await first.close()
      const next = await openOpenSearch(location)
      await next.apply(putting('a', { 'a:1': 'by another' }))
      await next.close()

      const late = askNode(location, 'PUT', `${path}?version=${before + 1000}&version_type=external_gte`, _source)

      await expect(late).rejects.toThrow(/version_conflict/)
      expect((await stored())._version).toBeGreaterThan(before + 1000)
    })

    test('of what a cluster refuses nothing is told but the kind, and the cursor stays', async () => {
      const refusal = { type: 'mapper_parsing_exception', reason: `failed to parse, preview: ${SECRET}` }
      const instead: Instead = async (path, body) =>
        path.includes('/_bulk') && body.includes('"type":"document"')
          ? { status: 200, body: { items: [{ index: { status: 400, error: refusal } }] } }
          : null
      await behind(remote, instead, async (location) => {
        const store = await openOpenSearch(location)
        const state = { cursor: 1, seen: null, policy: null }
        const applied = store.apply({ ...putting('docs', { 'docs:1': SECRET }), state })

        await expect(applied).rejects.toThrow(/mapper_parsing_exception/)
        await expect(applied).rejects.not.toMatchObject({ message: expect.stringContaining(SECRET) })
        expect(await store.state('docs')).toBeNull()
        await store.close()
      })
    })
  })
}

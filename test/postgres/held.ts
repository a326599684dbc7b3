/** Counts and spellings are kept from question to question: each reader's by themselves, and none longer than documents stay as they are. */
import pg from 'pg'
import { describe, expect, test } from 'vitest'
import type { Principal } from '../../src/core/access.ts'
import { openPostgres } from '../../src/indexes/postgres/postgres.ts'
import { batch, sampleDocument } from '../conformance/index-samples.ts'
import { placeIn, type Server } from './server.ts'

const STAFF = ['group:staff'] as const
const NOBODY = [] as const

export function testHeld(server: Server): void {
  /** 30 for everybody, 30 for staff, and a reader beside the writer. */
  async function opened() {
    const location = placeIn(server)
    const writer = await openPostgres(location)
    const put = Array.from({ length: 60 }, (_, at) => documentOf(at + 10, at < 30 ? 'public' : STAFF))
    await writer.apply(batch('docs', { put }))
    const reader = await openPostgres(location, { mode: 'read' })
    const held = async (as: readonly Principal[], most: number) =>
      (await reader.held({ as, tokens: ['word'], most })).get('word')
    const close = async () => {
      await reader.close()
      await writer.close()
    }
    return { location, writer, reader, held, close }
  }

  async function drop(location: string): Promise<void> {
    const client = new pg.Client({ connectionString: server.url })
    await client.connect()
    await client.query(`DROP SCHEMA ${new URL(location).searchParams.get('schema')} CASCADE`)
    await client.end()
  }

  describe(`${server.name}: what is kept`, () => {
    test('a count up to more is not answered by one up to less, nor the other way round', async () => {
      const { held, close } = await opened()

      const counts = []
      for (const most of [1, 25, 1000, 25, 1, 0]) counts.push(await held(STAFF, most))

      expect(counts).toEqual([1, 25, 60, 25, 1, 0])
      await close()
    })

    test('no reader is answered by the counts of another', async () => {
      const { held, close } = await opened()

      expect([await held(STAFF, 1000), await held(NOBODY, 1000), await held(STAFF, 1000)]).toEqual([60, 30, 60])
      await close()
    })

    test('what another process changes is counted at once, among words that are known and others', async () => {
      const { writer, reader, held, close } = await opened()
      const counts = [await held(NOBODY, 1000)]

      await writer.apply(batch('docs', { put: [documentOf(10, [])] }))
      counts.push(await held(NOBODY, 1000))
      await writer.apply(batch('docs', { refresh: [documentOf(11, []).head] }))
      counts.push(await held(NOBODY, 1000))
      await writer.apply(batch('docs', { remove: ['docs:12'] }))
      const both = await reader.held({ as: NOBODY, tokens: ['word', 'other'], most: 1000 })
      counts.push(both.get('word'))
      await writer.forget('docs')
      counts.push(await held(NOBODY, 1000))

      expect(counts).toEqual([30, 29, 28, 27, 0])
      await close()
    })

    test('an index that is made anew in the place of another is not told what was kept of that one', async () => {
      const { location, writer, reader, held, close } = await opened()
      const known = [await held(NOBODY, 1000), (await reader.alike('wrod', 1)).length]

      await writer.close()
      await drop(location)
      const anew = await openPostgres(location)
      await anew.apply(batch('docs', { put: [sampleDocument('docs:1', { access: STAFF, texts: ['other'] })] }))
      known.push(await held(NOBODY, 1000), (await reader.alike('wrod', 1)).length)

      expect(known).toEqual([30, 1, 0, 0])
      await anew.close()
      await close()
    })

    test('spellings that come and go are known at once', async () => {
      const { writer, reader, close } = await opened()
      const known = [await reader.alike('wrod', 1)]

      await writer.apply(batch('docs', { put: [sampleDocument('docs:1', { texts: ['wood'] })] }))
      known.push(await reader.alike('wrod', 1))
      await writer.apply(batch('docs', { remove: ['docs:1'] }))
      known.push(await reader.alike('wrod', 1))

      expect(known.map((tokens) => ['word', 'wood'].filter((token) => tokens.includes(token)))).toEqual([
        ['word'],
        ['word', 'wood'],
        ['word'],
      ])
      await close()
    })

    test('questions that are asked at once are each answered as they would be alone', async () => {
      const { writer, held, close } = await opened()

      for (let at = 10; at < 20; at += 1) {
        const asked = [...Array(8)].flatMap(() => [held(STAFF, 1000), held(NOBODY, 1000)])
        await writer.apply(batch('docs', { remove: [`docs:${at}`] }))
        const counted = await Promise.all(asked)
        const left = at - 10
        for (const [nth, count] of counted.entries()) {
          const all = (nth % 2 === 0 ? 60 : 30) - left
          expect([all, all - 1]).toContain(count)
        }
        expect([await held(STAFF, 1000), await held(NOBODY, 1000)]).toEqual([59 - left, 29 - left])
      }
      await close()
    })
  })
}

function documentOf(at: number, access: 'public' | readonly Principal[]) {
  return sampleDocument(`docs:${at}`, { access, texts: ['word'] })
}

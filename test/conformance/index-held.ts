/** Counts and spellings are kept from question to question: each reader's by themselves, and none longer than documents stay as they are. */
import { describe, expect, test } from 'vitest'
import type { Principal } from '../../src/core/access.ts'
import type { Store } from '../../src/core/store.ts'
import { batch, sampleDocument } from './index-samples.ts'

const STAFF = ['group:staff'] as const
const NOBODY = [] as const

export interface Beside {
  readonly writer: Store
  /** Beside the writer, with what it keeps of its own. */
  readonly reader: Store
}

/** What is held against the writer's index: 30 chunks for everybody, and 30 for staff. */
export async function fillHeld(writer: Store): Promise<void> {
  const put = Array.from({ length: 60 }, (_, at) => documentOf(at + 10, at < 30 ? 'public' : STAFF))
  await writer.apply(batch('docs', { put }))
}

/** @param fresh an index that holds nothing, opened twice */
export function testHeld(name: string, fresh: () => Promise<Beside>): void {
  async function opened() {
    const { writer, reader } = await fresh()
    await fillHeld(writer)
    const held = async (as: readonly Principal[], most: number) =>
      (await reader.held({ as, tokens: ['word'], most })).get('word')
    const close = async () => {
      await reader.close()
      await writer.close()
    }
    return { writer, reader, held, close }
  }

  describe(`${name}: what is kept`, () => {
    test('a count up to more is not answered by one up to less, nor the other way round', async () => {
      const { held, close } = await opened()

      const counts = []
      for (const most of [1, 25, 1000, 25, 1, 0]) counts.push(await held(STAFF, most))

      expect(counts).toEqual([1, 25, 60, 25, 1, 0])
      await close()
    })

    test('no reader is answered by the counts of another', async () => {
      const { reader, held, close } = await opened()

      const readable = async (as: readonly Principal[]) => await reader.readable({ as }, 1000)

      expect([await held(STAFF, 1000), await held(NOBODY, 1000), await held(STAFF, 1000)]).toEqual([60, 30, 60])
      expect([await readable(STAFF), await readable(NOBODY), await readable(STAFF)]).toEqual([60, 30, 60])
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
      const readable = await reader.readable({ as: NOBODY }, 1000)
      await writer.forget('docs')
      counts.push(await held(NOBODY, 1000))

      expect([...counts, readable]).toEqual([30, 29, 28, 27, 0, 27])
      await close()
    })

    test('a spelling that comes is known at once', async () => {
      const { writer, reader, close } = await opened()
      const known = [await reader.alike('wrod', 1)]

      await writer.apply(batch('docs', { put: [sampleDocument('docs:1', { texts: ['wood'] })] }))
      known.push(await reader.alike('wrod', 1))

      expect(known.map((tokens) => ['word', 'wood'].filter((token) => tokens.includes(token)))).toEqual([
        ['word'],
        ['word', 'wood'],
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

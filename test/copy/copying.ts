/** Copies from one driver to another: what must be the same behind them. */
import { describe, expect, test } from 'vitest'
import type { Store } from '../../src/core/store.ts'
import { asking, batch, found, sampleDocument } from '../conformance/index-samples.ts'
import { ACCESS, contentOf, copied, everything, fillIndex } from './index-to-copy.ts'

/** `from`, `to`: a place that holds nothing. Whoever gives them closes them. */
export function testCopying(name: string, from: () => Promise<Store>, to: () => Promise<Store>): void {
  describe(name, () => {
    test('all that can be read is the same, every access label too', async () => {
      const [here, there] = [await from(), await to()]
      await fillIndex(here)

      expect(await copied(here, there)).toEqual({ written: 51, removed: 0 })

      expect(await everything(there)).toEqual(await everything(here))
      expect(await contentOf(there)).toBe(await contentOf(here))
      const stored = await there.stored(await there.ids('docs'))
      for (const [id, { head }] of stored) expect(head.access).toEqual(ACCESS[Number(id.slice(5)) % ACCESS.length])
      expect(await found(there, asking('zebra'))).toHaveLength(10)
      expect(await found(there, { ...asking('zebra'), as: ['user:ann'], limit: 99 })).toEqual(
        await found(here, { ...asking('zebra'), as: ['user:ann'], limit: 99 }),
      )
      expect(await copied(here, there)).toEqual({ written: 0, removed: 0 })
    })

    test('over another index: what is not copied is gone, and so are vectors that are not copied', async () => {
      const [here, there] = [await from(), await to()]
      await fillIndex(here)
      await fillIndex(there)
      const stored = [...(await there.stored(['docs:1', 'docs:2'])).values()]
      await there.apply(batch('docs', { put: [sampleDocument('docs:extra'), sampleDocument('docs:2')] }))
      await there.apply(batch('gone', { put: [sampleDocument('gone:1')] }))
      await there.apply(batch('unread', { state: { cursor: 1, seen: null, policy: null } }))
      const at = '2026-05-01T00:00:00Z'
      const failed = ['docs:1', 'docs:never'].map((id) => ({ id, code: 'X', reason: 'new', at }))
      const skipped = { all: false, list: [{ id: 'docs:other-draft', reason: 'a draft', at }] }
      await there.apply(batch('docs', { failed, skipped }))
      await there.embed('model:3', await embeddedAgain(there, 'docs:3'))

      expect(stored).toHaveLength(2)
      expect(await copied(here, there)).toEqual({ written: 2, removed: 2 })
      expect(await everything(there)).toEqual(await everything(here))
    })
  })
}
/** Vectors where there was none. */
async function embeddedAgain(store: Store, id: string) {
  const waiting = (await store.unembedded('model:3', 500)).filter(({ document }) => document === id)
  return waiting.map((passage) => ({ ...passage, vector: Float32Array.of(0, 1, 0) }))
}

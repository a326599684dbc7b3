/**
 * What every index driver must do. A driver's own test is a call of `testIndex` and what only that driver does. Each
 * test gets a fresh place; a durable driver also opens it again and reads it beside the writer.
 */
import { afterEach, describe, expect, test } from 'vitest'
import type { Store } from '../../src/core/store.ts'
import { testBatches } from './index-batches.ts'
import { testFilters } from './index-filters.ts'
import { testLedger } from './index-ledger.ts'
import { testAccess, testRetrieval } from './index-queries.ts'
import { asking, batch, contents, found, putting, sampleDocument, sampleRun } from './index-samples.ts'
import { testShelves } from './index-shelves.ts'
import { testNoVectors, testVectors } from './index-vectors.ts'

export interface IndexPlace {
  write(): Promise<Store>
  /** A second opener beside the writer; absent where nothing is kept outside the process. */
  readonly read?: () => Promise<Store>
}

export interface IndexUnderTest {
  readonly name: string
  /** A place that holds nothing yet. */
  readonly place: () => IndexPlace
  /** False where nothing there can hold vectors: then words find all the same. */
  readonly hasVectors?: boolean
}

export function testIndex({ name, place, hasVectors = true }: IndexUnderTest): void {
  const opened: Store[] = []

  async function kept(store: Promise<Store>): Promise<Store> {
    opened.push(await store)
    return store
  }

  async function fresh(): Promise<Store> {
    return kept(place().write())
  }

  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
  })

  testBatches(name, fresh)
  testLedger(name, fresh)
  testAccess(name, fresh)
  testRetrieval(name, fresh)
  testFilters(name, fresh, hasVectors)
  testShelves(name, fresh)
  if (hasVectors) testVectors(name, fresh)
  else testNoVectors(name, fresh)

  describe.skipIf(place().read === undefined)(`${name} index: kept outside the process`, () => {
    test('everything survives closing and opening again', async () => {
      const somewhere = place()
      const first = await kept(somewhere.write())
      await first.apply(
        batch('docs', {
          put: [sampleDocument('docs:1', { texts: ['kept words'] })],
          failed: [{ id: 'docs:2', code: 'DOCUMENT_UNREADABLE', reason: 'no body', at: '2026-05-01T00:00:00Z' }],
          skipped: { all: true, list: [{ id: 'docs:3', reason: 'a draft', at: '2026-05-01T00:00:00Z' }] },
          state: { cursor: { page: 3 }, seen: ['docs:1'], policy: null },
          run: sampleRun('r1', '2026-05-01T00:00:00Z'),
        }),
      )
      const before = await contents(first, ['docs'])
      await first.close()

      const second = await kept(somewhere.write())

      expect(await contents(second, ['docs'])).toEqual(before)
      expect(await found(second, asking('kept'))).toEqual(['docs:1#0'])
    })

    test('a reader beside the writer sees each batch whole or not at all', async () => {
      const somewhere = place()
      const writer = await kept(somewhere.write())
      await writer.apply(putting('docs', { 'docs:1': 'old' }))
      const reader = await kept(somewhere.read?.() ?? Promise.reject(new Error('no reader')))
      expect(await found(reader, asking('old'))).toEqual(['docs:1#0'])
      expect((await reader.frequencies(['new'])).of.get('new')).toBe(0)

      const writing = writer.apply(
        batch('docs', {
          ...putting('docs', { 'docs:1': 'new', 'docs:2': 'new' }),
          state: { cursor: 2, seen: null, policy: null },
        }),
      )
      // The cursor first: between two questions the batch may come, and the cursor is never ahead of what it stands for.
      const during = [(await reader.state('docs'))?.cursor, await reader.ids('docs')]
      await writing

      expect([
        [undefined, ['docs:1']],
        [undefined, ['docs:1', 'docs:2']],
        [2, ['docs:1', 'docs:2']],
      ]).toContainEqual(during)
      expect(await found(reader, asking('old'))).toEqual([])
      expect(await found(reader, asking('new'))).toEqual(['docs:1#0', 'docs:2#0'])
      expect((await reader.frequencies(['new'])).of.get('new')).toBe(2)
      await expect(reader.apply(batch('docs'))).rejects.toThrow(/reading/)
      await expect(reader.forget('docs')).rejects.toThrow(/reading/)
      await expect(reader.ignore('docs', ['docs:1'], true)).rejects.toThrow(/reading/)
    })

    test('who writes is told as long as it does', async () => {
      const somewhere = place()
      const writer = await kept(somewhere.write())
      const reader = await kept(somewhere.read?.() ?? Promise.reject(new Error('no reader')))

      expect(await writer.holder()).toEqual(expect.stringMatching(/./))
      expect(await reader.holder()).toBe(await writer.holder())
      await writer.close()
      expect(await reader.holder()).toBeNull()
    })
  })
}

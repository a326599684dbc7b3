/** Index conformance: what a batch leaves of documents. */
import { describe, expect, test } from 'vitest'
import { LONGEST_ID } from '../../src/core/ids.ts'
import type { Store } from '../../src/core/store.ts'
import {
  asking,
  batch,
  contents,
  found,
  listed,
  passagesFor,
  putting,
  sampleDocument,
  sampleHead,
  sampleRun,
  withIncludes,
} from './index-samples.ts'

/** An id of as many bytes as an id may have. */
const LONGEST = `docs:${'ü'.repeat((LONGEST_ID - 6) / 2)}x`
const failure = { id: 'docs:bad', code: 'DOCUMENT_UNREADABLE', reason: 'no body', at: '2026-05-01T00:00:00Z' } as const

export function testBatches(name: string, fresh: () => Promise<Store>): void {
  describe(`${name} index: batches`, () => {
    test('what is put can be read back whole', async () => {
      const store = await fresh()
      const document = sampleDocument('docs:1', { title: 'Printers', texts: ['first part', 'second part'] })

      await store.apply(batch('docs', { put: [document] }))

      const { chunks, ...stored } = document
      expect(await store.stored(['docs:1', 'docs:2'])).toEqual(new Map([['docs:1', stored]]))
      expect(await store.document('docs:1', [])).toEqual(stored)
      expect(await store.chunks('docs:1')).toEqual(chunks.map(({ terms: _, ...chunk }) => chunk))
      expect(await store.heads('docs', ['docs:2', 'docs:1'])).toEqual(
        new Map([['docs:1', { head: document.head, recipe: document.recipe }]]),
      )
      const [candidate] = await store.lexical(asking('second'))
      expect(candidate).toMatchObject({ document: 'docs:1', ordinal: 1, updated: Date.UTC(2026, 4, 1) })
      expect(Uint8Array.from(candidate?.words ?? [])).toEqual(chunks[1]?.terms.words)
      expect(candidate?.score).toBeGreaterThan(0)
      const [hit] = await passagesFor(store, asking('second'))
      expect(hit?.document).toEqual({
        source: 'docs',
        language: 'en',
        head: document.head,
        recipe: document.recipe,
      })
      expect(hit?.chunk).toEqual((await store.chunks('docs:1'))[1])
    })

    test('what a document includes is read back, and only documents that include others are includers', async () => {
      const store = await fresh()
      const including = withIncludes(sampleDocument('docs:2', { texts: ['own', 'taken'] }))
      const { edges, ...unresolved } = withIncludes(sampleDocument('docs:1'))
      expect(await store.includers('docs')).toEqual([])

      await store.apply(batch('docs', { put: [including, unresolved, sampleDocument('docs:3')] }))

      const { chunks, ...stored } = including
      expect((await store.stored(['docs:2'])).get('docs:2')).toEqual(stored)
      expect((await store.chunks('docs:2')).map(({ origin }) => origin)).toEqual([undefined, 'docs:9'])
      expect((await store.lexical(asking('taken')))[0]?.origin).toBe('docs:9')
      expect((await passagesFor(store, asking('taken')))[0]?.chunk.origin).toBe('docs:9')
      expect(await store.includers('docs')).toEqual([
        { head: unresolved.head, edges: null },
        { head: including.head, edges },
      ])
      expect(await store.includers('other')).toEqual([])
      await store.apply(batch('docs', { put: [sampleDocument('docs:2')], remove: ['docs:1'] }))
      expect(await store.includers('docs')).toEqual([])
    })

    test('how a document was listed is read back with its head, kept by a refresh, and no part of an answer', async () => {
      const store = await fresh()
      const document = { ...sampleDocument('docs:1', { title: 'Printers', texts: ['ink'] }), listed: 'abc' }

      await store.apply(batch('docs', { put: [document, sampleDocument('docs:2')] }))
      await store.apply(batch('docs', { refresh: [{ ...document.head, access: ['group:staff'] }] }))

      const heads = await store.heads('docs', ['docs:1', 'docs:2'])
      expect(heads.get('docs:1')?.listed).toBe('abc')
      expect(heads.get('docs:2')).not.toHaveProperty('listed')
      expect((await store.stored(['docs:1'])).get('docs:1')?.listed).toBe('abc')
      const [hit] = await passagesFor(store, { ...asking('ink'), as: ['group:staff'] })
      expect(hit?.document).not.toHaveProperty('listed')
      await store.apply(batch('docs', { put: [sampleDocument('docs:1')] }))
      expect((await store.heads('docs', ['docs:1'])).get('docs:1')).not.toHaveProperty('listed')
    })

    test('a refresh keeps what a document includes', async () => {
      const store = await fresh()
      const document = withIncludes(sampleDocument('docs:1', { texts: ['own', 'taken'] }))
      await store.apply(batch('docs', { put: [document] }))
      const head = sampleHead('docs:1', ['group:staff'])

      await store.apply(batch('docs', { refresh: [head] }))

      const { chunks, ...stored } = document
      expect((await store.stored(['docs:1'])).get('docs:1')).toEqual({ ...stored, head })
      expect(await store.includers('docs')).toEqual([{ head, edges: document.edges }])
    })

    test('a second put replaces the document and all its chunks', async () => {
      const store = await fresh()
      await store.apply(
        batch('docs', { put: [sampleDocument('docs:1', { texts: ['old one', 'old two', 'old three'] })] }),
      )

      await store.apply(
        batch('docs', { put: [sampleDocument('docs:1', { texts: ['new one'], access: ['group:staff'] })] }),
      )

      expect((await store.chunks('docs:1')).map((chunk) => chunk.text)).toEqual(['new one'])
      expect(await found(store, { ...asking('old'), as: ['group:staff'] })).toEqual([])
      expect(await found(store, { ...asking('one'), as: ['group:staff'] })).toEqual(['docs:1#0'])
      expect(await found(store, asking('one'))).toEqual([])
      expect(await store.stats('docs')).toEqual({ documents: 1, chunks: 1 })
    })

    test('a removed document is gone from every answer', async () => {
      const store = await fresh()
      await store.apply(putting('docs', { 'docs:1': 'gone', 'docs:2': 'stays' }))

      await store.apply(batch('docs', { remove: ['docs:1', 'docs:unknown'] }))

      expect(await store.ids('docs')).toEqual(['docs:2'])
      expect(await store.document('docs:1', [])).toBeNull()
      expect(await store.chunks('docs:1')).toEqual([])
      expect(await found(store, asking('gone'))).toEqual([])
      expect(await store.frequencies(['gone', 'stays'])).toEqual({
        chunks: 1,
        of: new Map([
          ['gone', 0],
          ['stays', 1],
        ]),
      })
      expect(await listed(store.documents([]))).toEqual(['docs:2'])
    })

    test('a refresh replaces the head and keeps text and chunks; an unknown id is ignored', async () => {
      const store = await fresh()
      await store.apply(putting('docs', { 'docs:1': 'same words' }))
      const chunks = await store.chunks('docs:1')
      const head = { ...sampleHead('docs:1', ['group:staff'], 'Renamed'), path: ['Elsewhere'] }

      await store.apply(batch('docs', { refresh: [head, sampleHead('docs:unknown')] }))

      expect((await store.heads('docs', ['docs:1'])).get('docs:1')?.head).toEqual(head)
      expect(await store.chunks('docs:1')).toEqual(chunks)
      expect(await store.ids('docs')).toEqual(['docs:1'])
      expect(await found(store, asking('same'))).toEqual([])
      expect(await found(store, { ...asking('same'), as: ['group:staff'] })).toEqual(['docs:1#0'])
    })

    test('a batch applied twice equals the batch applied once', async () => {
      const store = await fresh()
      await store.apply(putting('docs', { 'docs:old': 'old', 'docs:kept': 'kept' }))
      const second = batch('docs', {
        put: [sampleDocument('docs:new', { texts: ['new', 'words'] })],
        refresh: [sampleHead('docs:kept', [], 'Kept')],
        remove: ['docs:old'],
        failed: [failure],
        skipped: { all: true, list: [{ id: 'docs:draft', reason: 'a draft', at: '2026-05-01T00:00:00Z' }] },
        state: { cursor: { page: 2 }, seen: ['docs:new'], policy: null },
        run: sampleRun('r1', '2026-05-01T00:00:00Z'),
      })

      await store.apply(second)
      const once = await contents(store, ['docs'])
      const hits = await store.lexical(asking('new'))
      await store.apply(second)

      expect(await contents(store, ['docs'])).toEqual(once)
      expect(await store.lexical(asking('new'))).toEqual(hits)
    })

    test.for([
      [
        'a document of another source',
        { put: [sampleDocument('docs:2'), sampleDocument('other:1'), sampleDocument('docs:3')] },
      ],
      [
        'access for something that is no principal',
        { put: [sampleDocument('docs:2', { access: ['public'] as never })] },
      ],
      ['a refresh of another source', { refresh: [sampleHead('docs:1', []), sampleHead('other:1')] }],
      ['a removal of another source', { remove: ['docs:1', 'other:1'] }],
      ['a skip of another source', { skipped: { all: true, list: [{ id: 'other:2', reason: '', at: '' }] } }],
      ['an id that is too long', { put: [sampleDocument('docs:2'), sampleDocument(`${LONGEST}x`)] }],
      ['a failure of an id that is too long', { failed: [{ ...failure, id: `${LONGEST}x` }] }],
      ['a run of another source', { run: sampleRun('r1', '2026-05-01T00:00:00Z', 'other') }],
    ] as const)('a batch with %s leaves nothing behind', async ([, bad]) => {
      const store = await fresh()
      await store.apply(putting('docs', { 'docs:1': 'first' }))
      await store.apply(putting('other', { 'other:1': 'first' }))
      const before = await contents(store, ['docs', 'other'])

      const applied = store.apply(batch('docs', { ...bad, state: { cursor: 9, seen: null, policy: null } }))

      await expect(applied).rejects.toMatchObject({ code: 'UNEXPECTED' })
      expect(await contents(store, ['docs', 'other'])).toEqual(before)
    })

    test('an id as long as it may be is stored, found, refreshed, skipped, failed and removed', async () => {
      const store = await fresh()
      const ids = [`${LONGEST.slice(0, -1)}a`, `${LONGEST.slice(0, -1)}b`] as const
      await store.apply(batch('docs', { put: ids.map((id) => sampleDocument(id, { texts: ['word'] })) }))
      await store.apply(batch('docs', { refresh: [sampleHead(ids[0], [], 'Hidden')] }))

      expect(await store.ids('docs')).toEqual(ids)
      expect(await found(store, asking('word'))).toEqual([`${ids[1]}#0`])
      expect((await store.document(ids[1], []))?.head.id).toBe(ids[1])
      const skipped = { all: true, list: [{ id: ids[0], reason: 'a draft', at: failure.at }] }
      await store.apply(batch('docs', { remove: ids, skipped }))
      await store.apply(batch('docs', { failed: [{ ...failure, id: ids[1] }] }))
      expect(await store.ids('docs')).toEqual([])
      expect(await store.skips('docs')).toEqual(skipped.list)
      expect(await store.quarantine('docs')).toMatchObject([{ id: ids[1] }])
    })

    test('what the caller changes afterwards does not reach the index', async () => {
      const store = await fresh()
      const state = { cursor: { page: 1 }, seen: ['docs:1'], policy: null }
      await store.apply(batch('docs', { state }))

      state.cursor.page = 2
      state.seen.push('docs:2')

      expect(await store.state('docs')).toEqual({ cursor: { page: 1 }, seen: ['docs:1'], policy: null })
    })
  })
}

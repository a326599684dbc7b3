/** Index conformance: what runs leave behind, beside the documents. */
import { describe, expect, test } from 'vitest'
import { type Failure, KEPT_RUNS } from '../../src/core/ledger.ts'
import type { Store } from '../../src/core/store.ts'
import { asking, batch, found, listed, putting, sampleDocument, sampleHead, sampleRun } from './index-samples.ts'

export function testLedger(name: string, fresh: () => Promise<Store>): void {
  describe(`${name} index: sources, states, runs`, () => {
    test('the state is null until it is stored, and stays where it is when a batch has none', async () => {
      const store = await fresh()
      expect(await store.state('docs')).toBeNull()

      await store.apply(putting('docs', { 'docs:1': 'text' }))
      expect(await store.state('docs')).toBeNull()

      await store.apply(batch('docs', { state: { cursor: { b: [1, null], a: 'é' }, seen: [], policy: 'p1' } }))
      await store.apply(putting('docs', { 'docs:2': 'text' }))
      expect(await store.state('docs')).toEqual({ cursor: { a: 'é', b: [1, null] }, seen: [], policy: 'p1' })

      await store.apply(batch('docs', { state: { cursor: null, seen: null, policy: null } }))
      expect(await store.state('docs')).toEqual({ cursor: null, seen: null, policy: null })
    })

    test('two sources do not see each other', async () => {
      const store = await fresh()
      await store.apply(
        batch('a', { ...putting('a', { 'a:1': 'shared word' }), state: { cursor: 1, seen: null, policy: null } }),
      )
      await store.apply(
        batch('b', { ...putting('b', { 'b:1': 'shared word' }), run: sampleRun('r', '2026-01-01', 'b') }),
      )

      expect(await store.sources()).toEqual(['a', 'b'])
      expect([await store.ids('a'), await store.ids('b'), await store.ids('c')]).toEqual([['a:1'], ['b:1'], []])
      expect([await store.state('a'), await store.state('b')]).toEqual([{ cursor: 1, seen: null, policy: null }, null])
      expect(await store.heads('a', ['b:1'])).toEqual(new Map())
      expect(await store.runs('a', 10)).toEqual([])
      expect(await store.stats('a')).toEqual({ documents: 1, chunks: 1 })
      expect(await store.stats('c')).toEqual({ documents: 0, chunks: 0 })
      expect(await found(store, { ...asking('shared'), sources: ['b'] })).toEqual(['b:1#0'])
      expect(await found(store, { ...asking('shared'), sources: [] })).toEqual([])
      expect(await listed(store.documents([], ['a']))).toEqual(['a:1'])
      expect(await listed(store.documents([], []))).toEqual([])
    })

    test('a source that is forgotten is gone with all that was of it, and others stay as they were', async () => {
      const store = await fresh()
      for (const name of ['a', 'b']) {
        const stored = putting(name, { [`${name}:1`]: 'shared word', [`${name}:2`]: 'shared too' })
        await store.apply(batch(name, { ...stored, state: { cursor: 1, seen: null, policy: 'p' } }))
        await store.apply(
          batch(name, {
            failed: [sampleFailure(`${name}:2`)],
            skipped: { all: false, list: [{ id: `${name}:3`, reason: 'draft', at: '2026-01-01' }] },
            run: sampleRun(`run-${name}`, '2026-01-01', name),
          }),
        )
      }

      await store.forget('a')
      await store.forget('never-there')

      expect(await store.sources()).toEqual(['b'])
      expect(await found(store, asking('shared'))).toEqual(['b:1#0', 'b:2#0'])
      expect([await store.ids('a'), await store.ids('b')]).toEqual([[], ['b:1', 'b:2']])
      expect([await store.state('a'), await store.run('run-a'), await store.skips('a')]).toEqual([null, null, []])
      expect([await store.quarantine('a'), await store.runs('a', 1)]).toEqual([[], []])
      expect(await store.tokens('shared', 5)).toEqual(['shared'])
      expect([await store.quarantine('b'), await store.skips('b'), await store.runs('b', 9)]).toMatchObject([
        [{ id: 'b:2' }],
        [{ id: 'b:3' }],
        [{ id: 'run-b' }],
      ])

      await store.apply(putting('a', { 'a:1': 'back again' }))
      expect(await found(store, asking('again'))).toEqual(['a:1#0'])
      expect([await store.state('a'), await store.quarantine('a')]).toEqual([null, []])
    })

    test('a failure is kept until a later batch puts, refreshes or removes its id', async () => {
      const store = await fresh()
      const failure = sampleFailure
      const ids = ['', 'docs:1', 'docs:2', 'docs:3', 'docs:4']
      await store.apply(batch('docs', { failed: ids.map((id) => failure(id)) }))
      await store.apply(batch('other', { failed: [failure('other:1')] }))

      await store.apply(
        batch('docs', { refresh: [sampleHead('docs:4', [])], failed: [failure('docs:4', 'still broken')] }),
      )
      expect(await store.quarantine('docs')).toEqual([
        ...ids.slice(0, 4).map((id) => failure(id)),
        failure('docs:4', 'still broken'),
      ])

      await store.apply(
        batch('docs', { put: [sampleDocument('docs:1')], refresh: [sampleHead('docs:2')], remove: ['', 'docs:3'] }),
      )
      expect(await store.quarantine('docs')).toEqual([failure('docs:4', 'still broken')])
      expect(await store.quarantine('other')).toEqual([failure('other:1')])
    })

    test('a failure is kept with its version, tries and whether it is ignored, as each batch says', async () => {
      const store = await fresh()
      const first = { ...sampleFailure('docs:1'), version: '7', attempts: 2, ignored: true } as const
      await store.apply(batch('docs', { failed: [first, sampleFailure('docs:2')] }))
      expect(await store.quarantine('docs')).toEqual([first, sampleFailure('docs:2')])

      await store.apply(batch('docs', { failed: [{ ...sampleFailure('docs:1'), version: '8' }] }))
      expect((await store.quarantine('docs'))[0]).toEqual({ ...sampleFailure('docs:1'), version: '8' })
    })

    test('failures are ignored and tried again by id, and only what is in quarantine is told', async () => {
      const store = await fresh()
      await store.apply(batch('docs', { failed: ['docs:b', 'docs:a', 'docs:c'].map((id) => sampleFailure(id)) }))
      await store.apply(batch('other', { failed: [sampleFailure('other:a')] }))
      const ignored = async () => (await store.quarantine('docs')).flatMap((one) => (one.ignored ? [one.id] : []))

      expect(await store.ignore('docs', ['docs:c', 'docs:a', 'docs:x', 'other:a', 'docs:a'], true)).toEqual([
        'docs:a',
        'docs:c',
      ])
      expect(await ignored()).toEqual(['docs:a', 'docs:c'])
      expect(await store.quarantine('other')).toEqual([sampleFailure('other:a')])
      expect(await store.ignore('docs', ['docs:a'], false)).toEqual(['docs:a'])
      expect(await ignored()).toEqual(['docs:c'])
      expect((await store.quarantine('docs'))[0]).toEqual(sampleFailure('docs:a'))
      expect(await store.ignore('none', ['docs:a'], true)).toEqual([])
    })

    test('skips are added to, replaced by a complete pass, and cleared by a put or a remove', async () => {
      const store = await fresh()
      const skip = (id: string, reason = 'a draft') => ({ id, reason, at: '2026-05-01T00:00:00Z' })
      const ids = ['docs:3', 'docs:1', 'docs:2', 'docs:4']
      await store.apply(batch('docs', { skipped: { all: false, list: ids.map((id) => skip(id)) } }))
      await store.apply(batch('other', { skipped: { all: true, list: [skip('other:1')] } }))
      expect(await store.skips('docs')).toEqual(ids.toSorted().map((id) => skip(id)))

      await store.apply(
        batch('docs', {
          put: [sampleDocument('docs:1')],
          remove: ['docs:2', 'docs:4'],
          skipped: { all: false, list: [skip('docs:4', 'too large'), skip('docs:5')] },
        }),
      )
      expect(await store.skips('docs')).toEqual([skip('docs:3'), skip('docs:4', 'too large'), skip('docs:5')])

      await store.apply(batch('docs', { skipped: { all: true, list: [skip('docs:6')] } }))
      expect(await store.skips('docs')).toEqual([skip('docs:6')])
      expect(await store.skips('other')).toEqual([skip('other:1')])
    })

    test('documents are located by url, whoever may read them', async () => {
      const store = await fresh()
      const url = 'https://example.com/é?q="a"&b=\\'
      const hidden = sampleDocument('docs:2', { access: [] })
      const put = [
        { ...hidden, head: { ...hidden.head, url } },
        { ...sampleDocument('docs:3'), head: { ...sampleHead('docs:3'), title: `"url":${JSON.stringify(url)}` } },
        { ...sampleDocument('docs:1'), head: { ...sampleHead('docs:1'), url } },
      ]
      await store.apply(batch('docs', { put }))

      expect(await store.located(url)).toEqual(['docs:1', 'docs:2'])
      expect(await store.located('https://example.com/é')).toEqual([])
    })

    test('a run is found by its id, with all that its record says', async () => {
      const store = await fresh()
      const run = {
        ...sampleRun('r1', '2026-05-01T00:00:00Z'),
        traffic: { requests: 12, retries: 2, waitedMs: 1500, bytes: 40_000 },
        failures: { DOCUMENT_UNREADABLE: 2 },
        from: 'cursor',
      } as const
      await store.apply(batch('docs', { run }))

      expect(await store.run('r1')).toEqual(run)
      expect(await store.run('r2')).toBeNull()
    })

    test('runs come newest first, and the same id replaces', async () => {
      const store = await fresh()
      const [first, second, third] = ['2026-05-01', '2026-05-03', '2026-05-02'].map((day, at) =>
        sampleRun(`r${at}`, `${day}T00:00:00Z`),
      )
      for (const run of [first, second, third]) await store.apply(batch('docs', run && { run }))
      const failed = {
        ...sampleRun('r0', '2026-05-01T00:00:00Z'),
        outcome: 'failed',
        error: { code: 'DISK', message: 'full' },
      } as const

      await store.apply(batch('docs', { run: failed }))

      expect(await store.runs('docs', 10)).toEqual([second, third, failed])
      expect(await store.runs('docs', 1)).toEqual([second])
    })

    test('old runs go, but for the last that ended well, the last whole listing and the one just recorded', async () => {
      const store = await fresh()
      const at = (minute: number) => new Date(Date.UTC(2026, 4, 1, 0, minute)).toISOString()
      const failed = (minute: number) => ({ ...sampleRun(`r${minute}`, at(minute)), outcome: 'failed' }) as const
      await store.apply(batch('other', { run: sampleRun('of another source', at(0), 'other') }))
      const receipt = { pages: 1, seen: 1, duplicates: 0, ended: 'no-next-link' } as const
      await store.apply(batch('docs', { run: { ...sampleRun('whole, but old', at(0)), receipt } }))
      await store.apply(batch('docs', { run: { ...sampleRun('whole', at(1)), receipt } }))
      await store.apply(batch('docs', { run: sampleRun('good, but old', at(2)) }))
      await store.apply(batch('docs', { run: { ...sampleRun('good', at(3)), outcome: 'partial' } }))
      for (let minute = 4; minute < 4 + KEPT_RUNS; minute++) await store.apply(batch('docs', { run: failed(minute) }))
      await store.apply(batch('docs', { run: { ...failed(0), id: 'by a clock that is behind' } }))

      const kept = (await store.runs('docs', 1000)).map(({ id }) => id)
      expect(kept).toHaveLength(KEPT_RUNS + 3)
      expect(kept.slice(-3)).toEqual(['good', 'whole', 'by a clock that is behind'])
      expect(await store.runs('other', 10)).toHaveLength(1)
    })
  })
}

function sampleFailure(id: string, reason = 'broken'): Failure {
  return { id, code: 'DOCUMENT_UNREADABLE', reason, at: '2026-05-01T00:00:00Z' }
}

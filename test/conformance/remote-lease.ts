/** Who may write: one a source, and nobody who slept through the end of its lease. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { Store } from '../../src/core/store.ts'
import type { RemoteOptions } from '../../src/indexes/remote-lease.ts'
import { contents, putting } from './index-samples.ts'
import { openRemote, type Remote } from './remote.ts'
import { startWriter, type Writer, type WriterOptions } from './remote-writer.ts'

const LEASE_MS = 1500

/** @param stops also with processes that are killed and stopped, which takes seconds */
export function testLease(remote: Remote, { stops }: { readonly stops: boolean }): void {
  const opened: Store[] = []
  const started: Writer[] = []

  async function open(location: string, options: RemoteOptions = {}): Promise<Store> {
    const store = await openRemote(location, options, LEASE_MS)
    opened.push(store)
    return store
  }

  async function start(location: string, options: Partial<WriterOptions> = {}): Promise<Writer> {
    const writer = startWriter(location, { source: 'a', leaseMs: LEASE_MS, ...options })
    started.push(writer)
    expect(await writer.next()).toBe('opened')
    return writer
  }

  afterEach(async () => {
    for (const writer of started.splice(0)) await writer.kill()
    for (const store of opened.splice(0)) await store.close()
  })

  describe(`${remote.name}: the lease`, () => {
    test('a source has one writer, other sources have theirs, and all sources one where nobody else writes', async () => {
      const location = remote.place()
      const a = await open(location, { sources: ['a'], holder: 'the first' })
      const b = await open(location, { sources: ['b'], holder: 'the second' })

      await expect(open(location, { sources: ['c', 'a'] })).rejects.toMatchObject({
        code: 'LOCKED',
        message: expect.stringContaining('the first'),
      })
      await expect(open(location)).rejects.toMatchObject({ code: 'LOCKED' })
      await Promise.all([a.apply(putting('a', { 'a:1': 'word' })), b.apply(putting('b', { 'b:1': 'word' }))])
      expect((await a.frequencies(['word'])).of.get('word')).toBe(2)
      await expect(a.apply(putting('b', { 'b:1': 'other' }))).rejects.toMatchObject({ code: 'UNEXPECTED' })
      expect(await a.holder()).toBe('the first, the second')

      await a.close()
      await b.close()
      const all = await open(location)
      await all.apply(putting('c', { 'c:1': 'word' }))
      await expect(open(location, { sources: ['d'] })).rejects.toMatchObject({ code: 'LOCKED' })
    })

    test.runIf(stops)('a lease is put off while its holder lives, and over soon after it is killed', async () => {
      const location = remote.place()
      const writer = await start(location)
      await sleep(2 * LEASE_MS)
      await expect(open(location, { sources: ['a'] })).rejects.toMatchObject({ code: 'LOCKED' })
      writer.store('kept')
      expect(await writer.next()).toBe('stored kept')

      await writer.kill()

      const next = await open(location, { sources: ['a'], lockTimeoutMs: 10 * LEASE_MS })
      expect((await next.state('a'))?.cursor).toBe('kept')
    })

    test.runIf(stops)('who slept beyond its lease writes nothing, and neither where somebody else came', async () => {
      const location = remote.place()
      const reader = await open(location)
      await reader.close()
      const [alone, overtaken] = [await start(location), await start(location, { source: 'b' })]
      for (const writer of [alone, overtaken]) {
        writer.store('before')
        expect(await writer.next()).toBe('stored before')
        writer.process.kill('SIGSTOP')
      }
      const next = await open(location, { sources: ['b'], lockTimeoutMs: 10 * LEASE_MS })
      await next.apply(putting('b', { 'b:9': 'by another' }))
      await sleep(LEASE_MS)
      const before = await contents(next, ['a', 'b'])

      for (const writer of [alone, overtaken]) {
        writer.store('too late')
        writer.process.kill('SIGCONT')
        expect(await writer.next()).toBe('LOCKED')
      }

      expect(await contents(next, ['a', 'b'])).toEqual(before)
    })
  })
}

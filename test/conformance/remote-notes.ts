/** Who publishes from an index on a server: one process at a time, whichever machine it runs on. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, test } from 'vitest'
import type { Notes } from '../../src/core/notes.ts'
import { openIndex } from '../../src/indexes/registry.ts'
import { openRemoteNotes, type Remote } from './remote.ts'
import { startWriter, type Writer } from './remote-writer.ts'

const LEASE_MS = 1000
/** From when it is told to note something until it is stopped. */
const MOMENTS_MS = [0, 2, 4, 6, 8, 10]

export function testPublishers(remote: Remote): void {
  const opened: Notes[] = []
  const started: Writer[] = []

  async function made(): Promise<string> {
    const location = remote.place()
    await (await openIndex(location)).close()
    return location
  }

  async function open(location: string): Promise<Notes> {
    const notes = await openRemoteNotes(location, { holder: 'another', lockTimeoutMs: 20 * LEASE_MS }, 60 * LEASE_MS)
    opened.push(notes)
    return notes
  }

  async function start(location: string): Promise<Writer> {
    const writer = startWriter(location, { source: 'a publisher', leaseMs: LEASE_MS, isPublisher: true })
    started.push(writer)
    expect(await writer.next()).toBe('opened')
    return writer
  }

  async function noting(location: string): Promise<Writer> {
    const writer = await start(location)
    for (const line of ['before', 'send']) {
      writer.store(line)
      expect(await writer.next()).toBe(`stored ${line}`)
    }
    return writer
  }

  afterEach(async () => {
    for (const writer of started.splice(0)) await writer.kill()
    for (const notes of opened.splice(0)) await notes.close()
  })

  describe(`${remote.name}: who publishes`, () => {
    test("is alone while it lives, and in nobody's way soon after it is killed", async () => {
      const location = await made()
      const writer = await noting(location)
      await sleep(2 * LEASE_MS)
      await expect(openRemoteNotes(location, { holder: 'another' }, LEASE_MS)).rejects.toMatchObject({
        code: 'LOCKED',
        message: expect.stringContaining('a publisher'),
      })

      await writer.kill()

      expect((await open(location)).all().get('said')).toBe('before')
    })

    test('and waited for longer than a lease lasts, has one that is whole', async () => {
      const location = await made()
      const first = await openRemoteNotes(location, { holder: 'the first' }, 60 * LEASE_MS)
      const waiting = openRemoteNotes(location, { holder: 'another', lockTimeoutMs: 20 * LEASE_MS }, LEASE_MS)
      await sleep(1.2 * LEASE_MS)
      await first.close()
      const notes = await waiting
      opened.push(notes)

      notes.check()
      await notes.put('said', 'by who waited')
    })

    test.for(['late', 'send'])(
      'and stood still beyond its lease, notes nothing and sends nothing: %s',
      async (line) => {
        const [quiet, taken] = [await made(), await made()]
        const [alone, overtaken] = [await noting(quiet), await noting(taken)]
        for (const writer of [alone, overtaken]) writer.process.kill('SIGSTOP')
        const next = await open(taken)
        await next.put('said', 'by another')
        await sleep(LEASE_MS)

        for (const writer of [alone, overtaken]) {
          writer.store(line)
          writer.process.kill('SIGCONT')
          expect(await writer.next()).toBe('LOCKED')
        }

        await next.close()
        expect((await open(taken)).all().get('said')).toBe('by another')
        expect((await open(quiet)).all().get('said')).toBe('before')
      },
    )

    test('and was stopped while it noted something, changes nothing when it wakes', async () => {
      await Promise.all(MOMENTS_MS.map(stoppedAfter))
    })
  })

  async function stoppedAfter(moment: number): Promise<void> {
    const location = await made()
    const writer = await noting(location)
    writer.store('meanwhile')
    await sleep(moment)
    writer.process.kill('SIGSTOP')
    const next = await open(location)
    await next.put('said', 'by another')
    writer.store('late')
    writer.process.kill('SIGCONT')
    const said = [await writer.next()]
    if (said[0]?.startsWith('stored')) said.push(await writer.next())

    expect(['LOCKED', 'INDEX_UNAVAILABLE']).toContain(said.at(-1))
    await next.close()
    expect((await open(location)).all().get('said')).toBe('by another')
  }
}

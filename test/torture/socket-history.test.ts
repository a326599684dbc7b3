/** Whatever happens to a source while it is synced, and to the process that syncs it: every connector, with each of its providers. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openMemory } from '../../src/indexes/memory.ts'
import { liveOnSocket, socketHistories } from './socket-history.ts'
import { sources } from './sources/all.ts'

const HISTORIES = 15

test.each(Object.entries(sources))('%s settles on the truth', { timeout: 60_000 }, async (_, start) => {
  const property = fc.asyncProperty(socketHistories, async (history) => {
    const source = await start()
    await liveOnSocket(history, source, openMemory()).finally(source.close)
  })

  await expect(fc.assert(property, { numRuns: HISTORIES })).resolves.toBeUndefined()
})

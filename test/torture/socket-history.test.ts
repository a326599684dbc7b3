/** Whatever happens to a source while it is synced, and to the process that syncs it: every connector, with each of its providers. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { liveOnSocket, socketHistories } from './socket-history.ts'
import { sources } from './sources/all.ts'
import type { TorturedSource } from './sources/source.ts'

const HISTORIES = 8
const QUIET = { operations: [], full: false, faults: [], dies: null, meanwhile: [] }

test.each(Object.entries(sources))('%s settles on the truth', { timeout: 60_000 }, async (_, start) => {
  const property = fc.asyncProperty(socketHistories, async (history) => {
    const source = await start()
    await liveOnSocket(history, source, openMemory()).finally(source.close)
  })

  await expect(fc.assert(property, { numRuns: HISTORIES })).resolves.toBeUndefined()
})

/** Between the answer that tells of its version and the one that tells of its readers, at each request of a run. */
test.each(['cloud', 'data-center'])(
  'a page of %s that is changed and then shown to others keeps its old text from them',
  {
    timeout: 60_000,
  },
  async (name) => {
    for (let at = 0; at < 16; at++) {
      const source = await start(name)
      const act = (what: string) => ({ what: Object.keys(source.actions).indexOf(what), one: 1, other: 1 })
      const operations = [act('edit'), act('restrict')]
      const history = [QUIET, { ...QUIET, meanwhile: [{ at, operations }] }]
      await expect(liveOnSocket(history, source, openMemory()).finally(source.close)).resolves.toBeUndefined()
    }
  },
)

async function start(name: string): Promise<TorturedSource> {
  const source = await sources[name]?.()
  if (source === undefined) throw new Error(`no source ${name}`)
  return { ...source, onlyBetweenRuns: [], notTogether: [] }
}

import { expect, test } from 'vitest'
import { sourceState } from '../../src/cli/source-state.ts'
import { KEPT_RUNS } from '../../src/core/ledger.ts'
import { openMemory } from '../../src/indexes/memory/memory.ts'
import { batch, sampleRun } from '../conformance/index-samples.ts'

test('the last good run is known however many have failed since', async () => {
  const store = openMemory()
  const at = (minute: number) => new Date(Date.UTC(2026, 4, 1, 0, minute)).toISOString()
  await store.apply(batch('docs', { run: { ...sampleRun('good', at(0)), outcome: 'partial' } }))
  for (let minute = 1; minute <= 2 * KEPT_RUNS; minute++) {
    await store.apply(batch('docs', { run: { ...sampleRun(`r${minute}`, at(minute)), outcome: 'failed' } }))
  }

  const { lastRun, lastGood } = await sourceState(store, 'docs')
  expect(lastRun?.outcome).toBe('failed')
  expect(lastGood?.id).toBe('good')
})

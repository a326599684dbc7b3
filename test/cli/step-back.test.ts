/** A sync is in nobody's way: what answers questions on the same machine goes first. */
import { constants, getPriority } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { ended, startStage } from './stage.ts'

test('the process of a sync lets others go first', async () => {
  const stage = await startStage({ latencyMs: 300 })
  onTestFinished(stage.close)
  stage.addPages(3)
  const sync = stage.start('sync')
  const end = ended(sync)
  const { pid = 0 } = sync

  while (stage.site.requests.length === 0 && sync.exitCode === null) await new Promise(setImmediate)
  const priority = getPriority(pid)

  expect(priority).toBe(Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL))
  expect((await end).code).toBe(0)
})

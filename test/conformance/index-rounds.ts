/** What is done to a driver many times over, and what is to be seen of it. `open` opens a place that holds nothing. */
import fc from 'fast-check'
import { UnsiloError } from '../../src/core/errors.ts'
import type { Store } from '../../src/core/store.ts'
import { syncSource } from '../../src/sync/sync.ts'
import { checkEqualToMemory } from '../indexes/equal-drivers.ts'
import { ARMS, checkNoTrace } from '../query/no-trace.ts'
import { histories, live } from '../sync/history.ts'
import type { Loop, Redaction, SourceShape } from '../sync/life.ts'

export interface Checked {
  readonly figure: string
  /** What missed its target. */
  readonly missed: readonly string[]
}

type Open = () => Promise<Store>

const LOOP: Loop = { syncSource, UnsiloError }
const SHAPES: readonly SourceShape[] = ['feed', 'list']
const REDACTIONS: readonly Redaction[] = ['never', 'changing']

/** Random histories settle on the truth. */
export async function liveHistories(open: Open, rounds: number, seed: number): Promise<Checked> {
  const each = Math.max(1, Math.round(rounds / SHAPES.length / REDACTIONS.length))
  const missed: string[] = []
  for (const shape of SHAPES) {
    for (const redaction of REDACTIONS) {
      const property = fc.asyncProperty(histories, async (history) => {
        const store = await open()
        await live(history, shape, store, LOOP, {}, redaction).finally(() => store.close())
      })
      const { failed, errorInstance } = await fc.check(property, { numRuns: each, seed, endOnFailure: true })
      if (failed) missed.push(`a ${shape} source redacted ${redaction}: ${errorInstance}`)
    }
  }
  return { figure: `${each * SHAPES.length * REDACTIONS.length} random histories settled on the truth`, missed }
}

/** What is hidden leaves no trace. */
export async function probeAccess(open: Open, hasVectors: boolean, rounds: number): Promise<Checked> {
  const arms = hasVectors ? ARMS : (['words'] as const)
  const missed: string[] = []
  for (const arm of arms) {
    await checkNoTrace([open], arm, rounds).catch((thrown: unknown) => {
      missed.push(`${arm}: ${thrown}`)
    })
  }
  const by = arms.join(', ')
  return {
    figure: `${rounds * arms.length} corpora asked (${by}): no difference to an index without what is hidden`,
    missed,
  }
}

/** What is found is what the reference driver finds, in its order. */
export async function compareToMemory(open: Open, rounds: number): Promise<Checked> {
  const missed: string[] = []
  await checkEqualToMemory(open, rounds).catch((thrown: unknown) => {
    missed.push(String(thrown))
  })
  return { figure: `${rounds} random indexes hold and rank what the one in memory does`, missed }
}

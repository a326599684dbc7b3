/** A short version of `npm run torture`: every part, with a few rounds. */
import { expect, test } from 'vitest'
import { parts } from './parts.ts'
import { reportOf } from './report.ts'

const SEED = 1

test.each(Object.keys(parts))('%s', { timeout: 120_000 }, async (name) => {
  const { part } = (await parts[name]?.()) ?? {}
  if (part === undefined) throw new Error(`no part ${name}`)
  const log = () => {}
  const report = await reportOf(name, { seed: SEED, rounds: part.rounds.test, quick: true, timed: false, log })

  expect(part.name).toBe(name)
  expect(report.missed).toEqual([])
})

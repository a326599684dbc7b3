/** A short version of `npm run torture`: every part, with a few rounds. */
import { expect, test } from 'vitest'
import { parts } from './parts.ts'

const SEED = 1

test.each(Object.keys(parts))('%s', { timeout: 60_000 }, async (name) => {
  const { part } = (await parts[name]?.()) ?? {}
  if (part === undefined) throw new Error(`no part ${name}`)
  const log = () => {}
  const report = await part.run({ seed: SEED, rounds: part.rounds.test, quick: true, timed: false, log })

  expect(part.name).toBe(name)
  expect(report.missed).toEqual([])
})

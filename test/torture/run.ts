/**
 * `npm run torture [-- --quick] [-- --seed N] [-- --rounds N] [-- --only PART]`: what a sync that nobody watches may meet, done
 * to it on purpose. Each part runs in a process of its own. Prints the figures of each; ends with 1 when a target is
 * missed. `--only` may stand more than once; `--rounds` counts what the part says that a round is.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import pLimit from 'p-limit'
import type { Part } from './part.ts'
import { parts } from './parts.ts'
import { reportOf } from './report.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
  },
})
const seed = wholeNumber(values.seed)
const missed: string[] = []

const started = performance.now()
const chosen = await load(values.only)
await runTogether(chosen.filter(({ alone }) => !alone))
for (const part of chosen.filter(({ alone }) => alone)) await run(part)
const verdict = missed.length === 0 ? 'all targets met' : `missed: ${missed.join('; ')}`
console.log(`${chosen.length} parts, seed ${seed}, ${secondsSince(started)}${values.quick ? ' (quick)' : ''}`)
console.log(`torture: ${verdict}`)
process.exitCode = missed.length === 0 ? 0 : 1

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 0) throw new Error(`${text} is no whole number`)
  return number
}

async function load(names: readonly string[]): Promise<readonly Part[]> {
  const unknown = names.find((name) => parts[name] === undefined)
  if (unknown !== undefined) throw new Error(`there is no part ${unknown}, only ${Object.keys(parts).join(', ')}`)
  const wanted = Object.entries(parts).filter(([name]) => names.length === 0 || names.includes(name))
  return await Promise.all(wanted.map(async ([, open]) => (await open()).part))
}

async function runTogether(some: readonly Part[]): Promise<void> {
  const limit = pLimit(Math.min(2, availableParallelism()))
  await Promise.all(some.map((part) => limit(() => run(part))))
}

async function run(part: Part): Promise<void> {
  const rounds = values.rounds === undefined ? part.rounds[values.quick ? 'quick' : 'full'] : wholeNumber(values.rounds)
  const begun = performance.now()
  const log = (line: string) => console.error(`${part.name}: ${line}`)
  const report = await reportOf(part.name, { seed, rounds, quick: values.quick, timed: true, log })
  console.log(`\n${part.name}: ${rounds} rounds, ${secondsSince(begun)}`)
  const width = Math.max(...Object.keys(report.figures).map(({ length }) => length))
  for (const [name, figure] of Object.entries(report.figures)) console.log(`  ${name.padEnd(width)}  ${figure}`)
  for (const miss of report.missed) console.log(`  missed: ${miss}`)
  missed.push(...report.missed.map((miss) => `${part.name}: ${miss}`))
}

function secondsSince(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`
}

/**
 * `npm run test:help [-- --quick]`: the Help space in a real browser: what readers do, every state as axe sees it, how long a
 * key takes to what it finds, what is sent. Exits 1 when a target is missed.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { checks } from './checks.ts'
import { launchChromium } from './chromium.ts'
import { keystrokeTimes, percentile } from './keystrokes.ts'
import { wrongsOf } from './seen.ts'
import { openStage, type Stage } from './stage.ts'
import { states } from './states.ts'

const BUILT = join(import.meta.dirname, '../../dist/help')
const MOST_BYTES = 40 * 1024
const MOST_MS = 150
/** Queries that are typed in a quick run. */
const FEW = 4

const { values } = parseArgs({ options: { quick: { type: 'boolean' } } })

async function main(): Promise<number> {
  const stage = await openStage(await launchChromium())
  const failed = await doAll(stage)
  const wrongs = await seeAll(stage)
  const times = await keystrokeTimes(stage.browser, `${stage.site.url}/help`, values.quick === true ? FEW : undefined)
  await stage.close()
  const p95 = percentile(times, 0.95)
  console.log(
    `${times.length} keys to painted results: p50 ${ms(percentile(times, 0.5))}, p95 ${ms(p95)} (target ${MOST_MS} ms)`,
  )
  const bytes = sizes()
  const isMet = failed === 0 && wrongs === 0 && p95 <= MOST_MS && bytes.every((size) => size <= MOST_BYTES)
  console.log(
    `test:help: ${checks.length - failed} of ${checks.length} things done, ${wrongs} wrongs in ${states.length} states, ` +
      `p95 ${ms(p95)}, ${bytes.map(kilobytes).join(' and ')}: ${isMet ? 'all targets met' : 'missed'}`,
  )
  return isMet ? 0 : 1
}

async function doAll(stage: Stage): Promise<number> {
  let failed = 0
  for (const { name, run } of checks) {
    const thrown = await run(stage).then(
      () => null,
      (error: Error) => error,
    )
    if (thrown !== null) failed++
    console.log(thrown === null ? `done: ${name}` : `FAILED: ${name}\n  ${thrown.message}`)
  }
  return failed
}

/** How much is wrong in all states together. */
async function seeAll(stage: Stage): Promise<number> {
  let count = 0
  for (const state of states) {
    const wrongs = await wrongsOf(stage, state)
    for (const wrong of wrongs) console.log(`WRONG: ${state.name}: ${wrong}`)
    count += wrongs.length
  }
  console.log(`${states.length} states: ${count} violations of axe, of the policy and of the width (target 0)`)
  return count
}

/** Of the page with its style, and of the element, as they are sent. */
function sizes(): readonly number[] {
  const names = readdirSync(BUILT)
  const sum = (pattern: RegExp): number => {
    const files = names.filter((name) => pattern.test(name))
    return files.map((name) => gzipSync(readFileSync(join(BUILT, name)), { level: 9 }).length).reduce((a, b) => a + b)
  }
  const [page, element] = [sum(/^page-/), sum(/^unsilo-help-/)]
  console.log(`packed: page ${kilobytes(page)}, element ${kilobytes(element)} (target ${kilobytes(MOST_BYTES)})`)
  return [page, element]
}

function ms(time: number): string {
  return `${time.toFixed(0)} ms`
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`
}

process.exitCode = await main()

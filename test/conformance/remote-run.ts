/** What a run prints of a driver on a server, check by check, and the suite of all drivers as one of them. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Checked } from './index-rounds.ts'

const ROOT = join(import.meta.dirname, '..', '..')

/** Of the command line. */
export function readOptions(): { readonly quick: boolean; readonly seed: number } {
  const { values } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, seed: { type: 'string', default: '20260101' } },
  })
  return { quick: values.quick, seed: Number(values.seed) }
}

/** Prints the last line, and ends the process: with 1 when anything missed its target. */
export function conclude(summary: string, missed: readonly string[]): never {
  console.log(`\n${summary}: ${missed.length === 0 ? 'all targets met' : `missed: ${missed.join('; ')}`}`)
  process.exit(missed.length === 0 ? 0 : 1)
}

/** Prints the figure, and what missed its target. Returns the figure once for each that did. */
export async function told(check: () => Promise<Checked>): Promise<readonly string[]> {
  const begun = performance.now()
  const { figure, missed } = await check()
  console.log(`  ${missed.length === 0 ? figure : 'NOT SO'}  (${secondsSince(begun)})`)
  for (const what of missed) console.log(`    missed: ${what}`)
  return missed.map(() => figure)
}

interface Suite {
  /** It has a configuration of its own in `test`. */
  readonly folder: string
  /** Of the file, without `.suite.ts`. */
  readonly name: string
  /** Only tests of such names; null is all. */
  readonly tests: string | null
  readonly env?: Readonly<Record<string, string>>
}

/** In a process of its own. */
export async function runSuite(suite: Suite): Promise<Checked & { readonly passed: number }> {
  const { numPassedTests: passed, numFailedTests: failed, testResults } = await reportOf(suite)
  const names = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
    .map(({ fullName }) => fullName)
  return {
    passed,
    figure: `${passed} tests of the suite of all drivers, and its own, passed, ${failed} failed`,
    missed: [...names, ...(passed === 0 ? ['no test was run'] : [])],
  }
}

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[]
  }[]
}

/** Of a suite that was stopped before it could say anything. */
const NOTHING: Report = { numPassedTests: 0, numFailedTests: 0, testResults: [] }

async function reportOf({ folder, name, tests, env = {} }: Suite): Promise<Report> {
  const kept = await mkdtemp(join(tmpdir(), `unsilo-test-${folder}-`))
  const file = join(kept, 'report.json')
  const config = ['--config', `test/${folder}/vitest.config.ts`]
  const args = ['run', ...config, `${name}.suite`, '--reporter=json', `--outputFile=${file}`]
  const child = spawn(
    join(ROOT, 'node_modules', '.bin', 'vitest'),
    [...args, ...(tests === null ? [] : ['-t', tests])],
    {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  )
  await new Promise((resolve) => child.once('exit', resolve))
  const report = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report) : NOTHING
  await rm(kept, { recursive: true })
  return report
}

export function secondsSince(start: number): string {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`
}

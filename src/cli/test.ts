/** `unsilo test`: replays recordings into an empty index and compares what comes out with files kept in git. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import { asUnsiloError } from '../core/errors.ts'
import { plain } from '../core/plain.ts'
import { openMemory } from '../indexes/memory/memory.ts'
import { withSynonyms } from '../query/synonyms.ts'
import { stepFiles } from './expected.ts'
import type { Io } from './io.ts'
import type { TestOptions } from './options.ts'
import { counted, json, note, say } from './output.ts'
import { findScenarios, replayStep, type Scenario } from './scenario.ts'
import { missedSearches } from './scenario-floors.ts'
import { synonymLines } from './setup.ts'

interface Difference {
  /** Relative to the working folder. */
  readonly file: string
  readonly patch: string
}

/** The clock of every replay: recordings must mean the same on any day. */
const REPLAY_TIME = Date.UTC(2026, 0, 1)
const DAY = 86_400_000

/** 0 when everything is as expected, 1 when not. */
export async function runTest(options: TestOptions, io: Io): Promise<number> {
  const scenarios = await findScenarios(resolve(io.cwd, options.dir))
  let different = 0
  let missing = 0
  for (const scenario of scenarios) {
    const { files: actual, missed } = await play(scenario, io)
    const differences = await compare(scenario, actual, io)
    if (options.update) await update(scenario, actual)
    different += differences.length
    missing += missed.length
    report(scenario, differences, missed, options, io)
  }
  if (!options.json && !options.quiet && missing === 0) note(io, summary(scenarios.length, different, options.update))
  return missing > 0 || (different > 0 && !options.update) ? 1 : 0
}

interface Played {
  /** Every file that the story makes, by path below `expected/`. */
  readonly files: ReadonlyMap<string, string>
  /** What should be found at its end and isn't: no update makes that right. */
  readonly missed: readonly string[]
}

async function play(scenario: Scenario, io: Io): Promise<Played> {
  const store = openMemory()
  const files = new Map<string, string>()
  for (const [at, step] of scenario.steps.entries()) {
    const now = REPLAY_TIME + at * DAY
    const { report, unused } = await replayStep(scenario, step, store, {
      signal: io.signal,
      now: () => now,
      runId: step.name,
      full: false,
      dryRun: false,
      allowed: { deletes: 0, wider: 0 },
    })
    if (report.error?.code === 'INTERRUPTED' || report.error?.code === 'REPLAY_MISMATCH') throw report.error
    for (const [name, content] of await stepFiles(report, store)) files.set(join(step.name, name), content)
    if (unused.length > 0) files.set(join(step.name, 'unused-recordings.txt'), `${unused.join('\n')}\n`)
  }
  const asked = withSynonyms(store, await synonymLines(scenario.synonyms))
  return { files, missed: await missedSearches(scenario.folder, asked) }
}

async function compare(
  scenario: Scenario,
  actual: ReadonlyMap<string, string>,
  io: Io,
): Promise<readonly Difference[]> {
  const folder = join(scenario.folder, 'expected')
  const names = new Set([...actual.keys(), ...(await filesBelow(folder))])
  const differences: Difference[] = []
  for (const name of [...names].sort()) {
    const path = join(folder, name)
    const expected = await readFile(path, 'utf8').catch(() => '')
    const made = actual.get(name) ?? ''
    if (expected === made) continue
    const file = relative(io.cwd, path)
    differences.push({ file, patch: createTwoFilesPatch(file, file, expected, made, 'expected', 'made') })
  }
  return differences
}

async function update(scenario: Scenario, actual: ReadonlyMap<string, string>): Promise<void> {
  const folder = join(scenario.folder, 'expected')
  for (const name of await filesBelow(folder)) if (!actual.has(name)) await rm(join(folder, name))
  for (const [name, content] of actual) {
    const path = join(folder, name)
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, content)
  }
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw asUnsiloError(thrown)
  }
}

function report(
  scenario: Scenario,
  differences: readonly Difference[],
  missed: readonly string[],
  options: TestOptions,
  io: Io,
): void {
  const name = relative(io.cwd, scenario.folder) || '.'
  const outcome = differences.length === 0 ? 'same' : options.update ? 'updated' : 'differs'
  if (options.json) {
    json(io, { type: 'scenario', name, outcome, files: differences.map(({ file }) => file), missed })
    return
  }
  if (!options.update) for (const { patch } of differences) say(io, plain(patch))
  for (const line of missed) say(io, plain(`not found: ${name}: ${line}`))
  if (options.quiet) return
  const said = { same: 'as expected', updated: `${counted(differences.length, 'file')} written`, differs: 'differs' }
  note(io, `${name}: ${counted(scenario.steps.length, 'step')}, ${said[outcome]}`)
}

function summary(scenarios: number, different: number, updated: boolean): string {
  if (different === 0) return `${counted(scenarios, 'scenario')} as expected.`
  if (updated) return `${counted(different, 'file')} written. Read the change (git diff) before you commit it.`
  return `${counted(different, 'file')} ${different === 1 ? 'differs' : 'differ'}. If what was made is right: unsilo test --update, then read the change.`
}

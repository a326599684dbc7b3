/**
 * A scenario: a folder with the configuration of one source (`unsilo.config.yaml`), its recorded answers as a story
 * (`1-first.http.json`, `2-edited.http.json` …) and, under `expected/`, what each step should make of them.
 */
import { readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { connectors } from '../../connectors/index.ts'
import { loadConfig } from '../config/load.ts'
import { DEFAULT_CONFIG } from '../config/schema.ts'
import type { SourceConfig } from '../config/source.ts'
import type { SynonymFile } from '../config/synonyms.ts'
import { UnsiloError } from '../core/errors.ts'
import type { Approvals } from '../core/review.ts'
import type { Store } from '../core/store.ts'
import { parseRecording, replayingFetch } from '../http/record.ts'
import { type SyncOptions, type SyncReport, syncSource } from '../sync/sync.ts'

export interface Scenario {
  readonly folder: string
  readonly source: SourceConfig
  readonly approvals: Approvals
  readonly synonyms: readonly SynonymFile[]
  readonly steps: readonly Step[]
}

export interface Step {
  /** `1-first` */
  readonly name: string
  readonly path: string
}

export interface Replayed {
  readonly report: SyncReport
  /** Recorded requests that the run did not make. */
  readonly unused: readonly string[]
}

const RECORDING = /^(\d+)-[\w-]+\.http\.json$/

/** The scenarios in a folder and below it, in path order. An error where there is none. */
export async function findScenarios(folder: string): Promise<readonly Scenario[]> {
  const folders = (await entriesBelow(folder))
    .filter((path) => basename(path) === DEFAULT_CONFIG)
    .map((path) => path.slice(0, -DEFAULT_CONFIG.length - 1))
    .sort()
  const scenarios = await Promise.all(folders.map((found) => readScenario(found === '' ? folder : join(folder, found))))
  const recorded = scenarios.filter(({ steps }) => steps.length > 0)
  if (recorded.length > 0) return recorded
  throw new UnsiloError('USAGE', `${folder}: no recordings here or below.`, {
    hint: `A folder of recordings holds ${DEFAULT_CONFIG} and files like 1-first.http.json: unsilo record SOURCE DIR writes them.`,
  })
}

export async function readScenario(folder: string): Promise<Scenario> {
  const path = join(folder, DEFAULT_CONFIG)
  const config = await loadConfig({
    path,
    env: {},
    readFile: (file) => readFile(file, 'utf8'),
    connectors,
    withoutSecrets: true,
  })
  const [source, ...others] = config.sources
  if (source === undefined || others.length > 0) {
    throw new UnsiloError('CONFIG_INVALID', `${path}: a folder of recordings has exactly one source.`)
  }
  return { folder, source, approvals: config.approvals, synonyms: config.synonyms, steps: await readSteps(folder) }
}

export async function readSteps(folder: string): Promise<readonly Step[]> {
  const names = (await readdir(folder)).filter((name) => RECORDING.test(name))
  names.sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10) || (a < b ? -1 : 1))
  return names.map((name) => ({ name: name.slice(0, -'.http.json'.length), path: join(folder, name) }))
}

/** One step of the story, synced into the store. */
export async function replayStep(
  scenario: Scenario,
  step: Step,
  store: Store,
  options: Pick<SyncOptions, 'signal' | 'now' | 'runId' | 'full' | 'dryRun' | 'allowed' | 'onProgress'>,
): Promise<Replayed> {
  const replay = replayingFetch(parseRecording(await readFile(step.path, 'utf8'), step.path))
  const { source, approvals } = scenario
  const { name, connector, config, access, redact } = source
  const loop = { ...options, source: name, connector, config, access, redact, approvals }
  const report = await syncSource({ ...loop, store, fetch: replay.fetch })
  return { report, unused: replay.unused() }
}

async function entriesBelow(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder, { recursive: true })
  } catch (cause) {
    throw new UnsiloError('USAGE', `${folder}: is not a folder that can be read.`, { cause })
  }
}

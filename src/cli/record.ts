/** `unsilo record`: one run's answers of one source, kept as the next step of a scenario. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { dump } from 'js-yaml'
import { DEFAULT_CONFIG } from '../config/schema.ts'
import type { SourceConfig } from '../config/source.ts'
import { UnsiloError } from '../core/errors.ts'
import type { Json, Store } from '../core/types.ts'
import { createFetch } from '../http/fetch.ts'
import { formatRecording, type Recording, recordingFetch } from '../http/record.ts'
import { openMemory } from '../indexes/memory.ts'
import { syncSource } from '../sync/sync.ts'
import type { Io } from './io.ts'
import type { RecordOptions } from './options.ts'
import { counted, json, note, say } from './output.ts'
import { readScenario, readSteps, replayStep, type Scenario } from './scenario.ts'
import { openConfig } from './setup.ts'

/** Nothing is kept of a run that failed: a recording is of a good one. */
export async function runRecord(options: RecordOptions, io: Io): Promise<number> {
  const config = await openConfig(options, io, [options.source])
  const source = config.sources[0] as SourceConfig
  const folder = resolve(io.cwd, options.dir)
  await mkdir(folder, { recursive: true })
  const earlier = await earlierSteps(folder, source)
  const store = openMemory()
  for (const step of earlier?.steps ?? [])
    await replayStep(earlier as Scenario, step, store, loopOptions(io, step.name))
  const recording = await recordRun(source, store, io)
  const number = (earlier?.steps.length ?? 0) + 1
  const file = join(folder, `${number}-${number === 1 ? 'first' : 'recorded'}.http.json`)
  await writeFile(join(folder, DEFAULT_CONFIG), scenarioConfig(source))
  await writeFile(file, withoutSecrets(formatRecording(recording), source.secrets))
  const shown = relative(io.cwd, file)
  if (options.json) {
    json(io, { type: 'recording', source: source.name, file: shown, requests: recording.exchanges.length })
    return 0
  }
  say(io, shown)
  note(
    io,
    `${counted(recording.exchanges.length, 'answer')} kept. They hold what the source said: read them before you commit.`,
  )
  note(io, `Then: unsilo test ${options.dir} --update`)
  return 0
}

/** The index as it stood after the steps already recorded, so that the new step asks what a real run would ask. */
async function earlierSteps(folder: string, source: SourceConfig): Promise<Scenario | null> {
  if ((await readSteps(folder)).length === 0) return null
  const scenario = await readScenario(folder)
  if (scenario.source.name === source.name) return scenario
  throw new UnsiloError('USAGE', `${folder} holds recordings of ${scenario.source.name}, not of ${source.name}.`, {
    hint: 'Record into another folder.',
  })
}

async function recordRun(source: SourceConfig, store: Store, io: Io): Promise<Recording> {
  const recorder = recordingFetch(createFetch({ signal: io.signal, fetch: io.fetch }))
  const { name, connector, config, access } = source
  const report = await syncSource({
    ...loopOptions(io, 'record'),
    source: name,
    connector,
    config,
    access,
    store,
    fetch: recorder.fetch,
  })
  if (report.error !== null) throw report.error
  const [failed] = report.failed
  if (failed === undefined) return recorder.recording()
  throw new UnsiloError(
    'PARTIAL',
    `${counted(report.failed.length, 'document')} failed, ${failed.id} first: ${failed.reason}`,
    {
      hint: 'Nothing was recorded.',
    },
  )
}

function loopOptions(io: Io, runId: string) {
  const allowed = { deletes: Number.MAX_SAFE_INTEGER, wider: Number.MAX_SAFE_INTEGER }
  return { signal: io.signal, now: io.now, runId, full: false, dryRun: false, allowed }
}

/** The source as it was written, its secrets still references. */
function scenarioConfig(source: SourceConfig): string {
  return dump({ sources: { [source.name]: source.raw as Json } }, { lineWidth: -1, noRefs: true })
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) clean = clean.replaceAll(JSON.stringify(secret).slice(1, -1), '***')
  return clean
}

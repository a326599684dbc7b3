/** `unsilo record`: one run's answers of one source, kept as the next step of a scenario. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { dump } from 'js-yaml'
import { DEFAULT_CONFIG } from '../config/schema.ts'
import type { SourceConfig } from '../config/source.ts'
import { UnsiloError } from '../core/errors.ts'
import type { Store } from '../core/store.ts'
import { createFetch } from '../http/fetch.ts'
import { formatRecording, type Recording, recordingFetch, replayingFetch } from '../http/record.ts'
import { openMemory } from '../indexes/memory/memory.ts'
import { syncSource } from '../sync/sync.ts'
import type { Io } from './io.ts'
import type { RecordOptions } from './options.ts'
import { counted, json, note, say } from './output.ts'
import { createProgress } from './progress.ts'
import { readScenario, readSteps, replayStep, type Scenario, type Step } from './scenario.ts'
import { namingPeople, recordingPolicy, scrubRecording } from './scrub.ts'
import { exists, openConfig } from './setup.ts'

/** Nothing is kept of a run that failed: a recording is of a good one. Nothing is written before its personal data is out. */
export async function runRecord(options: RecordOptions, io: Io): Promise<number> {
  const config = await openConfig(options, io, [options.source])
  const source = config.sources[0] as SourceConfig
  const policy = recordingPolicy(source.connector, source.redact)
  const folder = resolve(io.cwd, options.dir)
  const earlier = await earlierSteps(folder, source)
  const store = openMemory()
  for (const step of earlier?.steps ?? []) await retell(earlier as Scenario, step, store, io)
  const told = await recordRun(source, store, options, io)
  const recording =
    policy === null ? told.recording : scrubRecording(told.recording, source.connector, policy, told.people)
  if (policy !== null) await proveReplay(source, recording, earlier, io)
  const number = (earlier?.steps.length ?? 0) + 1
  const file = join(folder, `${number}-${number === 1 ? 'first' : 'recorded'}.http.json`)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, DEFAULT_CONFIG), scenarioConfig(source))
  await writeFile(file, withoutSecrets(formatRecording(recording), source.secrets))
  report(source, relative(io.cwd, file), recording, options, io)
  return 0
}

function report(source: SourceConfig, file: string, { exchanges }: Recording, options: RecordOptions, io: Io): void {
  if (options.json) json(io, { type: 'recording', source: source.name, file, requests: exchanges.length })
  else say(io, file)
  if (options.json || options.quiet) return
  const what = recordingPolicy(source.connector, source.redact) === null ? 'what the source said' : PLACEHOLDERS
  note(io, `${counted(exchanges.length, 'answer')} kept. They hold ${what}: read them before you commit.`)
  note(io, `Then: unsilo test ${options.dir} --update`)
}

const PLACEHOLDERS = 'placeholders for the personal data that was recognised'

/** What the folder tells already; null where it tells nothing. */
async function earlierSteps(folder: string, source: SourceConfig): Promise<Scenario | null> {
  if (!(await exists(folder)) || (await readSteps(folder)).length === 0) return null
  const scenario = await readScenario(folder)
  if (scenario.source.name === source.name) return scenario
  throw new UnsiloError('USAGE', `${folder} holds recordings of ${scenario.source.name}, not of ${source.name}.`, {
    hint: 'Record into another folder.',
  })
}

/** The index as it stood after a step already recorded, so that the new one asks what a real run would ask. */
async function retell(scenario: Scenario, step: Step, store: Store, io: Io): Promise<void> {
  const { report } = await replayStep(scenario, step, store, loopOptions(io, step.name))
  if (report.error === null) return
  const { code, message } = report.error
  throw new UnsiloError(code, `The earlier step ${step.name} can't be replayed: ${message}`, {
    hint: 'Nothing was recorded. Record the story anew, into an empty folder.',
    cause: report.error,
  })
}

/** Placeholders may stand where the connector wants something else: that is found out before anything is written. */
async function proveReplay(
  source: SourceConfig,
  recording: Recording,
  earlier: Scenario | null,
  io: Io,
): Promise<void> {
  const store = openMemory()
  for (const step of earlier?.steps ?? []) await retell(earlier as Scenario, step, store, io)
  const replay = replayingFetch(recording)
  const { name, connector, config, access, redact } = source
  const loop = { ...loopOptions(io, 'replay'), source: name, connector, config, access, redact, store }
  const { error, failed } = await syncSource({ ...loop, fetch: replay.fetch })
  const reason = error?.message ?? failed[0]?.reason ?? replay.unused()[0]
  if (reason === undefined) return
  throw new UnsiloError('REPLAY_MISMATCH', `Without its personal data the recording can't be replayed: ${reason}`, {
    hint: 'Nothing was recorded. Please report this with the name of the connector.',
  })
}

interface Told {
  readonly recording: Recording
  readonly people: ReadonlySet<string>
}

async function recordRun(source: SourceConfig, store: Store, options: RecordOptions, io: Io): Promise<Told> {
  const display = await createProgress(io, options)
  const { name, config, access, redact } = source
  const people = new Set<string>()
  const connector = namingPeople(source.connector, (named) => {
    for (const person of named) people.add(person)
  })
  const fetch = createFetch({ signal: io.signal, fetch: io.fetch, onWait: (wait) => display.wait(wait) })
  const recorder = recordingFetch(display.counting(name, fetch))
  const loop = {
    ...loopOptions(io, 'record'),
    source: name,
    connector,
    config,
    access,
    redact,
    store,
    fetch: recorder.fetch,
  }
  const { error, failed } = await syncSource({ ...loop, onProgress: (step) => display.update(name, step) })
  display.stop()
  if (error !== null) throw error
  const [first] = failed
  if (first === undefined) return { recording: recorder.recording(), people }
  throw new UnsiloError('PARTIAL', `${counted(failed.length, 'document')} failed, ${first.id} first: ${first.reason}`, {
    hint: 'Nothing was recorded.',
  })
}

function loopOptions(io: Io, runId: string) {
  const allowed = { deletes: Number.MAX_SAFE_INTEGER, wider: Number.MAX_SAFE_INTEGER }
  return { signal: io.signal, now: io.now, runId, full: false, dryRun: false, allowed }
}

function scenarioConfig(source: SourceConfig): string {
  return dump({ sources: { [source.name]: source.raw } }, { lineWidth: -1, noRefs: true })
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) clean = clean.replaceAll(JSON.stringify(secret).slice(1, -1), '***')
  return clean
}

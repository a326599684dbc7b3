/** `unsilo check`: tries what a run would need, one line each, and says what to do about what fails. */
import { randomUUID } from 'node:crypto'
import type { Config } from '../config/load.ts'
import { asUnsiloError, UnsiloError } from '../core/errors.ts'
import { plain, plainLine } from '../core/plain.ts'
import { checkIndex, repair } from './check-index.ts'
import { checkSource } from './check-source.ts'
import { createHeartbeat } from './heartbeat.ts'
import type { Io } from './io.ts'
import type { CheckOptions, CommonOptions } from './options.ts'
import { counted, json, say, styled } from './output.ts'
import { configPath, exists, openConfig, openHeartbeatUrl, openOutline } from './setup.ts'

export interface Result {
  readonly name: string
  readonly message: string
  /** What a person may want to look into although nothing failed. */
  readonly advice?: string
  /** Null when all is well. */
  readonly error: UnsiloError | null
}

/** The exit code of the worst failure: the highest. */
export async function runCheck(options: CheckOptions, io: Io): Promise<number> {
  if (options.repair) return await repair((await openOutline(options, io)).index, options, io)
  const results: Result[] = []
  const add = (result: Result): void => {
    results.push(result)
    report(result, options, io)
  }
  const config = await checkConfig(options, io, add)
  for (const source of config?.sources ?? []) for (const result of await checkSource(source, options, io)) add(result)
  if (config !== null) for (const result of await checkHeartbeat(options, io)) add(result)
  const index = config?.index ?? (await indexAnyway(options, io))
  const configured = config?.sources.map(({ name }) => name) ?? null
  if (index !== null) add(await attempt('index', () => checkIndex({ index, configured }, options, io)))
  if (io.signal.aborted) throw new UnsiloError('INTERRUPTED', 'Interrupted.', { hint: 'Nothing was changed.' })
  return Math.max(0, ...results.map(({ error }) => error?.exit ?? 0))
}

async function checkConfig(options: CommonOptions, io: Io, add: (result: Result) => void): Promise<Config | null> {
  try {
    const config = await openConfig(options, io)
    add({ name: 'configuration', message: `${config.path}: ${counted(config.sources.length, 'source')}`, error: null })
    return config
  } catch (thrown) {
    add({ name: 'configuration', message: '', error: asUnsiloError(thrown) })
    return null
  }
}

/** Not asked: it would say that a sync started. */
async function checkHeartbeat(options: CommonOptions, io: Io): Promise<readonly Result[]> {
  try {
    const url = await openHeartbeatUrl(options, io)
    if (url === null) return []
    createHeartbeat(url, randomUUID(), io)
    return [{ name: 'heartbeat', message: 'an address is set; it was not asked', error: null }]
  } catch (thrown) {
    return [{ name: 'heartbeat', message: '', error: asUnsiloError(thrown) }]
  }
}

/** A missing credential is no reason not to look at the index. */
async function indexAnyway(options: CommonOptions, io: Io): Promise<string | null> {
  if (options.index === undefined && !(await exists(configPath(options, io)))) return null
  return await openOutline(options, io).then(
    ({ index }) => index,
    () => null,
  )
}

async function attempt(name: string, work: () => Promise<Pick<Result, 'message' | 'advice'>>): Promise<Result> {
  try {
    return { name, ...(await work()), error: null }
  } catch (thrown) {
    return { name, message: '', error: asUnsiloError(thrown) }
  }
}

function report({ name, message, advice, error }: Result, options: CommonOptions, io: Io): void {
  const text = error?.message ?? message
  const hint = error?.hint ?? advice
  if (options.json) {
    json(io, { type: 'check', name, ok: error === null, message: text, ...(hint === undefined ? {} : { hint }) })
    return
  }
  const verdict = error === null ? verdictOf(advice, io) : styled(io, 'red', 'FAIL')
  const lines = plain(text).split('\n').join('\n      ')
  say(io, `${verdict}  ${name}: ${lines}${hint === undefined ? '' : ` (${plainLine(hint)})`}`)
}

function verdictOf(advice: string | undefined, io: Io): string {
  return advice === undefined ? styled(io, 'green', 'ok  ') : styled(io, 'yellow', 'look')
}

/** `unsilo check`: tries what a run would need, one line each, and says what to do about what fails. */
import { randomUUID } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Config } from '../config/load.ts'
import type { SourceConfig } from '../config/source.ts'
import { asUnsiloError, UnsiloError } from '../core/errors.ts'
import { createFetch } from '../http/fetch.ts'
import { search } from '../query/search.ts'
import type { Io } from './io.ts'
import type { CommonOptions } from './options.ts'
import { counted, json, plain, plainLine, say, styled } from './output.ts'
import { createProgress, type ProgressDisplay } from './progress.ts'
import { configPath, exists, indexFile, openConfig, openForReading, openOutline } from './setup.ts'

interface Result {
  readonly name: string
  readonly message: string
  /** Null when all is well. */
  readonly error: UnsiloError | null
}

/** The exit code of the worst failure: the highest. */
export async function runCheck(options: CommonOptions, io: Io): Promise<number> {
  const results: Result[] = []
  const add = (result: Result): void => {
    results.push(result)
    report(result, options, io)
  }
  const config = await checkConfig(options, io, add)
  for (const source of config?.sources ?? []) for (const result of await checkSource(source, options, io)) add(result)
  const index = config?.index ?? (await indexAnyway(options, io))
  if (index !== null) add(await attempt('index', () => checkIndex(index)))
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

/** A missing credential is no reason not to look at the index. */
async function indexAnyway(options: CommonOptions, io: Io): Promise<string | null> {
  if (options.index === undefined && !(await exists(configPath(options, io)))) return null
  return await openOutline(options, io).then(
    ({ index }) => index,
    () => null,
  )
}

/** Of one source: enough to have met every kind of request, where its first document comes late. */
const ENOUGH_ANSWERS = 200

/**
 * Asks the source until it has told of one document, or has answered often. A refused credential is told from what the
 * account lacks the right to see, and both from a source that can't be reached.
 */
async function checkSource(source: SourceConfig, options: CommonOptions, io: Io): Promise<readonly Result[]> {
  const credentials = { name: `${source.name} credentials`, message: 'accepted', error: null }
  const permissions = { name: `${source.name} permissions`, message: '', error: null }
  const asked = { answers: 0 }
  const display = await createProgress(io, options)
  try {
    const seen = await firstSight(source, asked, display, io)
    return [
      credentials,
      seen === null ? { ...permissions, error: nothingSeen(source) } : { ...permissions, message: seen },
    ]
  } catch (thrown) {
    const error = asUnsiloError(thrown)
    if (error.status === 403 || asked.answers > 0) return [credentials, { ...permissions, error }]
    if (error.code === 'AUTH_REJECTED') return [{ ...credentials, error }]
    return [{ name: `${source.name} connection`, message: '', error }]
  } finally {
    display.stop()
  }
}

/** In words, what the account can see; null for nothing at all. Counts the good answers in `asked`. */
async function firstSight(
  source: SourceConfig,
  asked: { answers: number },
  display: ProgressDisplay,
  io: Io,
): Promise<string | null> {
  const { connector, config, access } = source
  const enough = new AbortController()
  const signal = AbortSignal.any([io.signal, enough.signal])
  const inner = display.counting(source.name, createFetch({ signal, fetch: io.fetch }))
  const fetch: typeof inner = async (input, init) => {
    const answer = await inner(input, init)
    if (answer.ok) asked.answers += 1
    if (asked.answers >= ENOUGH_ANSWERS) enough.abort()
    return answer
  }
  try {
    for await (const change of connector.pull({ config, access, fetch, signal, now: io.now }, null)) {
      if (change.type === 'upsert') return `can read, for example, ${JSON.stringify(plainLine(change.head.title))}`
    }
    return null
  } catch (thrown) {
    if (!enough.signal.aborted || io.signal.aborted) throw thrown
    return `${ENOUGH_ANSWERS} requests answered, none refused`
  } finally {
    enough.abort()
  }
}

function nothingSeen({ name }: SourceConfig): UnsiloError {
  return new UnsiloError('AUTH_REJECTED', `The account of ${name} sees no document.`, {
    hint: 'Give the account read access at the source, and check what the configuration includes and excludes.',
  })
}

async function checkIndex(index: string): Promise<string> {
  const file = indexFile(index)
  if (file !== null && !(await exists(file))) return await checkFolder(file)
  const store = await openForReading(index)
  try {
    const sources = await store.sources()
    const stats = await Promise.all(sources.map((source) => store.stats(source)))
    await search(store, { text: 'index', as: [], limit: 1 })
    const documents = stats.reduce((sum, one) => sum + one.documents, 0)
    return `${file ?? index}: ${counted(documents, 'document')} of ${counted(sources.length, 'source')}`
  } finally {
    await store.close()
  }
}

/** Proved by writing there, which is what a first run does. */
async function checkFolder(file: string): Promise<string> {
  const probe = join(dirname(file), `.unsilo-check-${randomUUID()}`)
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeFile(probe, '', { flag: 'wx' })
    await rm(probe)
  } catch (cause) {
    throw new UnsiloError('DISK', `${dirname(file)} can't be written.`, { hint: 'Check its permissions.', cause })
  }
  return `${file}: not made yet, its folder can be written`
}

async function attempt(name: string, work: () => Promise<string>): Promise<Result> {
  try {
    return { name, message: await work(), error: null }
  } catch (thrown) {
    return { name, message: '', error: asUnsiloError(thrown) }
  }
}

function report({ name, message, error }: Result, options: CommonOptions, io: Io): void {
  const text = error?.message ?? message
  const hint = error?.hint
  if (options.json) {
    json(io, { type: 'check', name, ok: error === null, message: text, ...(hint === undefined ? {} : { hint }) })
    return
  }
  const verdict = error === null ? styled(io, 'green', 'ok  ') : styled(io, 'red', 'FAIL')
  const lines = plain(text).split('\n').join('\n      ')
  say(io, `${verdict}  ${name}: ${lines}${hint === undefined ? '' : ` (${plainLine(hint)})`}`)
}

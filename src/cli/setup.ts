/** The configuration and the index that a command works on, from its options. */
import { realpathSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname, resolve } from 'node:path'
import type { Config, ConfigOutline } from '../config/load.ts'
import type { IntercomTarget } from '../config/publish.ts'
import { DEFAULT_CONFIG, DEFAULT_INDEX, DEFAULT_REVIEW } from '../config/schema.ts'
import type { ServeConfig } from '../config/serve.ts'
import { UnsiloError } from '../core/errors.ts'
import type { Store } from '../core/store.ts'
import type { SynonymLine } from '../core/synonyms.ts'
import type { Embedder } from '../embed/embedder.ts'
import type { FetchOptions } from '../http/fetch.ts'
import type { Io } from './io.ts'
import type { CommonOptions } from './options.ts'
import { duration, note } from './output.ts'
import { upgradeTeller } from './upgrade.ts'

type Where = Pick<CommonOptions, 'config' | 'index'>

/**
 * The whole configuration with its connectors and secrets, for commands that ask the sources. From here on the secrets
 * are never printed. `only` names the sources that are needed; none is all.
 */
export async function openConfig(options: Where, io: Io, only: readonly string[] = []): Promise<Config> {
  const [{ loadConfig }, { connectors }] = await Promise.all([
    import('../config/load.ts'),
    import('../../connectors/index.ts'),
  ])
  const path = configPath(options, io)
  const config = await loadConfig({ path, env: io.env, readFile: readText, connectors, only })
  io.hide(config.sources.flatMap(({ secrets }) => secrets))
  return { ...config, index: await location(options, io, config.index) }
}

/** The index and the sources' names, for commands that only read the index: no credential has to be set for them. */
export async function openOutline(options: Where, io: Io): Promise<ConfigOutline> {
  const { outlineConfig } = await import('../config/load.ts')
  const path = configPath(options, io)
  if (options.config === undefined && !(await exists(path))) {
    const index = await location(options, io, resolve(io.cwd, DEFAULT_INDEX))
    return { path, index, review: resolve(dirname(path), DEFAULT_REVIEW), synonyms: [], sources: [] }
  }
  const outline = await outlineConfig({ path, env: io.env, readFile: readText })
  return { ...outline, index: await location(options, io, outline.index) }
}

/** Where the configuration wants heartbeats sent, or null. Not printed from here on. */
export async function openHeartbeatUrl(options: Where, io: Io): Promise<string | null> {
  const { heartbeatUrl } = await import('../config/load.ts')
  const url = await heartbeatUrl({ path: configPath(options, io), env: io.env, readFile: readText })
  if (url !== null) io.hide([url])
  return url
}

/** Where articles without an address of their own can be read, as far as the configuration says. */
export async function openPublicUrl(options: Where, io: Io): Promise<string | undefined> {
  const path = configPath(options, io)
  if (options.config === undefined && !(await exists(path))) return undefined
  const { publicUrl } = await import('../config/load.ts')
  return await publicUrl({ path, env: io.env, readFile: readText })
}

/** What `unsilo serve` is told. Its secrets are not printed from here on. */
export async function openServe(options: Where, io: Io): Promise<ServeConfig> {
  const path = configPath(options, io)
  if (options.config === undefined && !(await exists(path))) return (await import('../config/serve.ts')).defaultServe()
  const { serveConfig } = await import('../config/load.ts')
  const config = await serveConfig({ path, env: io.env, readFile: readText })
  io.hide(config.jwt?.secrets ?? [])
  return config
}

/** Where `publish intercom` brings documents. Its token is not printed from here on. */
export async function openIntercomTarget(options: Where, io: Io): Promise<IntercomTarget> {
  const { intercomTarget } = await import('../config/load.ts')
  const path = configPath(options, io)
  const target = await intercomTarget({ path, env: io.env, readFile: readText })
  if (target === null) {
    throw new UnsiloError('CONFIG_INVALID', `${path} doesn't say what is published to Intercom.`, {
      hint: 'Add publish: with intercom: to it, as src/publish/README.md shows. Nothing was changed.',
    })
  }
  io.hide([target.token])
  return target
}

/** What makes vectors, or null. Its key is not printed from here on. */
export async function openEmbedder(
  options: Where,
  io: Io,
  network: Partial<FetchOptions> = {},
): Promise<Embedder | null> {
  const path = configPath(options, io)
  if (options.config === undefined && !(await exists(path))) return null
  const { embedderConfig } = await import('../config/load.ts')
  const config = await embedderConfig({ path, env: io.env, readFile: readText })
  if (config === null) return null
  const prefixes = { query: config.queryPrefix, passage: config.passagePrefix }
  if (config.provider === 'onnx') {
    const { onnx } = await import('../embed/onnx.ts')
    return await onnx({ ...config, prefixes, atOnce: config.batch })
  }
  if (config.apiKey !== undefined) io.hide([config.apiKey])
  const [{ openAiCompatible }, { createFetch }] = await Promise.all([
    import('../embed/openai-compatible.ts'),
    import('../http/fetch.ts'),
  ])
  const { baseUrl, model, dimensions, apiKey, batch } = config
  const fetch = createFetch({ signal: io.signal, fetch: io.fetch, ...network })
  return openAiCompatible({ baseUrl, model, dimensions, apiKey, prefixes, atOnce: batch }, fetch)
}

/** The index, opened to be read. Close it. An index that is not there is an error, never an empty one. */
export async function openForReading(index: string): Promise<Store> {
  const file = indexFile(index)
  if (file !== null && !(await exists(file))) {
    throw new UnsiloError('NOT_FOUND', `There is no index at ${file}.`, {
      hint: 'Run `unsilo sync` to make it (`unsilo init` first, where there is no configuration), or name yours with --index.',
    })
  }
  if (/^memory:/i.test(index)) {
    throw new UnsiloError('NOT_FOUND', 'An index in memory: ends with the run that filled it.', {
      hint: 'Name one on disk in the configuration or with --index.',
    })
  }
  const { openIndex } = await import('../indexes/registry.ts')
  return await openIndex(index, { mode: 'read' })
}

/** The index, opened to be asked in the sense of the configured synonyms. Close it. */
export async function openForAsking({ index, synonyms }: Pick<ConfigOutline, 'index' | 'synonyms'>): Promise<Store> {
  const lines = await synonymLines(synonyms)
  const store = await openForReading(index)
  if (lines.length === 0) return store
  const { withSynonyms } = await import('../query/synonyms.ts')
  return withSynonyms(store, lines)
}

/** What the synonyms files say. */
export async function synonymLines(files: ConfigOutline['synonyms']): Promise<readonly SynonymLine[]> {
  if (files.length === 0) return []
  const { readSynonyms } = await import('../config/synonyms.ts')
  return await readSynonyms(files, readText)
}

/** The index, opened to be read, or null where there is none yet. Close it. */
export async function openIfThere(index: string): Promise<Store | null> {
  try {
    return await openForReading(index)
  } catch (thrown) {
    const isMissing = thrown instanceof UnsiloError && thrown.code === 'NOT_FOUND'
    if (isMissing && !/^memory:/i.test(index)) return null
    throw thrown
  }
}

/**
 * The index, opened to be written: alone. Close it. While another run holds it, waits as long as it was told to, and says so.
 *
 * @param work what is done, as another writer is told
 * @param sources what is written to; absent: all that the index holds
 */
export async function openForWriting(
  index: string,
  work: string,
  options: Waiting,
  io: Io,
  sources?: readonly string[],
): Promise<Store> {
  const { openIndex } = await import('../indexes/registry.ts')
  const onUpgrade = upgradeTeller(options, io)
  const asked = { mode: 'write', holder: holderName(work, io), onUpgrade, ...(sources && { sources }) } as const
  return await patiently(options, io, (wait) => openIndex(index, { ...asked, ...wait }))
}

/** What another run may hold: while it does, waits as long as it was told to, and says so. */
export async function patiently<T>(
  { lockTimeoutMs = 0, quiet }: Waiting,
  io: Io,
  open: (wait: { readonly lockTimeoutMs?: number; readonly signal?: AbortSignal }) => Promise<T>,
): Promise<T> {
  try {
    return await open({})
  } catch (thrown) {
    if (!(thrown instanceof UnsiloError) || thrown.code !== 'LOCKED' || lockTimeoutMs === 0) throw thrown
    if (!quiet) note(io, `${thrown.message} Waiting for it, up to ${duration(lockTimeoutMs / 1000)}.`)
    return await open({ lockTimeoutMs, signal: io.signal })
  }
}

/** Who writes, as another writer is told. */
export function holderName(work: string, io: Io): string {
  return `unsilo ${work} (process ${process.pid} on ${hostname()}, since ${new Date(io.now()).toISOString()})`
}

type Waiting = Pick<CommonOptions, 'quiet'> & { readonly lockTimeoutMs: number | undefined }

/** A misspelt source name would find nothing and look like an answer. */
export async function knownSources(names: readonly string[], store: Store, outline: ConfigOutline): Promise<void> {
  if (names.length === 0) return
  const known = [...new Set([...outline.sources.map(({ name }) => name), ...(await store.sources())])].sort()
  const unknown = names.find((name) => !known.includes(name))
  if (unknown === undefined) return
  throw new UnsiloError('USAGE', `There is no source named ${JSON.stringify(unknown)}.`, {
    hint: known.length === 0 ? 'The index knows none yet.' : `Known: ${known.join(', ')}.`,
  })
}

/** The file of an index that is one, else null. */
export function indexFile(index: string): string | null {
  const [, scheme, rest] = /^([a-z][a-z0-9+]+):(.*)$/is.exec(index) ?? []
  if (scheme === undefined) return index
  return scheme === 'sqlite' ? (rest ?? null) : null
}

/** The same for every way to say where an index is: links are followed. */
export function placeOf(index: string): string {
  const file = indexFile(index)
  if (file === null) return indexName(index)
  try {
    return realpathSync(file)
  } catch {
    return file
  }
}

/** What files that belong to an index are called after: its own, or, where it is none, the one that the configuration would have. */
export function fileFor(index: string, config: string): string {
  return indexFile(index) ?? resolve(dirname(config), DEFAULT_INDEX)
}

/** For people: its file or its address, without a password. */
export function indexName(index: string): string {
  const address = addressOf(index)
  if (address === null) return indexFile(index) ?? index
  const { scheme, user, place } = address
  return `${scheme}${user === '' ? '' : `${user}@`}${place}`
}

export function configPath({ config }: Where, io: Io): string {
  return resolve(io.cwd, config ?? DEFAULT_CONFIG)
}

export async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  )
}

/** `--index` is relative to the working folder, what the configuration says to its own. */
async function location({ index }: Where, io: Io, configured: string): Promise<string> {
  if (index === '') throw new UnsiloError('USAGE', '--index names no index.')
  return index === undefined ? hidden(configured, io) : await givenIndex(index, io)
}

/** An index as it is named on the command line, relative to the working folder. Its password is not printed from here on. */
export async function givenIndex(index: string, io: Io): Promise<string> {
  const { indexLocation } = await import('../config/load.ts')
  return hidden(indexLocation(index, io.cwd), io)
}

function hidden(index: string, io: Io): string {
  const password = addressOf(index)?.password ?? ''
  if (password !== '') io.hide([password, decoded(password)])
  return index
}

/** Of an index on a server. */
function addressOf(index: string): Address | null {
  const parts = /^([a-z][a-z0-9+]+:\/\/)(?:(.*)@)?(.*)$/is.exec(index)
  if (parts === null) return null
  const [, scheme = '', who = '', place = ''] = parts
  const [user = '', ...password] = who.split(':')
  return { scheme, user, password: password.join(':'), place }
}

/** It may name several hosts, which no URL does. */
interface Address {
  readonly scheme: string
  readonly user: string
  /** As it is written. */
  readonly password: string
  readonly place: string
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

async function readText(path: string): Promise<string> {
  return await readFile(path, 'utf8')
}

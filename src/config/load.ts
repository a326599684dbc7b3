/** The configuration file and the environment made into one object, or an error that lists every problem. */
import { dirname, resolve } from 'node:path'
import { UnsiloError } from '../core/errors.ts'
import type { Json } from '../core/json.ts'
import type { Approvals } from '../core/review.ts'
import { type EmbedderConfig, resolveEmbedder } from './embedder.ts'
import { issueProblems } from './issues.ts'
import { configError, type Problem } from './problems.ts'
import { type IntercomTarget, resolveIntercom } from './publish.ts'
import { leaves, resolveReferences } from './references.ts'
import { approvalsOf, readReview } from './review.ts'
import { type FileSchema, fileSchema } from './schema.ts'
import { resolveServe, type ServeConfig } from './serve.ts'
import { inputSchema, nearest } from './shape.ts'
import { loadSource, rawSource, type SourceConfig, type SourceOptions } from './source.ts'
import { type SynonymFile, synonymFiles } from './synonyms.ts'
import { REFERENCE_FIX, tokenShape } from './tokens.ts'
import { parseYaml, type YamlFile } from './yaml.ts'

export interface Config {
  /** The file it was read from. */
  readonly path: string
  /** The index's location, its path absolute. */
  readonly index: string
  /** What the review file says. */
  readonly approvals: Approvals
  /** Their paths absolute. They may not be there. */
  readonly synonyms: readonly SynonymFile[]
  readonly sources: readonly SourceConfig[]
}

export interface LoadOptions extends SourceOptions {
  /** The file's text, where the caller has it already. */
  readonly text?: string
  /** Only these sources are resolved and returned; of the others only the shape is checked. */
  readonly only?: readonly string[]
}

export type OutlineOptions = Omit<LoadOptions, 'connectors' | 'only' | 'withoutSecrets'>

/** What can be said of a configuration without its secrets and connectors. */
export interface ConfigOutline {
  readonly path: string
  readonly index: string
  /** The review file, its path absolute. It may not be there. */
  readonly review: string
  /** Their paths absolute. They may not be there. */
  readonly synonyms: readonly SynonymFile[]
  readonly sources: readonly { readonly name: string; readonly connector: string }[]
}

/** Throws CONFIG_INVALID with every problem found, or USAGE for a name in `only` that no source has. */
export async function loadConfig(options: LoadOptions): Promise<Config> {
  const { path } = options
  const { file, yaml } = await readShape(options)
  const names = chosen(Object.keys(file.sources), options.only ?? [], path)
  const found = await Promise.all(names.map((name) => loadSource(name, rawSource(yaml.value, name), options)))
  const index = await resolveIndex(file, options)
  const review = await resolveReview(file, options)
  const problems = [...index.problems, ...review.problems, ...found.flatMap((source) => source.problems)]
  const secrets = found.flatMap((source) => source.loaded?.secrets ?? [])
  if (problems.length > 0) throw configError(path, problems, yaml.lines, secrets)
  return {
    path,
    index: index.location,
    approvals: approvalsOf(await readReview(review.location, options.readFile)),
    synonyms: synonymFiles(file.synonyms, path),
    sources: found.flatMap(({ loaded }) => (loaded === null ? [] : [loaded])),
  }
}

/** The index and the sources' names: all that reading from the index needs, so no credential has to be set for it. */
export async function outlineConfig(options: OutlineOptions): Promise<ConfigOutline> {
  const { file, yaml } = await readShape(options)
  const index = await resolveIndex(file, options)
  const review = await resolveReview(file, options)
  const problems = [...index.problems, ...review.problems]
  if (problems.length > 0) throw configError(options.path, problems, yaml.lines)
  return {
    path: options.path,
    index: index.location,
    review: review.location,
    synonyms: synonymFiles(file.synonyms, options.path),
    sources: Object.entries(file.sources).map(([name, { connector }]) => ({ name, connector })),
  }
}

/** Where a sync sends its heartbeats, a secret; null where the file names nothing. Asks for no other variable. */
export async function heartbeatUrl(options: OutlineOptions): Promise<string | null> {
  const { file, yaml } = await readShape(options)
  if (file.heartbeatUrl === undefined) return null
  const { value, problems } = await resolveReferences(file.heartbeatUrl, ['heartbeatUrl'], options)
  if (problems.length > 0) throw configError(options.path, problems, yaml.lines)
  return String(value)
}

/** The base that readers reach the server by; undefined where the file names none. Asks for no other variable. */
export async function publicUrl(options: OutlineOptions): Promise<string | undefined> {
  const { file, yaml } = await readShape(options)
  const serve: Readonly<Record<string, Parameters<typeof resolveReferences>[0]>> = Object(file.serve)
  const written = serve['publicUrl']
  if (written === undefined) return undefined
  const { value, problems } = await resolveReferences(written, ['serve', 'publicUrl'], options)
  if (problems.length > 0) throw configError(options.path, problems, yaml.lines)
  return /^https?:\/\/\S+$/.test(String(value)) ? String(value).replace(/\/+$/, '') : undefined
}

/** What makes vectors, its key resolved; null where the file names nothing. Asks for no other variable. */
export async function embedderConfig(options: OutlineOptions): Promise<EmbedderConfig | null> {
  const { file, yaml } = await readShape(options)
  const { embedder, problems } = await resolveEmbedder(file.embedder, options)
  if (problems.length > 0) throw configError(options.path, problems, yaml.lines)
  return embedder
}

/** What `serve` is told, its secrets resolved. Asks for no other variable. */
export async function serveConfig(options: OutlineOptions): Promise<ServeConfig> {
  const { file, yaml } = await readShape(options)
  const { serve, problems } = await resolveServe(file.serve, options)
  if (problems.length > 0) throw configError(options.path, problems, yaml.lines, serve.jwt?.secrets ?? [])
  return serve
}

/** Where `publish intercom` brings documents, its token resolved; null where the file names nothing. */
export async function intercomTarget(options: OutlineOptions): Promise<IntercomTarget | null> {
  const { file, yaml } = await readShape(options)
  const { target, problems } = await resolveIntercom(file.publish, options)
  if (problems.length > 0) throw configError(options.path, problems, yaml.lines, target === null ? [] : [target.token])
  return target
}

async function resolveIndex(file: FileSchema, options: OutlineOptions) {
  const { value, problems } = await resolveReferences(file.index, ['index'], options)
  return { location: indexLocation(String(value), dirname(options.path)), problems }
}

async function resolveReview(file: FileSchema, options: OutlineOptions) {
  const { value, problems } = await resolveReferences(file.review, ['review'], options)
  return { location: resolve(dirname(options.path), String(value)), problems }
}

/** A location with its path made absolute: `x.db`, `sqlite:x.db`. Other schemes stay as they are. */
export function indexLocation(location: string, folder: string): string {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+]+):(.*)$/is.exec(location) ?? []
  if (scheme === undefined) return resolve(folder, location)
  return scheme === 'sqlite' && rest !== '' ? `sqlite:${resolve(folder, rest)}` : location
}

async function readShape(options: OutlineOptions): Promise<{ file: FileSchema; yaml: YamlFile }> {
  const text = options.text ?? (await readText(options))
  const yaml = parseYaml(text, options.path)
  const problems = [...literalTokens(yaml.value as Json), ...commentTokens(text)]
  const parsed = fileSchema.safeParse(yaml.value)
  if (!parsed.success) {
    problems.push(...issueProblems(parsed.error.issues, { at: [], schema: inputSchema(fileSchema) }))
  }
  if (!parsed.success || problems.length > 0) throw configError(options.path, problems, yaml.lines)
  return { file: parsed.data, yaml }
}

async function readText({ path, readFile }: OutlineOptions): Promise<string> {
  try {
    return await readFile(path)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    const missing = code === 'ENOENT'
    const why = missing ? 'there is no such file' : code === 'EISDIR' ? 'is a folder' : "can't be read"
    throw new UnsiloError('CONFIG_INVALID', `${path}: ${why}`, {
      hint: missing
        ? 'Run `unsilo init` to write one, or name yours with --config FILE.'
        : 'Name the file with --config FILE, and check its permissions.',
      cause,
    })
  }
}

function literalTokens(value: Json): Problem[] {
  return leaves(value).flatMap(({ path, value: text }) => {
    const shape = typeof text === 'string' ? tokenShape(text) : null
    return shape === null ? [] : [{ path, message: `holds ${shape} itself; ${REFERENCE_FIX}` }]
  })
}

function commentTokens(text: string): Problem[] {
  return text.split('\n').flatMap((line, index) => {
    const comment = /(?:^|\s)#.*$/.exec(line)?.[0]
    const shape = comment === undefined ? null : tokenShape(comment)
    return shape === null ? [] : [{ path: [], message: `the comment in line ${index + 1} holds ${shape}; take it out` }]
  })
}

function chosen(names: readonly string[], only: readonly string[], path: string): readonly string[] {
  for (const name of only) {
    if (names.includes(name)) continue
    const meant = nearest(name, names)
    throw new UnsiloError('USAGE', `${path} has no source named ${name}`, {
      hint: meant === null ? `It has ${names.join(', ')}.` : `Did you mean ${meant}?`,
    })
  }
  return only.length === 0 ? names : names.filter((name) => only.includes(name))
}

/** One source of the configuration: its connector found, its secrets resolved, its own keys parsed by the connector. */
import { z } from 'zod'
import type { AccessPolicy } from '../core/access.ts'
import type { Connector, RedactPolicy } from '../core/connector.ts'
import type { Json, Schema } from '../core/json.ts'
import { type Describe, issueProblems, zodIssues } from './issues.ts'
import type { Problem } from './problems.ts'
import {
  isGoogleReference,
  isReference,
  type Leaf,
  leaves,
  mapLeaves,
  type ReferenceSources,
  resolveReferences,
} from './references.ts'
import { commonKeys, commonSchema } from './schema.ts'
import { inputSchema, isSecret, type JsonSchema, knownKeys, mayHaveLines, nearest } from './shape.ts'
import { REFERENCE_FIX, secretParts } from './tokens.ts'

/** Connectors by name, each loaded when a source asks for it. */
export type Connectors = Readonly<Record<string, () => Promise<Connector>>>

export interface SourceConfig {
  readonly name: string
  readonly connector: Connector
  /** Parsed by the connector's own schema, references resolved. */
  readonly config: unknown
  readonly access: AccessPolicy
  readonly redact: RedactPolicy
  /** As a replay needs it: what was written, credentials still as references, every other reference resolved. */
  readonly raw: Json
  /** The resolved values of the secret fields, so that whoever prints or records can take them out. */
  readonly secrets: readonly string[]
}

export interface SourceOptions extends ReferenceSources {
  readonly connectors: Connectors
  /** Credentials get a placeholder instead of the environment's value: for replays, which ask nobody. */
  readonly withoutSecrets?: boolean
}

type RawSource = { readonly [key: string]: Json }

export interface Found {
  readonly loaded: SourceConfig | null
  readonly problems: readonly Problem[]
}

const PLACEHOLDER = 'not-needed-for-a-replay'

export async function loadSource(name: string, raw: RawSource, options: SourceOptions): Promise<Found> {
  const at = ['sources', name]
  const connector = await findConnector(String(raw['connector']), options.connectors)
  if (typeof connector === 'string') {
    return { loaded: null, problems: [{ path: [...at, 'connector'], message: connector }] }
  }
  const schema = connector.config instanceof z.ZodType ? inputSchema(connector.config) : {}
  const literals = [...literalSecrets(raw, at, schema), ...strayGoogle(raw, at, schema)]
  if (literals.length > 0) return { loaded: null, problems: literals }
  const belongs = (leaf: Leaf): boolean => isCredential(schema, leaf)
  const kept = await resolveReferences(raw, at, options, (leaf) => !belongs(leaf))
  const { value, problems } =
    options.withoutSecrets === true
      ? { value: withPlaceholders(kept.value, belongs), problems: [] }
      : await resolveReferences(kept.value, at, options, belongs)
  const [common, own] = split(value)
  const access = parsed(commonSchema, common, { at, schema: inputSchema(commonSchema) })
  const config = parsed(connector.config, own, { at, schema, alsoKnown: commonKeys })
  return {
    problems: withoutRepeats(
      [...kept.problems, ...problems, ...unusable(value, at, schema)],
      [...access.problems, ...config.problems],
    ),
    loaded: {
      name,
      connector,
      config: config.value,
      access: { level: access.value?.level ?? connector.level ?? 'staff', principals: access.value?.principals ?? {} },
      redact: redactPolicy(access.value?.redact ?? connector.redact === true),
      raw: kept.value,
      secrets: options.withoutSecrets === true ? [] : secretValues(value, schema),
    },
  }
}

function redactPolicy(said: boolean | NonNullable<RedactPolicy>): RedactPolicy {
  return typeof said === 'boolean' ? (said ? { patterns: [] } : null) : said
}

/** A source as written, from a whole file whose shape is known. */
export function rawSource(value: unknown, name: string): RawSource {
  return (value as { readonly sources: Record<string, RawSource> }).sources[name] ?? {}
}

async function findConnector(name: string, connectors: Connectors): Promise<Connector | string> {
  const load = Object.hasOwn(connectors, name) ? connectors[name] : undefined
  if (load !== undefined) return await load()
  const known = Object.keys(connectors)
  const meant = nearest(name, known)
  return meant === null ? `unknown connector; known: ${known.join(', ')}` : `unknown connector; did you mean ${meant}?`
}

function literalSecrets(own: Json, at: readonly string[], schema: JsonSchema): readonly Problem[] {
  return leaves(own)
    .filter(({ path, value }) => value !== null && isSecret(schema, path) && !isReference(value))
    .map(({ path }) => ({
      path: [...at, ...path],
      message: `is a secret and must not stand in the file; ${REFERENCE_FIX}`,
    }))
}

/** A key file goes where a key file is asked for, and not to whoever else is asked with a password. */
function strayGoogle(own: Json, at: readonly string[], schema: JsonSchema): readonly Problem[] {
  return leaves(own)
    .filter(({ path, value }) => isGoogleReference(value) && !mayHaveLines(schema, path))
    .map(({ path }) => ({ path: [...at, ...path], message: 'credentials of Google don’t belong here' }))
}

/** A secret, or a reference that stands beside one: an account's name goes where its token goes. */
function isCredential(schema: JsonSchema, { path, value }: Leaf): boolean {
  if (value === null) return false
  return isSecret(schema, path) || (isReference(value) && standsBesideSecret(schema, path))
}

/** Never so at the top of a source, where its address stands too. */
function standsBesideSecret(schema: JsonSchema, path: readonly string[]): boolean {
  const parent = path.slice(0, -1)
  return parent.length > 0 && knownKeys(schema, parent).some((key) => isSecret(schema, [...parent, key]))
}

function withPlaceholders(own: Json, isReplaced: (leaf: Leaf) => boolean): Json {
  return mapLeaves(own, (leaf) => (isReplaced(leaf) ? PLACEHOLDER : leaf.value))
}

/** Said here, because what builds a request from such a value repeats it in its own message. */
function unusable(value: Json, at: readonly string[], schema: JsonSchema): readonly Problem[] {
  return leaves(value)
    .filter(({ path, value: text }) => typeof text === 'string' && isSecret(schema, path) && NO_CREDENTIAL.test(text))
    .filter(({ path }) => !mayHaveLines(schema, path))
    .map(({ path }) => ({
      path: [...at, ...path],
      message: 'refers to what no credential is: it must be the credential alone, on one line, in ASCII',
    }))
}

const NO_CREDENTIAL = /[^\x20-\x7e]/

function secretValues(value: Json, schema: JsonSchema): readonly string[] {
  return leaves(value).flatMap((leaf) =>
    typeof leaf.value === 'string' && leaf.value !== '' && isSecret(schema, leaf.path)
      ? [leaf.value, ...secretParts(leaf.value)]
      : [],
  )
}

/** Our keys and the connector's. */
function split(source: Json): readonly [common: Json, own: Json] {
  const entries = Object.entries(source as RawSource)
  const isCommon = ([key]: readonly [string, Json]): boolean => commonKeys.includes(key)
  return [Object.fromEntries(entries.filter(isCommon)), Object.fromEntries(entries.filter((entry) => !isCommon(entry)))]
}

function parsed<T>(
  schema: Schema<T>,
  input: Json,
  describe: Describe,
): { readonly value: T | null; readonly problems: readonly Problem[] } {
  try {
    return { value: schema.parse(input), problems: [] }
  } catch (thrown) {
    const issues = zodIssues(thrown)
    if (issues === null) throw thrown
    return { value: null, problems: issueProblems(issues, describe) }
  }
}

/** An unresolved reference is said once, not again by the schema that meets it. */
function withoutRepeats(unresolved: readonly Problem[], others: readonly Problem[]): readonly Problem[] {
  const said = new Set(unresolved.map(({ path }) => path.join('.')))
  return [...unresolved, ...others.filter(({ path }) => !said.has(path.join('.')))]
}

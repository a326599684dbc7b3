/** One source of the configuration: its connector found, its secrets resolved, its own keys parsed by the connector. */
import { z } from 'zod'
import type { AccessPolicy, Connector, Json, Schema } from '../core/types.ts'
import { type Describe, issueProblems, zodIssues } from './issues.ts'
import type { Problem } from './problems.ts'
import { isReference, leaves, mapLeaves, type ReferenceSources, resolveReferences } from './references.ts'
import { commonKeys, commonSchema } from './schema.ts'
import { inputSchema, isSecret, type JsonSchema, nearest } from './shape.ts'
import { REFERENCE_FIX } from './tokens.ts'

/** Connectors by name, each loaded when a source asks for it. */
export type Connectors = Readonly<Record<string, () => Promise<Connector>>>

export interface SourceConfig {
  readonly name: string
  readonly connector: Connector
  /** Parsed by the connector's own schema, references resolved. */
  readonly config: unknown
  readonly access: AccessPolicy
  /** As written, references unresolved. */
  readonly raw: Json
  /** The resolved values of the secret fields, so that whoever prints or records can take them out. */
  readonly secrets: readonly string[]
}

export interface SourceOptions extends ReferenceSources {
  readonly connectors: Connectors
  /** Secret fields get a placeholder instead of the environment's value: for replays, which ask nobody. */
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
  const literals = literalSecrets(raw, at, schema)
  if (literals.length > 0) return { loaded: null, problems: literals }
  const input = options.withoutSecrets === true ? withPlaceholders(raw, schema) : raw
  const { value, problems } = await resolveReferences(input, at, options)
  const [common, own] = split(value)
  const access = parsed(commonSchema, common, { at, schema: inputSchema(commonSchema) })
  const config = parsed(connector.config, own, { at, schema, alsoKnown: commonKeys })
  return {
    problems: withoutRepeats(problems, [...access.problems, ...config.problems]),
    loaded: {
      name,
      connector,
      config: config.value,
      access: { level: access.value?.level ?? 'staff', principals: access.value?.principals ?? {} },
      raw,
      secrets: options.withoutSecrets === true ? [] : secretValues(value, schema),
    },
  }
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

function withPlaceholders(own: Json, schema: JsonSchema): Json {
  return mapLeaves(own, ({ path, value }) => (value !== null && isSecret(schema, path) ? PLACEHOLDER : value))
}

function secretValues(value: Json, schema: JsonSchema): readonly string[] {
  return leaves(value).flatMap((leaf) =>
    typeof leaf.value === 'string' && leaf.value !== '' && isSecret(schema, leaf.path) ? [leaf.value] : [],
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

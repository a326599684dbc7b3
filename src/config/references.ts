/** `${env:NAME}`, `${file:PATH}` and `${google:…}` in the strings of a configuration: the only way a secret gets in. */
import { dirname, resolve } from 'node:path'
import type { Json } from '../core/json.ts'
import { googleCredentials } from './google.ts'
import type { Problem } from './problems.ts'

export interface ReferenceSources {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly readFile: (path: string) => Promise<string>
  /** The configuration file: `${file:…}` is relative to its folder. */
  readonly path: string
}

/** A scalar of a configuration and where it stands. */
export interface Leaf {
  readonly path: readonly string[]
  readonly value: Json
}

const REFERENCE = /\$\{([^}]*)\}/g
const ONE_REFERENCE = /^\$\{(?:env|file|google):[^}]+\}$/
export const ANY_REFERENCE_PATTERN = ONE_REFERENCE.source
export const REFERENCE_PATTERN = ANY_REFERENCE_PATTERN.replace('|google', '')

export function isReference(value: Json): boolean {
  return typeof value === 'string' && ONE_REFERENCE.test(value)
}

/** Stands for credentials that only Google may see. */
export function isGoogleReference(value: Json): boolean {
  return typeof value === 'string' && value.includes(`\${google:`)
}

/** Every scalar, in the order of the file. Depth is bounded by the YAML parser. */
export function leaves(value: Json, path: readonly string[] = []): readonly Leaf[] {
  if (value === null || typeof value !== 'object') return [{ path, value }]
  return Object.entries(value).flatMap(([key, item]) => leaves(item as Json, [...path, key]))
}

/** The same value with other scalars. Keys stay own properties whatever they are called. */
export function mapLeaves(value: Json, replace: (leaf: Leaf) => Json, path: readonly string[] = []): Json {
  if (value === null || typeof value !== 'object') return replace({ path, value })
  if (Array.isArray(value)) return value.map((item: Json, index) => mapLeaves(item, replace, [...path, String(index)]))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapLeaves(item as Json, replace, [...path, key])]),
  )
}

/** What a string says once its references are replaced, or what is wrong with one of them. */
async function resolveText(text: string, sources: ReferenceSources): Promise<{ text: string } | { problem: string }> {
  let resolved = ''
  let from = 0
  for (const match of text.matchAll(REFERENCE)) {
    const found = await resolveReference(match[1] ?? '', sources)
    if ('problem' in found) return found
    resolved += text.slice(from, match.index) + found.text
    from = match.index + match[0].length
  }
  return { text: resolved + text.slice(from) }
}

/**
 * The references of a value, or of those of its scalars that are `wanted`. A string whose reference is wrong becomes a
 * problem and stays as it is.
 */
export async function resolveReferences(
  value: Json,
  at: readonly string[],
  sources: ReferenceSources,
  wanted: (leaf: Leaf) => boolean = () => true,
): Promise<{ readonly value: Json; readonly problems: readonly Problem[] }> {
  const problems: Problem[] = []
  const texts = new Map<string, string>()
  for (const leaf of leaves(value).filter(wanted)) {
    if (typeof leaf.value !== 'string' || texts.has(leaf.value)) continue
    const found = await resolveText(leaf.value, sources)
    if ('text' in found) texts.set(leaf.value, found.text)
    else problems.push({ path: [...at, ...leaf.path], message: found.problem })
  }
  const resolved = mapLeaves(value, (leaf) =>
    typeof leaf.value === 'string' && wanted(leaf) ? (texts.get(leaf.value) ?? leaf.value) : leaf.value,
  )
  return { value: resolved, problems }
}

async function resolveReference(
  reference: string,
  sources: ReferenceSources,
): Promise<{ text: string } | { problem: string }> {
  const colon = reference.indexOf(':')
  const kind = reference.slice(0, colon)
  const name = reference.slice(colon + 1)
  if (kind === 'env' && name !== '') return fromEnvironment(name, sources)
  if (kind === 'file' && name !== '') return fromFile(name, sources)
  if (kind === 'google' && name !== '') return googleCredentials(name, sources)
  return { problem: `holds a reference of an unknown kind; write \${env:NAME} or \${file:PATH}` }
}

function fromEnvironment(name: string, { env }: ReferenceSources): { text: string } | { problem: string } {
  const text = Object.hasOwn(env, name) ? env[name] : undefined
  if (text !== undefined && text !== '') return { text }
  const state = text === undefined ? 'is not set' : 'is empty'
  return { problem: `the environment variable ${name} ${state}; set it: export ${name}=…` }
}

async function fromFile(name: string, sources: ReferenceSources): Promise<{ text: string } | { problem: string }> {
  const path = resolve(dirname(sources.path), name)
  try {
    const text = (await sources.readFile(path)).replace(/^\ufeff/, '').replace(/[\r\n]+$/, '')
    return text === '' ? { problem: `the file ${path} is empty` } : { text }
  } catch (thrown) {
    return { problem: `the file ${path} can't be read${errorCode(thrown)}` }
  }
}

function errorCode(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown ? ` (${String(thrown.code)})` : ''
}

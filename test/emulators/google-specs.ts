/** Google's Discovery documents as answer checkers. They are no part of the repository: where absent, nothing is checked. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import type { AnswerChecker } from './specs.ts'

const SPECS = resolve(import.meta.dirname, '../../../shared/specs')
const FILES = ['google-drive-v3.discovery.json', 'google-docs-v1.discovery.json']

type Schema = Record<string, unknown>

interface Method {
  readonly httpMethod: string
  readonly path: string
  readonly flatPath?: string
  readonly response?: { readonly $ref: string }
}

interface Discovery {
  readonly servicePath: string
  readonly schemas: Record<string, Schema>
  readonly resources: Record<string, { readonly methods?: Record<string, Method> }>
}

/** Says nothing that the description lacks, and leaves out what wasn't asked for. Null if the descriptions are not at hand. */
export function loadGoogleSpecs(): AnswerChecker | null {
  if (!FILES.every((file) => existsSync(join(SPECS, file)))) return null
  const checkers = FILES.map((file) => checkerOf(JSON.parse(readFileSync(join(SPECS, file), 'utf8'))))
  return {
    check(method, path, body) {
      const validate = checkers.map((find) => find(method, path)).find((found) => found !== null)
      if (!validate) return [`${method} ${path}: not in the API description`]
      if (validate(body)) return []
      return (validate.errors ?? []).map((error) => `${method} ${path}: ${error.instancePath} ${error.message}`)
    },
  }
}

function checkerOf(api: Discovery): (method: string, path: string) => ValidateFunction | null {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false })
  addFormats.default(ajv)
  ajv.addSchema({ $id: 'api', $defs: normalized(api.schemas) as Schema })
  const methods = Object.values(api.resources).flatMap((resource) => Object.values(resource.methods ?? {}))
  const operations = methods.map((method) => ({
    ...method,
    pattern: patternOf(`/${api.servicePath}${method.flatPath ?? method.path}`),
  }))
  // A path without parameters goes before one with them: /changes/startPageToken is no /changes/{id}.
  operations.sort((a, b) => a.path.split('{').length - b.path.split('{').length)
  return (method, path) => {
    const found = operations.find(({ pattern, httpMethod }) => httpMethod === method && pattern.test(path))
    return found?.response === undefined ? null : ajv.compile({ $ref: `api#/$defs/${found.response.$ref}` })
  }
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`)
}

const DROPPED = ['id', 'enumDescriptions', 'annotations', 'readOnly', 'deprecated', 'default', 'required', 'format']

/** Draft 3 as JSON Schema of today; an object may hold no more than its properties. */
function normalized(schemas: Record<string, Schema>): unknown {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, normalizedOne(schema)]))
}

function normalizedOne(schema: Schema): Schema {
  const plain: Schema = {}
  for (const [key, value] of Object.entries(schema)) {
    if (DROPPED.includes(key) || (key === 'type' && value === 'any')) continue
    if (key === '$ref') plain[key] = `api#/$defs/${value}`
    else if (key === 'properties') plain[key] = normalized(value as Record<string, Schema>)
    else if (key === 'items' || key === 'additionalProperties') plain[key] = normalizedOne(value as Schema)
    else plain[key] = value
  }
  if (schema['format'] === 'int64' || schema['format'] === 'uint64') plain['pattern'] = '^-?\\d+$'
  if (schema['format'] === 'date-time') plain['format'] = 'date-time'
  if ('properties' in plain && !('additionalProperties' in plain)) plain['additionalProperties'] = false
  return plain
}

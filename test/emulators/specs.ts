/**
 * The official API descriptions as answer checkers. They are not part of the repository, since not all of them may be
 * redistributed: where their folder is absent, the check is skipped.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import addFormats from 'ajv-formats'
import { load as loadYaml } from 'js-yaml'

const SPECS = resolve(import.meta.dirname, '../../../shared/specs')

export interface AnswerChecker {
  /** What is wrong with a 200 answer; an endpoint that the description lacks is wrong too. */
  check(method: string, path: string, body: unknown): string[]
}

export interface SpecChecker extends AnswerChecker {
  /** What is wrong with what was sent: also a field that the description lacks. */
  checkSent(method: string, path: string, body: unknown): string[]
}

type Schema = Record<string, unknown>

interface OpenApi {
  readonly paths: Record<
    string,
    Record<
      string,
      {
        requestBody?: { content?: Record<string, { schema?: Schema }> }
        responses: Record<string, { content?: Record<string, { schema?: Schema }> }>
      }
    >
  >
  readonly components: { readonly schemas: Record<string, Schema> }
}

export const specsMissing = `the API descriptions are not at ${SPECS}: answers of emulators are not checked against them`

/** Null if the descriptions are not at hand. */
export function loadConfluenceSpecs(): AnswerChecker | null {
  return loadSpecs([
    { file: 'confluence-cloud-v2.json', prefix: '/wiki/api/v2' },
    { file: 'confluence-cloud-v1.json', prefix: '' },
  ])
}

/** Null if the description is not at hand. */
export function loadDataCenterSpec(): AnswerChecker | null {
  return loadSpecs([{ file: 'confluence-dc-10.0.3.json', prefix: '' }])
}

/** Null if the description is not at hand. */
export function loadIntercomSpec(): SpecChecker | null {
  return loadSpecs([{ file: 'intercom-2.16.yaml', prefix: '' }])
}

/** Null if the descriptions are not at hand. */
export function loadZendeskSpecs(): AnswerChecker | null {
  return loadSpecs([
    { file: 'zendesk-help-center.yaml', prefix: '' },
    { file: 'zendesk-ticketing.yaml', prefix: '' },
  ])
}

function loadSpecs(files: readonly { readonly file: string; readonly prefix: string }[]): SpecChecker | null {
  if (!files.every(({ file }) => existsSync(join(SPECS, file)))) return null
  const checkers = files.map(({ file, prefix }) =>
    checkerOf(parseSpec(file, readFileSync(join(SPECS, file), 'utf8')), prefix),
  )
  const problems = (part: Part, method: string, path: string, body: unknown): string[] => {
    const validate = checkers.map((find) => find(part, method, path)).find((found) => found !== null)
    if (!validate) return [`${method} ${path}: not in the API description`]
    if (validate(body)) return []
    return (validate.errors ?? []).map(({ instancePath, message, params }) => {
      const field = 'additionalProperty' in params ? ` (${params['additionalProperty']})` : ''
      return `${method} ${path}: ${part}: ${instancePath} ${message}${field}`
    })
  }
  return {
    check: (method, path, body) => problems('answered', method, path, body),
    checkSent: (method, path, body) => problems('sent', method, path, body),
  }
}

type Part = 'sent' | 'answered'

function parseSpec(file: string, text: string): OpenApi {
  return (file.endsWith('.yaml') ? loadYaml(text) : JSON.parse(text)) as OpenApi
}

function checkerOf(
  api: OpenApi,
  prefix: string,
): (part: Part, method: string, path: string) => ValidateFunction | null {
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false })
  addFormats.default(ajv)
  ajv.addSchema({ $id: 'api', $defs: normalized(api.components.schemas) as Schema })
  const compiled = new Map<string, ValidateFunction>()
  const operations = Object.entries(api.paths).map(([path, methods]) => ({
    path,
    methods,
    pattern: patternOf(prefix + path),
  }))
  // A path without parameters goes before one with them: /content/scan is no /content/{id}.
  operations.sort((a, b) => a.path.split('{').length - b.path.split('{').length)

  return (part, method, path) => {
    const operation = operations.find(({ pattern, methods }) => pattern.test(path) && method.toLowerCase() in methods)
    const described = operation?.methods[method.toLowerCase()]
    const content = part === 'sent' ? described?.requestBody?.content : described?.responses['200']?.content
    const schema = content?.['application/json']?.schema
    if (operation === undefined || schema === undefined) return null
    const key = `${part} ${method} ${operation.path}`
    const validate = compiled.get(key) ?? ajv.compile(ofPart(part, schema, api))
    compiled.set(key, validate)
    return validate
  }
}

/** What is sent may hold no field that isn't described: a misspelt one would be ignored. */
function ofPart(part: Part, schema: Schema, { components }: OpenApi): Schema {
  if (part === 'answered') return normalized(schema) as Schema
  const name = String(schema['$ref']).replace('#/components/schemas/', '')
  return { ...(normalized(components.schemas[name] ?? schema) as Schema), additionalProperties: false }
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`)
}

/** OpenAPI 3.0 as JSON Schema: references rewritten, `nullable` as a type, annotations dropped. */
function normalized(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(normalized)
  if (typeof schema !== 'object' || schema === null) return schema
  const { nullable, example, discriminator, xml, ...rest } = schema as Schema
  const entries = Object.entries(rest).map(([key, value]) => [
    key,
    key === '$ref' ? reference(value) : normalized(value),
  ])
  const plain: Schema = Object.fromEntries(entries)
  if (nullable !== true) return plain
  if (Array.isArray(plain['enum'])) plain['enum'] = [...plain['enum'], null]
  return typeof plain['type'] === 'string'
    ? { ...plain, type: [plain['type'], 'null'] }
    : { anyOf: [plain, { type: 'null' }] }
}

function reference(value: unknown): string {
  return String(value).replace('#/components/schemas/', 'api#/$defs/')
}

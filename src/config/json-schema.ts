/** The configuration file described for editors: the JSON Schema that `npm run schema` writes beside this file. */
import { z } from 'zod'
import { ANY_REFERENCE_PATTERN, REFERENCE_PATTERN } from './references.ts'
import { commonSchema, fileSchema } from './schema.ts'
import { inputSchema, type JsonSchema } from './shape.ts'
import type { Connectors } from './source.ts'

/** The file's text. A source's keys follow from its `connector`. */
export async function schemaText(connectors: Connectors): Promise<string> {
  const { properties = {}, required = [] } = editorSchema(inputSchema(fileSchema))
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'unsilo.config.yaml',
    type: 'object',
    properties: {
      ...properties,
      sources: { ...asSchema(properties['sources']), additionalProperties: await anySource(connectors) },
    },
    required,
    additionalProperties: false,
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}

async function anySource(connectors: Connectors): Promise<JsonSchema> {
  const names = Object.keys(connectors)
  const choices = await Promise.all(
    Object.entries(connectors).map(async ([name, load]) => oneSource(name, (await load()).config)),
  )
  return {
    type: 'object',
    properties: { connector: { enum: names } },
    required: ['connector'],
    allOf: choices,
  }
}

/** Common keys are repeated in each choice: `additionalProperties: false` sees only the properties beside it. */
function oneSource(name: string, config: unknown): JsonSchema {
  const own = config instanceof z.ZodType ? editorSchema(inputSchema(config)) : {}
  const variants = [...(own.oneOf ?? []), ...(own.anyOf ?? [])].map(asSchema)
  return {
    if: { properties: { connector: { const: name } } },
    // biome-ignore lint/suspicious/noThenProperty: a JSON Schema keyword
    then:
      variants.length === 0 ? withCommon(name, own) : { anyOf: variants.map((variant) => withCommon(name, variant)) },
  }
}

function withCommon(name: string, own: JsonSchema): JsonSchema {
  const common = editorSchema(inputSchema(commonSchema))
  const connector = { ...asSchema(common.properties?.['connector']), const: name }
  return {
    ...own,
    properties: { ...common.properties, connector, ...own.properties },
    required: ['connector', ...(own.required ?? [])],
    additionalProperties: false,
  }
}

/** A reference may stand wherever a string has a form of its own; a secret may be nothing else. */
function editorSchema(schema: JsonSchema): JsonSchema {
  const { $schema: _, ...described } = schema
  return JSON.parse(JSON.stringify(described), (key, value: unknown) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value) || key === 'propertyNames') return value
    const part = value as JsonSchema
    if (part['secret'] === true) {
      const pattern = part['lines'] === true ? ANY_REFERENCE_PATTERN : REFERENCE_PATTERN
      return { type: 'string', pattern, description: part.description }
    }
    if (part.type !== 'string' || (part.format === undefined && part.pattern === undefined)) return part
    const { description, default: preset, ...form } = part
    return { description, default: preset, anyOf: [form, { type: 'string', pattern: '\\$\\{(?:env|file):' }] }
  })
}

function asSchema(part: JsonSchema | boolean | undefined): JsonSchema {
  return typeof part === 'object' ? part : {}
}

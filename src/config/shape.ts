/**
 * What a zod schema says about a key path: which keys are known there and whether the value is a secret. Read from the
 * schema's JSON Schema, so that unions, optionals and defaults need no case of their own.
 */
import { closest, distance } from 'fastest-levenshtein'
import { z } from 'zod'

export type JsonSchema = z.core.JSONSchema.JSONSchema

/** The JSON Schema of what a person may write. Fields marked `.meta({ secret: true })` carry `secret: true`. */
export function inputSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
}

export function isSecret(root: JsonSchema, path: readonly string[]): boolean {
  return schemasAt(root, path).some((schema) => schema['secret'] === true)
}

/** A secret that may have several lines, as a key file has: marked `.meta({ secret: true, lines: true })`. */
export function mayHaveLines(root: JsonSchema, path: readonly string[]): boolean {
  return schemasAt(root, path).some((schema) => schema['lines'] === true)
}

export function knownKeys(root: JsonSchema, path: readonly string[]): readonly string[] {
  return [...new Set(schemasAt(root, path).flatMap((schema) => Object.keys(schema.properties ?? {})))]
}

/** The known word that was probably meant, or null when none is near. */
export function nearest(word: string, known: readonly string[]): string | null {
  if (known.length === 0) return null
  const lower = word.toLowerCase()
  const best = closest(
    lower,
    known.map((candidate) => candidate.toLowerCase()),
  )
  const found = known.find((candidate) => candidate.toLowerCase() === best) ?? null
  return distance(lower, best) <= Math.max(2, Math.floor(word.length / 3)) ? found : null
}

/** Every schema that may describe the value at the path: one for each branch of the unions on the way. */
function schemasAt(root: JsonSchema, path: readonly string[]): readonly JsonSchema[] {
  let schemas = branches(root, [root])
  for (const key of path)
    schemas = branches(
      root,
      schemas.flatMap((schema) => below(schema, key)),
    )
  return schemas
}

function below(schema: JsonSchema, key: string): JsonSchema[] {
  const properties = schema.properties ?? {}
  const named = Object.hasOwn(properties, key) ? properties[key] : undefined
  const others = named === undefined ? [schema.additionalProperties, schema.items].flat() : [named]
  return others.filter(isSchema)
}

/** The schemas themselves and, for each, the alternatives it is made of. */
function branches(root: JsonSchema, schemas: readonly JsonSchema[]): readonly JsonSchema[] {
  const found = new Set<JsonSchema>()
  const left = [...schemas]
  for (let schema = left.pop(); schema !== undefined; schema = left.pop()) {
    if (found.has(schema)) continue
    found.add(schema)
    const parts = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? []), definition(root, schema)]
    for (const part of parts) if (isSchema(part)) left.push(part)
  }
  return [...found]
}

function definition(root: JsonSchema, schema: JsonSchema): unknown {
  const name = schema.$ref?.match(/^#\/\$defs\/(.+)$/)?.[1]
  return name === undefined ? undefined : root.$defs?.[name]
}

function isSchema(part: unknown): part is JsonSchema {
  return typeof part === 'object' && part !== null
}

/** What the configuration says of embeddings, and its one secret resolved. */
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import type { Json } from '../core/json.ts'
import type { Problem } from './problems.ts'
import { REFERENCE_PATTERN, type ReferenceSources, resolveReferences } from './references.ts'
import { REFERENCE_FIX } from './tokens.ts'

const count = (most: number) => z.number().int().min(1).max(most)

const batchOf = (texts: number, tokens: number) =>
  z
    .strictObject({
      texts: count(2048).default(texts).describe('Passages at a time.'),
      tokens: count(1_000_000).default(tokens).describe('Their tokens, about.'),
    })
    .prefault({})
    .describe('How much is embedded at once.')

const openAiCompatible = z.strictObject({
  provider: z.literal('openai-compatible'),
  baseUrl: z
    .string()
    .min(1)
    .describe(
      'All of the address before /embeddings: https://api.openai.com/v1, http://localhost:11434/v1 for Ollama.',
    ),
  model: z.string().min(1).describe('The model, as the service calls it. Another one: all passages are embedded anew.'),
  dimensions: count(16_384).describe("How many numbers the model's vectors have."),
  apiKey: z
    .string()
    .regex(new RegExp(REFERENCE_PATTERN), `is a secret and must not stand in the file; ${REFERENCE_FIX}`)
    .optional()
    .meta({ secret: true })
    .describe('Sent as a bearer token. Without it: none, as a service of your own may want it.'),
  queryPrefix: z.string().default('').describe('What the model wants in front of a question, such as `query: `.'),
  passagePrefix: z.string().default('').describe('What it wants in front of a passage, such as `passage: `.'),
  batch: batchOf(32, 16_000),
})

const onnx = z.strictObject({
  provider: z.literal('onnx'),
  folder: z
    .string()
    .min(1)
    .describe('Holds model.onnx (or onnx/model.onnx) and tokenizer.json: a path relative to this file.'),
  dimensions: count(16_384).describe("How many numbers the model's vectors have."),
  pooling: z
    .enum(['mean', 'first'])
    .default('mean')
    .describe("What of the tokens' vectors is the text's: their mean, or the first one, as the model's page says."),
  maxTokens: count(32_768).default(512).describe('What is behind so many tokens of a passage is not read.'),
  queryPrefix: z.string().default('').describe('What the model wants in front of a question, such as `query: `.'),
  passagePrefix: z.string().default('').describe('What it wants in front of a passage, such as `passage: `.'),
  batch: batchOf(8, 4000),
})

export const embedderSchema = z
  .discriminatedUnion('provider', [
    z.strictObject({ provider: z.literal('none').describe('Words alone find passages.') }),
    openAiCompatible,
    onnx,
  ])
  .default({ provider: 'none' })
  .describe(
    'What makes vectors of passages, so that a question finds what says the same in other words. `sync` sends it the ' +
      'stored, redacted texts, `search` the question. Without it: nothing leaves, and words alone find.',
  )

export type EmbedderConfig = z.output<typeof openAiCompatible> | z.output<typeof onnx>

export interface FoundEmbedder {
  readonly embedder: EmbedderConfig | null
  readonly problems: readonly Problem[]
}

/** Null where none is configured. */
export async function resolveEmbedder(
  configured: z.output<typeof embedderSchema>,
  sources: ReferenceSources,
): Promise<FoundEmbedder> {
  if (configured.provider === 'none') return { embedder: null, problems: [] }
  const { value, problems } = await resolveReferences(configured as Json, ['embedder'], sources)
  const embedder = value as unknown as EmbedderConfig
  if (embedder.provider === 'onnx') {
    return { embedder: { ...embedder, folder: resolve(dirname(sources.path), embedder.folder) }, problems }
  }
  return { embedder, problems: problems.length > 0 ? problems : addressProblems(embedder) }
}

function addressProblems({ baseUrl, apiKey }: z.output<typeof openAiCompatible>): Problem[] {
  const url = URL.parse(baseUrl)
  const path = ['embedder', 'baseUrl']
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return [{ path, message: 'is no address; write all of it, beginning with https:// or http://' }]
  }
  if (url.username + url.password !== '') {
    return [{ path, message: 'holds a user name or password; a key belongs into apiKey' }]
  }
  if (url.protocol === 'https:' || apiKey === undefined || isLoopback(url)) return []
  return [{ path, message: 'would send apiKey unencrypted; write https://, or leave apiKey out' }]
}

export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

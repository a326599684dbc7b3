/**
 * Embeddings over HTTP in the shape of OpenAI's API, which Ollama, Text Embeddings Inference, vLLM and most hosted models
 * speak too: https://platform.openai.com/docs/api-reference/embeddings
 */

import { UnsiloError } from '../core/errors.ts'
import { sha256 } from '../core/ids.ts'
import { safeToRepeat } from '../http/call.ts'
import { vectorsOf } from './answers.ts'
import type { BatchSize, Embedder, TextKind } from './embedder.ts'

export interface OpenAiCompatible {
  /** All before `/embeddings`. */
  readonly baseUrl: string
  readonly model: string
  readonly dimensions: number
  readonly apiKey?: string | undefined
  /** What some models want in front of a text, by what it is: `query: `, `passage: `. */
  readonly prefixes: Readonly<Record<TextKind, string>>
  readonly atOnce: BatchSize
}

/** Where a model is served is no part of its identity: it may move. */
export function openAiCompatible(config: OpenAiCompatible, fetch: typeof globalThis.fetch): Embedder {
  const { model, dimensions, prefixes, atOnce } = config
  const prefix = prefixes.passage === '' ? '' : `:${sha256(prefixes.passage).slice(0, 8)}`
  return {
    identity: `openai-compatible:${model}:${dimensions}${prefix}`,
    dimensions,
    atOnce,
    embed: async (texts, kind, signal) => {
      if (texts.length === 0) return []
      const input = texts.map((text) => `${prefixes[kind]}${text}`)
      const response = await fetch(addressOf(config), safeToRepeat(request(config, input, signal)))
      if (!response.ok) throw refusal(config, response)
      return vectorsOf(await readJson(response, config), { count: texts.length, dimensions, from: hostOf(config) })
    },
  }
}

function addressOf({ baseUrl }: OpenAiCompatible): string {
  return `${baseUrl.replace(/\/+$/, '')}/embeddings`
}

function hostOf(config: OpenAiCompatible): string {
  return new URL(addressOf(config)).host
}

function request({ model, apiKey }: OpenAiCompatible, input: readonly string[], signal: AbortSignal): RequestInit {
  return {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
    },
    body: JSON.stringify({ model, input, encoding_format: 'float' }),
    signal,
  }
}

async function readJson(response: Response, config: OpenAiCompatible): Promise<unknown> {
  try {
    return await response.json()
  } catch (cause) {
    throw new UnsiloError(
      'ANSWER_INVALID',
      `The embedder at ${hostOf(config)} answered with something else than JSON.`,
      {
        hint: 'Check `embedder.baseUrl`: it is all of the address before /embeddings, often ending in /v1.',
        cause,
      },
    )
  }
}

/** The answer's own words are left out: they may repeat the text. */
function refusal(config: OpenAiCompatible, { status }: Response): UnsiloError {
  const said = `The embedder at ${hostOf(config)} answered ${status} for the model ${config.model}`
  if (status === 401 || status === 403) {
    return new UnsiloError('AUTH_REJECTED', `${said}.`, { hint: 'Check `embedder.apiKey`.', status })
  }
  if (status === 404 || status === 405) {
    const hint = 'Check `embedder.baseUrl` (all before /embeddings, often ending in /v1) and `embedder.model`.'
    return new UnsiloError('CONFIG_INVALID', `${said}.`, { hint, status })
  }
  if (status === 400 || status === 413 || status === 422) {
    const hint = 'The text may be longer than the model takes.'
    return new UnsiloError('DOCUMENT_UNREADABLE', `${said}: it refuses the text.`, { hint, status })
  }
  return new UnsiloError('ANSWER_INVALID', `${said}.`, { hint: 'Look at what the service logs.', status })
}

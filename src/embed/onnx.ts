/**
 * A model in a folder, run in this process: `model.onnx` and `tokenizer.json`, as sentence models are published. The
 * runtime and the tokenizer are optional peer dependencies, since they are larger than all the rest.
 */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync, statSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { UnsiloError } from '../core/errors.ts'
import { sha256 } from '../core/ids.ts'
import type { BatchSize, Embedder, TextKind } from './embedder.ts'
import { loadPeers, type OnnxRuntime, type Session, type Tokenizer } from './onnx-peers.ts'
import { pooled } from './pooling.ts'

export interface OnnxModel {
  readonly folder: string
  readonly dimensions: number
  /** What of the tokens' vectors is the text's, where the model doesn't say. */
  readonly pooling: 'mean' | 'first'
  /** What is behind so many tokens is not read. */
  readonly maxTokens: number
  readonly prefixes: Readonly<Record<TextKind, string>>
  readonly atOnce: BatchSize
}

/** Where model and tokenizer stand in a folder as it is published. */
const MODEL_FILES = ['model.onnx', 'onnx/model.onnx']

/** Throws CONFIG_INVALID for a folder without a model, or where the peer dependencies are not installed. */
export async function onnx(config: OnnxModel): Promise<Embedder> {
  const { folder, dimensions, pooling, maxTokens, prefixes, atOnce } = config
  const model = MODEL_FILES.map((name) => join(folder, name)).find((path) => existsSync(path))
  if (model === undefined || !existsSync(join(folder, 'tokenizer.json'))) throw incomplete(folder)
  const peers = await loadPeers()
  const [words, settings] = [await readJson(join(folder, 'tokenizer.json')), await settingsOf(folder)]
  const tokenizer = loaded(folder, () => new peers.Tokenizer(words, settings))
  const session = await loaded(folder, () => peers.runtime.InferenceSession.create(model))
  const hash = sha256(
    `${await hashOf(model)}${JSON.stringify([words, settings, pooling, maxTokens, prefixes.passage])}`,
  )
  return {
    identity: `onnx:${hash.slice(0, 16)}:${dimensions}`,
    dimensions,
    atOnce,
    embed: async (texts, kind, signal) => {
      if (signal.aborted) throw new UnsiloError('INTERRUPTED', 'Embedding was interrupted.')
      if (texts.length === 0) return []
      const read = texts.map((text) => `${prefixes[kind]}${text}`)
      const { output, mask } = await answered(folder, () => {
        const tokens = read.map((text) => tokensOf(tokenizer, text, maxTokens))
        return run(session, peers.runtime, tokens)
      })
      return pooled(output, mask, { pooling, dimensions })
    },
  }
}

/** The last token of all stays the last one: to most models it says that the text ends. */
function tokensOf(tokenizer: Tokenizer, text: string, most: number): readonly number[] {
  const { ids } = tokenizer.encode(text)
  const last = ids.at(-1)
  if (last === undefined) return [0]
  return ids.length <= most ? ids : [...ids.slice(0, most - 1), last]
}

/** Shorter texts are filled up, and the mask says where. */
async function run(session: Session, { Tensor }: OnnxRuntime, texts: readonly (readonly number[])[]) {
  const width = Math.max(...texts.map(({ length }) => length))
  const shape = [texts.length, width]
  const ids = new BigInt64Array(texts.length * width)
  const mask = new BigInt64Array(texts.length * width)
  for (const [row, tokens] of texts.entries()) {
    for (const [at, token] of tokens.entries()) {
      ids[row * width + at] = BigInt(token)
      mask[row * width + at] = 1n
    }
  }
  const given = { input_ids: ids, attention_mask: mask, token_type_ids: new BigInt64Array(ids.length) }
  const asked = Object.entries(given).filter(([name]) => session.inputNames.includes(name))
  const feeds = Object.fromEntries(asked.map(([name, data]) => [name, new Tensor('int64', data, shape)]))
  const outputs = await session.run(feeds)
  const name = ['sentence_embedding', 'last_hidden_state'].find((known) => known in outputs)
  return { output: outputs[name ?? session.outputNames[0] ?? ''], mask: { ones: mask, width } }
}

async function settingsOf(folder: string): Promise<object> {
  const path = join(folder, 'tokenizer_config.json')
  return existsSync(path) ? await readJson(path) : {}
}

async function readJson(path: string): Promise<object> {
  const text = await readFile(path, 'utf8')
  return loaded(path, () => JSON.parse(text) as object)
}

/** Of the model and of what it keeps of its weights in files beside it, `model.onnx_data`. */
async function hashOf(model: string): Promise<string> {
  const names = (await readdir(dirname(model))).filter((name) => isOfModel(join(dirname(model), name), model)).sort()
  const hash = createHash('sha256')
  for (const name of names) {
    for await (const part of createReadStream(join(dirname(model), name))) hash.update(part as Buffer)
  }
  return hash.digest('hex')
}

/** A link to a file, too. */
function isOfModel(path: string, model: string): boolean {
  const isNamedSo = path === model || path.startsWith(`${model}_data`) || path.startsWith(`${model}.data`)
  return isNamedSo && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false)
}

/** A text that is too long for the model fails as one whose words the model has not. */
async function answered<T>(folder: string, answer: () => Promise<T>): Promise<T> {
  try {
    return await answer()
  } catch (cause) {
    throw new UnsiloError('DOCUMENT_UNREADABLE', `The model in ${folder} can't be run on this text.`, {
      hint: 'Its tokenizer may be another model’s, `maxTokens` more than it takes, or it wants more than tokens.',
      cause,
    })
  }
}

function loaded<T>(path: string, load: () => T): T {
  const failed = (cause: unknown): never => {
    throw new UnsiloError('CONFIG_INVALID', `The model in ${path} can't be loaded.`, {
      hint: 'Take the files again as they are published: they may be cut, or of a kind that is not known here.',
      cause,
    })
  }
  try {
    const value = load()
    return value instanceof Promise ? (value.catch(failed) as T) : value
  } catch (cause) {
    return failed(cause)
  }
}

function incomplete(folder: string): UnsiloError {
  return new UnsiloError('CONFIG_INVALID', `There is no model in ${folder}.`, {
    hint: 'It needs model.onnx (or onnx/model.onnx) and tokenizer.json, as sentence models are published.',
  })
}

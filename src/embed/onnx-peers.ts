/** The optional peer dependencies, as far as they are used. Named at run time: nothing else may need them. */
import { UnsiloError } from '../core/errors.ts'

export interface Tokenizer {
  encode(text: string): { readonly ids: readonly number[] }
}

export interface Output {
  readonly data: ArrayLike<number | bigint>
  readonly dims: readonly number[]
}

export interface Session {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  run(feeds: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, Output>>>
}

export interface OnnxRuntime {
  readonly InferenceSession: { create(path: string): Promise<Session> }
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: readonly number[]) => unknown
}

export interface Peers {
  readonly runtime: OnnxRuntime
  readonly Tokenizer: new (words: object, settings: object) => Tokenizer
}

const RUNTIME = 'onnxruntime-node'
const TOKENIZERS = '@huggingface/tokenizers'

/** @param load imports a package by its name */
export async function loadPeers(load: (name: string) => Promise<unknown> = (name) => import(name)): Promise<Peers> {
  try {
    const [runtime, tokenizers] = await Promise.all([load(RUNTIME), load(TOKENIZERS)])
    return { runtime: runtime as OnnxRuntime, Tokenizer: (tokenizers as Pick<Peers, 'Tokenizer'>).Tokenizer }
  } catch (cause) {
    throw new UnsiloError('CONFIG_INVALID', `A model in a folder needs ${RUNTIME} and ${TOKENIZERS}.`, {
      hint: `Install them beside unsilo: npm install --ignore-scripts ${RUNTIME} ${TOKENIZERS} (with --global, if unsilo is).`,
      cause,
    })
  }
}

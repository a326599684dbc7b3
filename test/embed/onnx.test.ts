/** A small model, made here, through the real runtime and the real tokenizer. */
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type OnnxModel, onnx } from '../../src/embed/onnx.ts'
import { loadPeers } from '../../src/embed/onnx-peers.ts'
import { temporaryFolder } from '../indexes/temporary-folder.ts'
import { WORDS, writeModel } from './small-onnx-model.ts'

const { signal } = new AbortController()

/** Each word its own direction, what texts are filled up with too; the other special ones none. */
const TABLE = WORDS.map((_, word) => WORDS.map((_, at) => (at === word && (word > 3 || word === 0) ? 1 : 0)))

test('texts become what the model says of their tokens, shorter ones no less for the longer beside them', async () => {
  const embedder = await onnx(smallModel())

  const vectors = await embedder.embed(['Refund login', 'error'], 'passage', signal)

  expect(vectors.map(said)).toEqual([{ refund: 1, log: 1, '##in': 1 }, { error: 1 }])
  expect(await embedder.embed(['error'], 'query', signal)).toEqual([vectors[1]])
  expect(await embedder.embed([], 'query', signal)).toEqual([])
})

test('what the model wants in front is read too; what is behind so many tokens is not', async () => {
  const prefixed = await onnx(smallModel({ prefixes: { query: 'error ', passage: '' } }))
  expect((await prefixed.embed(['refund'], 'query', signal)).map(said)).toEqual([{ error: 1, refund: 1 }])

  const short = await onnx(smallModel({ maxTokens: 3 }))
  expect((await short.embed(['refund twice error'], 'passage', signal)).map(said)).toEqual([{ refund: 1 }])
})

test('the first token alone, where the model is made for that', async () => {
  const table = TABLE.map((row, word) => (WORDS[word] === '[CLS]' ? row.map(() => 2) : row))
  const embedder = await onnx(smallModel({ pooling: 'first' }, table))

  expect(await embedder.embed(['refund'], 'query', signal)).toEqual([new Float32Array(WORDS.length).fill(2)])
})

test('another model file is another identity, another folder is not', async () => {
  const [one, same] = [await onnx(smallModel()), await onnx(smallModel())]
  const other = await onnx(smallModel({}, TABLE.toReversed()))

  expect(same.identity).toBe(one.identity)
  expect(other.identity).not.toBe(one.identity)
})

test.for(['tokenizer_config.json', 'model.onnx_data'])('so is another %s beside it', async (name) => {
  const written = smallModel()
  const identityWith = async (text: string) => {
    writeFileSync(join(written.folder, name), text)
    return (await onnx(written)).identity
  }

  const first = await identityWith('{"model_max_length":512}')

  expect(await identityWith('{"model_max_length":512}')).toBe(first)
  expect(await identityWith('{"model_max_length":128}')).not.toBe(first)
})

test('what else is called like the model is none of it', async () => {
  const written = smallModel()
  const { identity } = await onnx(written)
  writeFileSync(join(written.folder, 'model.onnx.bak'), 'an earlier one')
  for (const name of ['model.onnx.d', 'model.onnx_data.d']) mkdirSync(join(written.folder, name))

  expect((await onnx(written)).identity).toBe(identity)
})

test('a tokenizer of another model, whose words this one has not, is said so', async () => {
  const embedder = await onnx(smallModel({}, TABLE.slice(0, 5)))

  await expect(embedder.embed(['error'], 'query', signal)).rejects.toMatchObject({
    code: 'DOCUMENT_UNREADABLE',
    message: expect.stringContaining("can't be run on this text"),
  })
})

test('wrong dimensions, and numbers that are none, are no answer', async () => {
  const wrong = await onnx(smallModel({ dimensions: 3 }))
  await expect(wrong.embed(['refund'], 'query', signal)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })

  const broken = await onnx(
    smallModel(
      {},
      TABLE.map((row) => row.map(() => Number.NaN)),
    ),
  )
  await expect(broken.embed(['refund'], 'query', signal)).rejects.toMatchObject({ code: 'ANSWER_INVALID' })
})

test('a folder without a model, with a model that is cut, or with a broken tokenizer is a configuration error', async () => {
  await expect(onnx({ ...smallModel(), folder: temporaryFolder() })).rejects.toThrow('There is no model in')

  const cut = smallModel()
  truncateSync(join(cut.folder, 'model.onnx'), 100)
  await expect(onnx(cut)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })

  const broken = smallModel()
  writeFileSync(join(broken.folder, 'tokenizer.json'), '{"model":')
  await expect(onnx(broken)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
})

test('where the runtime is not installed, the error says what to install', async () => {
  const loading = loadPeers(async (name) => await import(`${name}-that-nobody-has`))

  await expect(loading).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    hint: expect.stringContaining('npm install --ignore-scripts onnxruntime-node @huggingface/tokenizers'),
  })
})

function smallModel(config: Partial<OnnxModel> = {}, table: readonly (readonly number[])[] = TABLE): OnnxModel {
  const folder = temporaryFolder()
  writeModel(folder, table)
  const usual = { dimensions: WORDS.length, pooling: 'mean' as const, maxTokens: 512 }
  return { folder, ...usual, prefixes: { query: '', passage: '' }, atOnce: { texts: 8, tokens: 1000 }, ...config }
}

/** The words that a vector is made of. */
function said(vector: Float32Array): Record<string, number> {
  return Object.fromEntries([...vector].flatMap((value, at) => (value === 0 ? [] : [[WORDS[at] ?? '', value]])))
}

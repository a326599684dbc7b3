/**
 * A sentence model of a few hundred bytes in a folder, as real ones are published: a table that says a vector for each of
 * its words. Written as protobuf by hand: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** A word's number is its token. Pieces of words begin with `##`. */
export const WORDS = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'refund', 'twice', 'log', '##in', 'error'] as const

/** @param table one vector a word */
export function writeModel(folder: string, table: readonly (readonly number[])[]): void {
  writeFileSync(join(folder, 'model.onnx'), model(table))
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer()))
}

function tokenizer() {
  const special = (token: string, id: number) => ({ id: token, ids: [id], tokens: [token] })
  return {
    version: '1.0',
    added_tokens: [],
    normalizer: { type: 'BertNormalizer', clean_text: true, handle_chinese_chars: true, lowercase: true },
    pre_tokenizer: { type: 'BertPreTokenizer' },
    post_processor: {
      type: 'TemplateProcessing',
      single: [
        { SpecialToken: { id: '[CLS]', type_id: 0 } },
        { Sequence: { id: 'A', type_id: 0 } },
        { SpecialToken: { id: '[SEP]', type_id: 0 } },
      ],
      pair: [],
      special_tokens: { '[CLS]': special('[CLS]', 2), '[SEP]': special('[SEP]', 3) },
    },
    decoder: { type: 'WordPiece', prefix: '##', cleanup: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(WORDS.map((word, at) => [word, at])),
    },
  }
}

const FLOAT = 1
const INT64 = 7

function model(table: readonly (readonly number[])[]): Buffer {
  const dimensions = table[0]?.length ?? 0
  const gather = [text(1, 'table'), text(1, 'input_ids'), text(2, 'last_hidden_state'), text(4, 'Gather')]
  const numbers = Buffer.from(Float32Array.from(table.flat()).buffer)
  const tensor = [number(1, table.length), number(1, dimensions), number(2, FLOAT), text(8, 'table'), bytes(9, numbers)]
  const graph = [
    message(1, gather),
    text(2, 'small'),
    message(5, tensor),
    message(11, value('input_ids', INT64, ['texts', 'tokens'])),
    message(11, value('attention_mask', INT64, ['texts', 'tokens'])),
    message(12, value('last_hidden_state', FLOAT, ['texts', 'tokens', dimensions])),
  ]
  return Buffer.concat([number(1, 8), message(7, graph), message(8, [text(1, ''), number(2, 13)])])
}

function value(name: string, type: number, dims: readonly (string | number)[]): Buffer[] {
  const shape = dims.map((dim) => message(1, [typeof dim === 'string' ? text(2, dim) : number(1, dim)]))
  return [text(1, name), message(2, [message(1, [number(1, type), message(2, shape)])])]
}

function message(field: number, parts: readonly Buffer[]): Buffer {
  return bytes(field, Buffer.concat(parts))
}

function text(field: number, said: string): Buffer {
  return bytes(field, Buffer.from(said))
}

function bytes(field: number, content: Buffer): Buffer {
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content])
}

function number(field: number, said: number): Buffer {
  return Buffer.concat([varint(field << 3), varint(said)])
}

function varint(said: number): Buffer {
  const parts: number[] = []
  for (let left = said; ; left >>>= 7) {
    if (left < 0x80) return Buffer.from([...parts, left])
    parts.push((left & 0x7f) | 0x80)
  }
}

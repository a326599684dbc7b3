/**
 * What an index is made of. Everything is in one: documents with their chunks inside, the words there are, and what runs leave
 * behind, so that a generation that is gone back to has its own cursors. Fields are strict: one that is not here is refused.
 */

/** Of the mapping; another one means: `unsilo index init` makes a new generation of it. */
export const SCHEMA = 1

export interface Meta {
  readonly schema: number
  readonly generation: number
  /** Whether it can hold vectors: its cluster had the k-NN plugin when it was made. */
  readonly vectors: boolean
}

const chosen = { type: 'keyword', ignore_above: 8000 }
/** What is shown and never searched: kept with the rest of its document, and nowhere else. */
const kept = { type: 'keyword', index: false, doc_values: false }
const number = { type: 'integer', index: false, doc_values: false }
/** How often a chunk holds each token stands behind it: https://docs.opensearch.org/latest/analyzers/token-filters/delimited-term-frequency/ */
const counted = {
  ...{ type: 'text', analyzer: 'counted', search_analyzer: 'alternatives' },
  ...{ index_options: 'freqs', norms: false, similarity: 'held' },
}

const chunk = {
  ordinal: { type: 'integer' },
  origin: { type: 'keyword' },
  words: { type: 'binary', doc_values: true },
  words_sum: { type: 'long', index: false },
  forAny: counted,
  forAll: counted,
  chunk_id: kept,
  start: number,
  end: number,
  tokens: { type: 'integer', index: false },
  headings: kept,
  text: kept,
  chunk_sum: kept,
  embedder: { type: 'keyword' },
  hash: kept,
  numbers: { type: 'binary', doc_values: true },
  vector_sum: { type: 'keyword', index: false },
}

const properties = {
  /** Whatever is stored says what it is: document, token, source, failure, skip, run. */
  type: { type: 'keyword' },
  id: { type: 'keyword' },
  source: { type: 'keyword' },
  ...{ head: kept, recipe: kept, listed: kept, edges: kept, sum: kept, has_edges: { type: 'boolean' } },
  language: { type: 'keyword' },
  chunk_count: { type: 'integer' },
  ...{ principals: chosen, kind: chosen, locale: chosen, updated: { type: 'long' }, labels: chosen },
  ...{ place: chosen, title: chosen, article: chosen, url: { type: 'keyword' } },
  ...{ losses: kept, markdown: kept, template: kept, excerpts: kept, text_sum: kept },
  chunks: { type: 'nested', properties: chunk },
  token: { type: 'keyword' },
  ...{ cursor: kept, seen: kept, policy: kept },
  ...{ code: kept, reason: kept, at: kept, version: kept, ignored: number, attempts: number },
  ...{ started_at: { type: 'keyword' }, record: kept },
}

export function mappingOf(meta: Meta) {
  return { dynamic: 'strict', _meta: { unsilo: meta }, properties }
}

export interface Shape {
  readonly shards: number
  readonly replicas: number
  readonly vectors: boolean
}

/**
 * Nothing is seen before it is to be: a batch is shown at once, when it is whole. What a chunk is worth is said of the chunk
 * alone, by the formula of all drivers: how rare a word is would let hidden documents choose.
 */
export function settingsOf({ shards, replicas, vectors }: Shape) {
  return {
    ...(vectors && { knn: true }),
    number_of_shards: shards,
    number_of_replicas: replicas,
    refresh_interval: '-1',
    gc_deletes: '10m',
    max_inner_result_window: 10_000,
    'mapping.nested_objects.limit': 100_000,
    similarity: {
      held: { type: 'scripted', script: { source: 'return query.boost * doc.freq / (doc.freq + 1.2);' } },
    },
    analysis: {
      filter: {
        counted: { type: 'delimited_term_freq', delimiter: '|' },
        each: { type: 'pattern_capture', preserve_original: false, patterns: ['([^|]+)'] },
      },
      analyzer: {
        counted: { type: 'custom', tokenizer: 'whitespace', filter: ['counted'] },
        alternatives: { type: 'custom', tokenizer: 'keyword', filter: ['each'] },
      },
    },
  }
}

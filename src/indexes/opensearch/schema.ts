/**
 * What an index is made of. Everything is in one: documents with their chunks inside, the words there are, and what runs leave
 * behind, so that a generation that is gone back to has its own cursors. Fields are strict: one that is not here is refused.
 */

import { canonicalJson, sha256 } from '../../core/ids.ts'

/** Greater in each release that needs other fields: `unsilo index init` then makes a new generation. */
export const SCHEMA = 1

export interface Meta {
  readonly schema: number
  /** `FORM` of the program that made it. */
  readonly form: string
  readonly generation: number
  /** Whether it can hold vectors: its cluster had the k-NN plugin when it was made. */
  readonly vectors: boolean
}

const chosen = { type: 'keyword', ignore_above: 8000 }
/** What is shown and never searched: kept with the rest of its document, and nowhere else. */
const kept = { type: 'keyword', index: false, doc_values: false }
/** Of heads, which every run reads: apart from the rest, too. */
const apart = { ...kept, store: true }
const number = { type: 'integer', index: false, doc_values: false }
/** How often a chunk holds each token stands behind it: https://docs.opensearch.org/latest/analyzers/token-filters/delimited-term-frequency/ */
const counted = {
  ...{ type: 'text', analyzer: 'counted', search_analyzer: 'alternatives' },
  ...{ index_options: 'freqs', norms: false, similarity: 'held' },
}

const chunk = {
  ordinal: { type: 'integer', index: false },
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
  type: { type: 'keyword', store: true },
  id: { type: 'keyword', store: true },
  source: { type: 'keyword', store: true },
  ...{ head: apart, recipe: apart, listed: apart, edges: apart, sum: apart, has_edges: { type: 'boolean' } },
  language: { type: 'keyword', store: true },
  chunk_count: { type: 'integer', store: true },
  ...{ principals: chosen, kind: chosen, locale: chosen, updated: { type: 'long' }, labels: chosen },
  ...{ place: chosen, title: chosen, article: chosen, url: { type: 'keyword' } },
  ...{ losses: kept, markdown: kept, template: kept, excerpts: kept, text_sum: kept },
  chunks: { type: 'nested', properties: chunk },
  token: { type: 'keyword' },
  ...{ cursor: kept, seen: kept, policy: kept },
  ...{ code: kept, reason: kept, at: kept, version: kept, ignored: number, attempts: number },
  ...{ started_at: { type: 'keyword' }, record: kept },
}

/**
 * What a chunk is worth is said of the chunk alone, by the formula of all drivers: how rare a word is would let hidden documents
 * choose.
 */
const similarity = {
  held: { type: 'scripted', script: { source: 'return query.boost * doc.freq / (doc.freq + 1.2);' } },
}
const analysis = {
  filter: {
    counted: { type: 'delimited_term_freq', delimiter: '|' },
    each: { type: 'pattern_capture', preserve_original: false, patterns: ['([^|]+)'] },
  },
  analyzer: {
    counted: { type: 'custom', tokenizer: 'whitespace', filter: ['counted'] },
    alternatives: { type: 'custom', tokenizer: 'keyword', filter: ['each'] },
  },
}

/** Names of all but those that embedders have. */
export const FIELDS: readonly string[] = [
  ...Object.keys(properties),
  ...Object.keys(chunk).map((name) => `chunks.${name}`),
]

/** An index of another form is another program's, whatever its schema says. */
export const FORM = sha256(canonicalJson({ properties, similarity, analysis }))

export function mappingOf(meta: Meta) {
  return { dynamic: 'strict', _meta: { unsilo: meta }, properties }
}

/**
 * Of the index beside the generations: who writes, and what publishing remembers. A note's key and its text may be of any length, so
 * that it is found by the hash of its key.
 */
export const CONTROL_FIELDS = {
  ...{ token: { type: 'long' }, leases: { type: 'object', enabled: false } },
  ...{ note: { type: 'keyword' }, key: kept, value: kept },
} as const

export interface Shape {
  readonly shards: number
  readonly replicas: number
  readonly vectors: boolean
}

/**
 * What is shown is seen whichever copy is asked: where segments are copied, as a cluster may do unless it is told otherwise, another
 * one lags behind. https://docs.opensearch.org/latest/tuning-your-cluster/availability-and-recovery/segment-replication/index/
 */
export const ON_EVERY_COPY = { 'replication.type': 'DOCUMENT' } as const

/** Nothing is seen before it is to be: a batch is shown at once, when it is whole. */
export function settingsOf({ shards, replicas, vectors }: Shape) {
  return {
    ...(vectors && { knn: true }),
    number_of_shards: shards,
    number_of_replicas: replicas,
    refresh_interval: '-1',
    gc_deletes: '10m',
    max_inner_result_window: 10_000,
    'mapping.nested_objects.limit': 100_000,
    similarity,
    analysis,
  }
}

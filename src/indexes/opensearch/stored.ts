/** A document with its chunks as OpenSearch stores it, and what of it is read again. Columns are those of every driver. */
import type { Head, IndexedChunk, IndexedDocument } from '../../core/document.ts'
import { canonicalJson, sha256 } from '../../core/ids.ts'
import { facetsOf } from '../facets.ts'
import type { ChunkRow, DocumentRow, HeadRow } from '../rows.ts'
import { standingOf } from '../standing.ts'
import { type ChunkColumns, chunkSum, headSum, textSum, wordsSum } from '../sums.ts'
import { countedIn } from './encoding.ts'
import type { VectorFields } from './vectors.ts'

/** What of a document is asked for. */
export const HEAD_FIELDS = [
  'type',
  'id',
  'source',
  'head',
  'recipe',
  'listed',
  'language',
  'edges',
  'chunk_count',
  'sum',
]
export const DOCUMENT_FIELDS = [...HEAD_FIELDS, 'losses', 'markdown', 'template', 'excerpts', 'text_sum']
export const CHUNK_FIELDS = [
  'id',
  'ordinal',
  'chunk_id',
  'start',
  'end',
  'tokens',
  'headings',
  'text',
  'origin',
  'chunk_sum',
].map((name) => (name === 'id' ? name : `chunks.${name}`))

export interface Stored extends Chosen {
  readonly type: 'document'
  readonly id: string
  readonly source: string
  readonly head: string
  readonly recipe: string
  readonly listed?: string
  readonly language: string
  readonly edges?: string
  readonly has_edges: boolean
  readonly chunk_count: number
  readonly sum: string
  readonly losses: string
  readonly markdown: string
  readonly template?: string
  readonly excerpts?: string
  readonly text_sum: string
  readonly chunks: readonly StoredChunk[]
}

/** Fields beside the head that choose documents. */
export interface Chosen {
  readonly principals: readonly string[]
  readonly kind: string
  readonly locale: string
  readonly updated?: number
  readonly labels: readonly string[]
  readonly place: string
  readonly title: string
  readonly article?: string
  readonly url: string
}

export interface StoredChunk extends Omit<ChunkColumns, 'origin'>, Partial<VectorFields> {
  readonly origin?: string
  /** Base64. */
  readonly words: string
  readonly words_sum: number
  readonly forAny: string
  readonly forAll: string
  readonly chunk_sum: string
}

/** Ids may be longer than OpenSearch's. */
export function keyOf(type: string, ...names: readonly string[]): string {
  return sha256(JSON.stringify([type, ...names]))
}

export function documentKey(id: string): string {
  return keyOf('document', id)
}

export function storedForm(document: IndexedDocument): Stored {
  const { head, source, language, losses, template, excerpts } = document
  const { id } = head
  const edges = template === undefined ? null : canonicalJson(document.edges ?? null)
  const row = {
    ...{
      id,
      source,
      head: canonicalJson(head),
      recipe: canonicalJson(document.recipe),
      listed: document.listed ?? null,
    },
    ...{ language, edges, chunks: document.chunks.length },
  }
  const text = {
    losses: canonicalJson(losses),
    markdown: document.markdown.toWellFormed(),
    template: template === undefined ? null : canonicalJson(template),
    excerpts: excerpts === undefined ? null : canonicalJson(excerpts),
  }
  return {
    type: 'document',
    ...withoutNulls({ ...row, ...text }),
    ...{ has_edges: edges !== null, chunk_count: row.chunks, sum: headSum(row), text_sum: textSum(id, text) },
    ...chosenBy(source, head, language),
    chunks: document.chunks.map((chunk) => storedChunk(id, chunk)),
  } as unknown as Stored
}

/** With another head: its text and chunks stay. */
export function withHead(stored: Stored, head: Head): Stored {
  const text = canonicalJson(head)
  const { article: _, updated: __, ...rest } = stored
  const sum = headSum({ ...headRow(stored), head: text })
  return { ...rest, head: text, sum, ...chosenBy(stored.source, head, stored.language) }
}

export function headRow(stored: Omit<Stored, 'chunks'>): HeadRow {
  const { id, source, head, recipe, listed = null, language, edges = null, chunk_count: chunks, sum } = stored
  return { id, source, head, recipe, listed, language, edges, chunks, sum }
}

export function documentRow(stored: Omit<Stored, 'chunks'>): DocumentRow {
  const { losses, markdown, template = null, excerpts = null, text_sum } = stored
  return { ...headRow(stored), losses, markdown, template, excerpts, text_sum }
}

export function chunkRow(id: string, chunk: StoredChunk): ChunkRow {
  const { ordinal, chunk_id, start, end, tokens, headings, text, origin = null, chunk_sum } = chunk
  return { id, ordinal, chunk_id, start, end, tokens, headings, text, origin, chunk_sum }
}

/** In their order. */
export function chunksIn({ chunks }: Pick<Stored, 'chunks'>): readonly StoredChunk[] {
  return [...(chunks ?? [])].sort((a, b) => a.ordinal - b.ordinal)
}

export function chosenBy(source: string, head: Head, language: string): Chosen {
  const { kind, locale, updated, labels } = facetsOf(head, language)
  const principals = head.access === 'public' ? ['public'] : [...new Set(head.access)]
  const { place, title, article } = standingOf(source, head)
  return {
    ...{ principals: principals.map(wellFormed), kind, locale: wellFormed(locale), labels: labels.map(wellFormed) },
    ...{ place: wellFormed(place), title: wellFormed(title), url: urlKey(head.url) },
    ...(updated !== null && { updated }),
    ...(article !== null && { article: wellFormed(article) }),
  }
}

/** It is looked for as a whole, however long it is. */
export function urlKey(url: string): string {
  return sha256(url)
}

function storedChunk(id: string, chunk: IndexedChunk): StoredChunk {
  const { ordinal, start, end, tokens, origin = null, terms } = chunk
  const [text, headings] = [chunk.text.toWellFormed(), JSON.stringify(chunk.headings)]
  const row = { ordinal, chunk_id: chunk.id, start, end, tokens, headings, text, origin }
  const { forAny, forAll } = countedIn(terms)
  return {
    ...{ ordinal, chunk_id: chunk.id, start, end, tokens, headings, text, forAny, forAll },
    ...(origin !== null && { origin }),
    chunk_sum: chunkSum(id, row),
    words: Buffer.from(terms.words).toString('base64'),
    words_sum: wordsSum(id, { ordinal, origin, words: terms.words }),
  }
}

function wellFormed(text: string): string {
  return text.toWellFormed()
}

function withoutNulls({ chunks: _, ...fields }: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}

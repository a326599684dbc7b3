/**
 * Which tokens there are, and how many chunks hold them, as far as somebody may read them. Counted where it is asked for; words
 * are listed beside, for each source by itself, since each has a writer of its own.
 */
import { isWord } from '../../core/letters.ts'
import type { HeldQuery, Index, Reader } from '../../core/store.ts'
import type { Write } from './bulk.ts'
import { lexemeOf } from './encoding.ts'
import type { Opened } from './open.ts'
import { NOTHING, type Query, readableBy } from './readers.ts'
import { type Aggregation, ONLY_FIELDS, search, searchEach } from './search.ts'
import { keyOf } from './stored.ts'

const DOCUMENT: Query = { term: { type: 'document' } }
const TOKEN: Query = { term: { type: 'token' } }
const MOST_LANGUAGES = 1000
const MOST_ALIKE = 10_000
/** Questions in a request. */
const SLICE = 200

/** Of words that the source did not have. */
export function tokenWrites(source: string, lexemes: Iterable<string>): Write[] {
  return [...lexemes].map((token): Write => {
    return { type: 'add', id: keyOf('token', source, token), body: { type: 'token', source, token } }
  })
}

/** Of words that no chunk of the source holds any more. */
export async function goneWrites({ db, index }: Opened, source: string, lexemes: readonly string[]): Promise<Write[]> {
  const writes: Write[] = []
  for (let at = 0; at < lexemes.length; at += SLICE) {
    const slice = lexemes.slice(at, at + SLICE)
    const bodies = slice.map((lexeme) => {
      const query = { bool: { filter: [DOCUMENT, { term: { source } }, holding([lexeme])] } }
      return { query, size: 1, terminate_after: 1, ...ONLY_FIELDS }
    })
    for (const [nth, { hits }] of (await searchEach(db, index, bodies)).entries()) {
      if (hits.hits.length === 0) writes.push({ type: 'remove', id: keyOf('token', source, slice[nth] ?? '') })
    }
  }
  return writes
}

export async function frequencies({ db, index }: Opened, terms: readonly string[]): ReturnType<Index['frequencies']> {
  const asked = [...new Set(terms)]
  const total = { query: DOCUMENT, size: 0, aggs: { chunks: { sum: { field: 'chunk_count' } } } }
  const [sum, ...counts] = await searchEach(db, index, [total, ...asked.map((term) => counting([DOCUMENT], term))])
  const of = new Map(asked.map((term, at) => [term, chunksIn(counts[at]?.aggregations)]))
  return {
    chunks: sum?.aggregations?.['chunks']?.value ?? 0,
    of: new Map(terms.map((term) => [term, of.get(term) ?? 0])),
  }
}

export async function listTokens({ db, index }: Opened, prefix: string, limit: number): Promise<readonly string[]> {
  if (limit < 1 || (prefix !== '' && !isWord(prefix))) return []
  const filter = [TOKEN, ...(prefix === '' ? [] : [{ prefix: { token: prefix } }])]
  const aggs = { tokens: { terms: { field: 'token', size: Math.trunc(limit), order: { _key: 'asc' } } } }
  const { aggregations } = await search(db, index, { query: { bool: { filter } }, size: 0, aggs })
  return keysIn(aggregations?.['tokens'])
}

/** By an automaton, as https://docs.opensearch.org/latest/query-dsl/term/fuzzy/ has it: letters swapped are one change. */
export async function listAlike({ db, index }: Opened, token: string, changes: 1 | 2): Promise<readonly string[]> {
  const fuzzy = { token: { value: token, fuzziness: changes, max_expansions: MOST_ALIKE, rewrite: 'constant_score' } }
  const query = { bool: { filter: [TOKEN, token === '' ? NOTHING : { fuzzy }] } }
  const aggs = { tokens: { terms: { field: 'token', size: MOST_ALIKE } } }
  const { aggregations } = await search(db, index, { query, size: 0, aggs })
  return keysIn(aggregations?.['tokens'])
}

export async function listLanguages({ db, index }: Opened, reader: Reader): Promise<readonly string[]> {
  const query = { bool: { filter: readableBy(reader) } }
  const aggs = { languages: { terms: { field: 'language', size: MOST_LANGUAGES, order: { _key: 'asc' } } } }
  const { aggregations } = await search(db, index, { query, size: 0, aggs })
  return keysIn(aggregations?.['languages'])
}

/** As many documents as chunks may be counted, and no more, are looked at. */
export async function countHeld(
  { db, index }: Opened,
  { tokens, most, ...reader }: HeldQuery,
): ReturnType<Index['held']> {
  const asked = [...new Set(tokens)]
  const bodies = asked.map((token) => ({ ...counting(readableBy(reader), token), ...upTo(most) }))
  const counts = (await searchEach(db, index, bodies)).map(({ aggregations }) => Math.min(most, chunksIn(aggregations)))
  const known = new Map(asked.map((token, at) => [token, counts[at] ?? 0]))
  return new Map(tokens.map((token) => [token, known.get(token) ?? 0]))
}

export async function countReadable({ db, index }: Opened, reader: Reader, most: number): Promise<number> {
  const query = { bool: { filter: [...readableBy(reader), { range: { chunk_count: { gt: 0 } } }] } }
  const aggs = { chunks: { sum: { field: 'chunk_count' } } }
  const { aggregations } = await search(db, index, { query, size: 0, ...upTo(most), aggs })
  return Math.min(most, aggregations?.['chunks']?.value ?? 0)
}

function upTo(most: number): { readonly terminate_after?: number } {
  return most < 1 ? {} : { terminate_after: Math.trunc(most) }
}

function counting(filter: readonly Query[], token: string): object {
  const held = { term: { 'chunks.forAny': lexemeOf(token) } }
  const aggs = { chunks: { nested: { path: 'chunks' }, aggs: { held: { filter: held } } } }
  return { query: { bool: { filter: [...filter, holding([lexemeOf(token)])] } }, size: 0, aggs }
}

/** A chunk that holds one of them. */
function holding(lexemes: readonly string[]): Query {
  return { nested: { path: 'chunks', score_mode: 'none', query: { terms: { 'chunks.forAny': lexemes } } } }
}

function chunksIn(aggregations: Readonly<Record<string, Aggregation>> | undefined): number {
  const held = aggregations?.['chunks']?.['held'] as { doc_count: number } | undefined
  return held?.doc_count ?? 0
}

function keysIn(aggregation: Aggregation | undefined): readonly string[] {
  return ((aggregation?.buckets ?? []) as readonly { key: string }[]).map(({ key }) => key)
}

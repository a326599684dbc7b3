/**
 * The lexical retriever: the cluster chooses chunks by the formula of all drivers, as it counts it (in 32 bits, and of a word's
 * alternatives as of one), and those are ranked by the drivers' own.
 */
import type { Candidate, LexicalQuery } from '../../core/store.ts'
import { wordsScorer } from '../lexical-score.ts'
import { byRank, fewEach } from '../memory/query.ts'
import { toCandidate } from '../rows.ts'
import { lexemeOf } from './encoding.ts'
import type { Opened } from './open.ts'
import { anyOf, type Query, readableBy } from './readers.ts'
import { type Hit, ONLY_FIELDS, search } from './search.ts'

/** Chosen beyond what is asked for: of equals another may come first once they are ranked. */
const SPARE = 10
const MOST_INNER = 10_000
const FIELDS = { any: 'chunks.forAny', all: 'chunks.forAll' } as const

/** The filter stands before ranking and limit. */
export async function searchLexical({ db, index }: Opened, query: LexicalQuery): Promise<Candidate[]> {
  const match = matching(query)
  const limit = Math.trunc(query.limit)
  if (match === null || limit < 1) return []
  const each = Math.min(query.perDocument ?? limit, limit)
  const found = await search(db, index, {
    query: { bool: { filter: readableBy(query), must: [nested(match, query, each)] } },
    size: Math.min(10_000, limit + SPARE),
    sort: [{ _score: 'desc' }, { id: 'asc' }],
    ...ONLY_FIELDS,
    docvalue_fields: ['id', 'updated'],
  })
  const score = wordsScorer(query)
  const candidates = found.hits.hits
    .flatMap((hit) => candidatesIn(hit, db.path))
    .map(({ fields: _, ...candidate }) => {
      return { ...candidate, score: score(candidate.words ?? new Uint8Array()) }
    })
  return fewEach(candidates.sort(byRank), ({ document }) => document, query.perDocument).slice(0, limit)
}

/** What a chunk must hold, and what that is worth; null where nothing can. */
function matching({ groups, weights, match }: LexicalQuery): Query | null {
  const asked = groups.map((group, at): Query | null => {
    const lexemes = [...new Set(group)].map(lexemeOf)
    const boost = weights?.[at] ?? 1
    return lexemes.length === 0 ? null : { match: { [FIELDS[match]]: { query: lexemes.join('|'), boost } } }
  })
  if (match === 'all') return asked.length === 0 || asked.includes(null) ? null : { bool: { must: asked } }
  const known = asked.filter((each) => each !== null)
  return known.length === 0 ? null : anyOf(known)
}

function nested(match: Query, { onlyInPlace = [] }: LexicalQuery, each: number): Query {
  const elsewhere = onlyInPlace.length === 0 ? [] : [{ terms: { 'chunks.origin': onlyInPlace } }]
  const inner = {
    ...{ size: Math.min(MOST_INNER, each + SPARE), sort: [{ _score: 'desc' }, { 'chunks.ordinal': 'asc' }] },
    ...ONLY_FIELDS,
    docvalue_fields: CANDIDATE_FIELDS,
  }
  return {
    nested: {
      path: 'chunks',
      score_mode: 'max',
      query: { bool: { must: [match], must_not: elsewhere } },
      inner_hits: inner,
    },
  }
}

export const CANDIDATE_FIELDS = ['chunks.ordinal', 'chunks.origin', 'chunks.words', 'chunks.words_sum']

/** A chunk that is not scored yet, and what else was asked for of it. */
export interface FoundChunk extends Candidate {
  readonly fields: NonNullable<Hit<never>['fields']>
}

/** Those of a document that was found. */
export function candidatesIn(hit: Hit<unknown>, path: string): FoundChunk[] {
  const id = String(hit.fields?.['id']?.[0])
  const updated = (hit.fields?.['updated']?.[0] as number | undefined) ?? null
  return (hit.inner_hits?.['chunks']?.hits.hits ?? []).map(({ fields = {} }) => {
    const value = (name: string) => fields[`chunks.${name}`]?.[0]
    const row = {
      ...{ id, updated, ordinal: Number(value('ordinal')), origin: (value('origin') as string | undefined) ?? null },
      ...{ words: Buffer.from(String(value('words') ?? ''), 'base64'), sum: Number(value('words_sum')) },
    }
    return { ...toCandidate({ path }, row), score: 0, fields }
  })
}

/**
 * How well Postgres's own ranking (`ts_rank`, `ts_rank_cd`) answers the shared retrieval sets, beside ours: of the same
 * tokens, here with the places where they stand. Twice: as the order of the answers, and as what chooses the passages that
 * the query core ranks, which is all that a driver decides.
 */
import pg from 'pg'
import { CORPUS, corpusId, indexCorpus } from '../../src/cli/eval-corpus.ts'
import type { Terms } from '../../src/core/document.ts'
import type { Candidate, LexicalQuery, Store } from '../../src/core/store.ts'
import { lexemeOf, queryOf } from '../../src/indexes/postgres/encoding.ts'
import type { Run, Scored } from '../../src/query/evaluation/measures.ts'
import { askedOf, lookedUp } from '../../src/query/terms.ts'
import { remake } from '../../src/sync/remake.ts'
import type { Checked } from '../conformance/index-rounds.ts'
import { answersOf, ndcgOf } from '../eval/agreement.ts'
import { readSet, SAMPLES, SETS, sampled, type TestSet } from '../eval/sets.ts'
import type { Server } from './server.ts'

const RANKS = ['ts_rank', 'ts_rank_cd'] as const
/** {D, C, B, A}: as our fields weigh. */
const WEIGHTS = '{0, 0.25, 0.5, 1}'
/** Divided by the logarithm of the length, as https://www.postgresql.org/docs/current/textsearch-controls.html has it. */
const NORMALIZATIONS = [0, 1] as const
/** Postgres knows no place beyond. */
const LAST_PLACE = 16_383
const MOST_OF_A_TOKEN = 255
const DEPTH = 10

type Unranked = Omit<Candidate, 'score'>

/** By document and ordinal. */
type Passages = ReadonlyMap<string, Unranked>

/** Printed, without a target. `questions` of each set, at most. */
export async function compareOwnRanking(server: Server, questions: number): Promise<Checked> {
  const sets = SETS.map(readSet)
  if (sets.some((set) => set === null)) return { figure: `its own ranking: skipped, no sets at ${SAMPLES}`, missed: [] }
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  try {
    const lines: string[] = []
    for (const set of sets) if (set !== null) lines.push(...(await comparedOn(client, set, questions)))
    return { figure: ["nDCG@10 by Postgres's own ranking:", ...lines].join('\n    '), missed: [] }
  } finally {
    await client.end()
  }
}

async function comparedOn(client: pg.Client, whole: TestSet, questions: number): Promise<readonly string[]> {
  const set = { ...whole, ...sampled(whole, Math.ceil(whole.questions.length / questions)) }
  const { store, remove } = await indexCorpus(set.corpus, new AbortController().signal)
  try {
    const passages = await loaded(client, store)
    const lines = [`${set.name}: ${ndcgOf(set, await answersOf(store, set)).toFixed(4)} by ours`]
    for (const name of RANKS) {
      for (const by of NORMALIZATIONS) {
        const ranked = (query: LexicalQuery) => rankedBy(client, `${name}('${WEIGHTS}', terms, $1, ${by})`, query)
        const lexical = async (query: LexicalQuery) => candidates(await ranked(query), passages)
        const chosen = ndcgOf(set, await answersOf({ ...store, lexical }, set))
        const alone = ndcgOf(set, await answersAlone(store, ranked, set))
        const rank = `${name}${by === 0 ? '' : ' divided by length'}`
        lines.push(`${set.name}: ${alone.toFixed(4)} by ${rank}, ${chosen.toFixed(4)} where it chooses what ours ranks`)
      }
    }
    return lines
  } finally {
    await remove()
  }
}

/** The words that the query core asks for, any of them; each document by the best of its passages. */
async function answersAlone(
  store: Store,
  ranked: (query: LexicalQuery) => Promise<readonly Row[]>,
  { questions }: TestSet,
): Promise<Run> {
  const run = new Map<string, Scored[]>()
  for (const { id, text } of questions) {
    const { kept } = await askedOf(store, text, { as: [] })
    const groups = kept.map(lookedUp)
    const rows = await ranked({ as: [], groups, match: 'any', perDocument: 1, limit: DEPTH })
    run.set(
      id,
      rows.map(({ document }, at) => ({ id: corpusId(document), score: rows.length - at })),
    )
  }
  return run
}

interface Row {
  readonly document: string
  readonly ordinal: number
  readonly score: number
}

async function rankedBy(
  client: pg.Client,
  score: string,
  { groups, match, perDocument, limit }: LexicalQuery,
): Promise<readonly Row[]> {
  const asked = queryOf(groups, match)
  if (asked === null) return []
  const sql = `SELECT document, ordinal, score FROM (
      SELECT *, row_number() OVER (PARTITION BY document ORDER BY score DESC, ordinal) AS place
      FROM (SELECT document, ordinal, ${score}::float8 AS score FROM pg_temp.passage WHERE terms @@ $1::tsquery) s) r
    WHERE place <= $2 ORDER BY score DESC, document, ordinal LIMIT $3`
  return (await client.query<Row>(sql, [asked, perDocument ?? 1000, limit])).rows
}

function candidates(rows: readonly Row[], passages: Passages): Candidate[] {
  return rows.flatMap(({ document, ordinal, score }) => {
    const passage = passages.get(`${document}#${ordinal}`)
    return passage === undefined ? [] : [{ ...passage, score }]
  })
}

async function loaded(client: pg.Client, store: Store): Promise<Passages> {
  await client.query(`DROP TABLE IF EXISTS pg_temp.passage;
    CREATE TEMPORARY TABLE passage (document text COLLATE "C", ordinal integer, terms tsvector)`)
  const passages = new Map<string, Unranked>()
  for (const document of (await store.stored(await store.ids(CORPUS))).values()) {
    const { head } = document
    const { chunks } = remake(document, await store.chunks(head.id))
    for (const { ordinal, terms } of chunks) {
      passages.set(`${head.id}#${ordinal}`, { document: head.id, ordinal, updated: null, words: terms.words })
    }
    const vectors = chunks.map(({ terms }) => vectorOf(terms))
    await client.query(
      `INSERT INTO pg_temp.passage SELECT $1, o, t::tsvector FROM unnest($2::int[], $3::text[]) AS n (o, t)`,
      [head.id, chunks.map(({ ordinal }) => ordinal), vectors],
    )
  }
  return passages
}

/** With the places of the tokens: title, headings and text one after the other. */
function vectorOf({ title, headings, body }: Terms): string {
  const places = new Map<string, string[]>()
  let at = 0
  for (const [tokens, weight] of [
    [title, 'A'],
    [headings, 'B'],
    [body, 'C'],
  ] as const) {
    for (const token of tokens) {
      at = Math.min(at + 1, LAST_PLACE)
      const known = places.get(token) ?? []
      if (known.length < MOST_OF_A_TOKEN) places.set(token, [...known, `${at}${weight}`])
    }
  }
  return [...places].map(([token, at]) => `'${lexemeOf(token).replace(/['\\]/g, '$&$&')}':${at.join(',')}`).join(' ')
}

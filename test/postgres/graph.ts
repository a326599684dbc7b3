/**
 * More vectors than are compared in full: the graph is built when their writer closes, in place of one that was left half-built, is
 * followed by questions, and finds nearly what comparing all of them finds, as much of it as was asked for, however little of it the
 * asker may read.
 */
import pg from 'pg'
import type { Principal } from '../../src/core/access.ts'
import type { ChunkPlace, Store } from '../../src/core/store.ts'
import { openPostgres } from '../../src/indexes/postgres/postgres.ts'
import { cosineWith, quantize } from '../../src/indexes/vectors.ts'
import { percentile } from '../../src/query/evaluation/evaluate.ts'
import { meanOf } from '../../src/query/evaluation/measures.ts'
import { mulberry32 } from '../../src/query/evaluation/significance.ts'
import type { Checked } from '../conformance/index-rounds.ts'
import { batch, sampleDocument } from '../conformance/index-samples.ts'
import { clusteredVectors } from '../indexes/clustered-vectors.ts'
import { placeIn, type Server } from './server.ts'

const MODEL = 'graph:64'
const DIMENSIONS = 64
/** Up to so many there is no graph. */
const COMPARED_IN_FULL = 20_000
const BEYOND = 2000
const CHUNKS = 10
const QUESTIONS = 40
const WANTED = 50
const LEAST_RECALL = 0.9
/** Who asks. */
const READERS: readonly (readonly [name: string, as: readonly Principal[]])[] = [
  ['who may read all', ['group:staff', 'group:some', 'user:ann']],
  ['who may read 6 %', ['group:some', 'user:ann']],
  ['who may read 1 %', ['user:ann']],
]

interface Passage extends ChunkPlace {
  readonly vector: Float32Array
}

interface Answered {
  readonly recall: number
  readonly isFull: boolean
  readonly isHidden: boolean
  readonly ms: number
}

/** @param seed of the vectors */
export async function followGraph(server: Server, seed: number): Promise<Checked> {
  const vectors = clusteredVectors(COMPARED_IN_FULL + BEYOND + QUESTIONS, DIMENSIONS, mulberry32(seed))
  const asked = vectors.slice(-QUESTIONS)
  const passages = vectors.slice(0, -QUESTIONS).map((vector, at) => ({ ...placeOf(at), vector }))
  const location = placeIn(server)
  await filled(location, passages.slice(0, COMPARED_IN_FULL))
  const missed = (await graphsIn(server, location)) === 0 ? [] : ['a graph was built of what is compared in full']
  missed.push(...(await answersIn(location, passages.slice(0, COMPARED_IN_FULL), asked, 1)).missed)

  await leftHalfBuilt(server, location)
  const begun = performance.now()
  await filled(location, passages.slice(COMPARED_IN_FULL))
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  if ((await graphsIn(server, location)) !== 1) missed.push('no graph was built in place of a half-built one')
  const { figures, missed: less } = await answersIn(location, passages, asked, LEAST_RECALL)
  const scans = await scansIn(server, location)
  if (scans === 0) missed.push('no question followed the graph')
  const short = await withShortSight(server, () => answersIn(location, passages, asked, LEAST_RECALL))
  if ((await scansIn(server, location)) < scans + asked.length)
    missed.push('a graph was not followed where it had to be')
  return {
    figure: `${passages.length} vectors: their graph was built with the last ${BEYOND} in ${seconds} s; ${figures.join('; ')}`,
    missed: [...missed, ...less, ...short.missed.map((what) => `${what}, where a graph is not followed far`)],
  }
}

/** In documents of ten passages. */
function placeOf(at: number): ChunkPlace {
  return { document: `docs:${Math.floor(at / CHUNKS)}`, ordinal: at % CHUNKS }
}

/** Of a hundred documents one is for a user, and five are for few. */
function readersOf({ document }: ChunkPlace): readonly Principal[] {
  const nth = Number(document.slice('docs:'.length)) % 100
  return [nth === 0 ? 'user:ann' : nth <= 5 ? 'group:some' : 'group:staff']
}

async function filled(location: string, passages: readonly Passage[]): Promise<void> {
  const store = await openPostgres(location)
  try {
    const ids = [...new Set(passages.map(({ document }) => document))]
    const texts = Array.from({ length: CHUNKS }, (_, ordinal) => `word ${ordinal}`)
    const put = ids.map((id) => sampleDocument(id, { texts, access: readersOf({ document: id, ordinal: 0 }) }))
    for (let at = 0; at < put.length; at += 50) await store.apply(batch('docs', { put: put.slice(at, at + 50) }))
    await embedded(store, new Map(passages.map((passage) => [keyOf(passage), passage.vector])))
  } finally {
    await store.close()
  }
}

async function embedded(store: Store, vectors: ReadonlyMap<string, Float32Array>): Promise<void> {
  for (let after: ChunkPlace | undefined; ; ) {
    const waiting = await store.unembedded(MODEL, 1000, after)
    await store.embed(
      MODEL,
      waiting.map((passage) => ({ ...passage, vector: vectors.get(keyOf(passage)) ?? new Float32Array(DIMENSIONS) })),
    )
    after = waiting.at(-1)
    if (after === undefined) return
  }
}

function keyOf({ document, ordinal }: ChunkPlace): string {
  return `${document}#${ordinal}`
}

async function answersIn(
  location: string,
  passages: readonly Passage[],
  asked: readonly Float32Array[],
  least: number,
): Promise<{ readonly figures: readonly string[]; readonly missed: readonly string[] }> {
  const store = await openPostgres(location, { mode: 'read' })
  const [figures, missed]: [string[], string[]] = [[], []]
  try {
    for (const [name, as] of READERS) {
      const readable = passages.filter((passage) => readersOf(passage).some((reader) => as.includes(reader)))
      const answers: Answered[] = []
      for (const vector of asked) answers.push(await answered(store, readable, as, vector))
      const recall = meanOf(answers.map((answer) => answer.recall))
      const ms = percentile(
        answers.map((answer) => answer.ms),
        0.5,
      )
      figures.push(`${name} finds ${(100 * recall).toFixed(1)} % of the nearest ${WANTED}, p50 ${ms.toFixed(0)} ms`)
      if (recall < least) missed.push(`${name} finds ${recall.toFixed(3)} of the nearest, not ${least}`)
      if (answers.some(({ isFull }) => !isFull)) missed.push(`${name} is answered with less than there is`)
      if (answers.some(({ isHidden }) => isHidden)) missed.push(`${name} is answered with what is hidden`)
    }
  } finally {
    await store.close()
  }
  return { figures, missed }
}

async function answered(
  store: Store,
  readable: readonly Passage[],
  as: readonly Principal[],
  vector: Float32Array,
): Promise<Answered> {
  const begun = performance.now()
  const hits = await store.nearest({ embedder: MODEL, vector, as, limit: WANTED })
  const ms = performance.now() - begun
  const cosine = cosineWith(vector)
  const exact = readable.map((passage) => cosine(quantize(passage.vector))).sort((a, b) => b - a)
  const wanted = Math.min(WANTED, exact.length)
  const known = new Set(readable.map(keyOf))
  const worst = exact[wanted - 1] ?? 1
  return {
    recall: hits.filter(({ score }) => score >= worst).length / wanted,
    isFull: hits.length === wanted,
    isHidden: hits.some((hit) => !known.has(keyOf(hit))),
    ms,
  }
}

/** What is there after a process was killed that built one: an index that holds nothing, and is not valid. */
async function leftHalfBuilt(server: Server, location: string): Promise<void> {
  const schema = new URL(location).searchParams.get('schema')
  await administered(server, async (client) => {
    await client.query(`CREATE INDEX vector_graph_1 ON ${schema}.vector
      USING hnsw ((numbers::halfvec(${DIMENSIONS})) halfvec_cosine_ops) WHERE embedder < 0`)
    await client.query(`UPDATE pg_index SET indisvalid = false WHERE indexrelid = '${schema}.vector_graph_1'::regclass`)
  })
}

/** That are whole. */
async function graphsIn(server: Server, location: string): Promise<number> {
  return await numberOf(server, location, 'count(*) FILTER (WHERE i.indisvalid)')
}

/** How often the graph was followed. */
async function scansIn(server: Server, location: string): Promise<number> {
  return await numberOf(server, location, 'coalesce(sum(idx_scan), 0)')
}

async function numberOf(server: Server, location: string, what: string): Promise<number> {
  return await administered(server, async (client) => {
    const sql = `SELECT (${what})::int AS number FROM pg_stat_user_indexes s JOIN pg_index i USING (indexrelid)
      WHERE s.schemaname = $1 AND s.indexrelname LIKE 'vector_graph%'`
    const { rows } = await client.query<{ number: number }>(sql, [new URL(location).searchParams.get('schema')])
    return rows[0]?.number ?? 0
  })
}

/** Connections made meanwhile follow the graph whatever it costs, and not far. */
async function withShortSight<T>(server: Server, work: () => Promise<T>): Promise<T> {
  const settings = ['hnsw.max_scan_tuples = 1', 'hnsw.scan_mem_multiplier = 1', 'enable_sort = off']
  const names = settings.map((setting) => setting.split(' ')[0])
  const alter = (what: string) => administered(server, (client) => client.query(`ALTER ROLE CURRENT_USER ${what}`))
  for (const setting of settings) await alter(`SET ${setting}`)
  try {
    return await work()
  } finally {
    for (const name of names) await alter(`RESET ${name}`)
  }
}

async function administered<T>(server: Server, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** The retriever by vectors, beside comparing with each of them: what it misses and what it costs. */
import { openSqlite } from '../../../src/indexes/sqlite/sqlite.ts'
import { cosineWith } from '../../../src/indexes/vectors.ts'
import { randomFrom } from '../corpus.ts'

export interface VectorFigures {
  readonly count: number
  readonly recall: number
  /** Of opening the file and answering a first question. */
  readonly openMs: number
  readonly memoryMb: number
  /** Of the codes, which that memory holds. */
  readonly codesMb: number
  readonly ms: readonly number[]
}

const MODEL = 'bench:384'
const DIMENSIONS = 384
const LATENT = 64
const CLUSTERS = 2000
const WANTED = 50
const QUESTIONS = 40

export async function measureVectors(path: string, most: number): Promise<VectorFigures> {
  const vectorOf = clustered()
  const count = await embedAll(path, most, vectorOf)
  const asked = Array.from({ length: QUESTIONS }, (_, at) => vectorOf(2 ** 30 + at))
  const exact = await nearestOfAll(path, asked)
  globalThis.gc?.()
  const before = process.memoryUsage().rss
  const start = performance.now()
  const store = await openSqlite(path, { mode: 'read' })
  const nearest = (vector: Float32Array) =>
    store.nearest({ embedder: MODEL, vector, as: ['group:staff'], limit: WANTED })
  await nearest(vectorOf(2 ** 30 + QUESTIONS))
  const openMs = performance.now() - start
  const ms: number[] = []
  let found = 0
  for (const [at, vector] of asked.entries()) {
    const from = performance.now()
    const hits = await nearest(vector)
    ms.push(performance.now() - from)
    const least = exact[at]?.at(-1) ?? 1
    found += hits.filter(({ score }) => score >= least).length
  }
  const memoryMb = (process.memoryUsage().rss - before) / 1e6
  await store.close()
  const codesMb = (count * (DIMENSIONS / 8)) / 1e6
  return { count, recall: found / (QUESTIONS * WANTED), openMs, memoryMb, codesMb, ms }
}

/** Of every chunk that has no vector yet, up to so many. */
async function embedAll(path: string, most: number, vectorOf: (at: number) => Float32Array): Promise<number> {
  const store = await openSqlite(path)
  const { texts } = await store.unembeddedCounts(MODEL)
  let made = 0
  let after: { document: string; ordinal: number } | undefined
  while (made < most && texts > 0) {
    const passages = await store.unembedded(MODEL, 500, after)
    if (passages.length === 0) break
    await store.embed(
      MODEL,
      passages.map((passage, at) => ({ ...passage, vector: vectorOf(made + at) })),
    )
    made += passages.length
    after = passages.at(-1)
  }
  await store.close()
  return made > 0 ? made : most
}

/** The cosines of the nearest, best first, of each question. */
async function nearestOfAll(path: string, asked: readonly Float32Array[]): Promise<readonly (readonly number[])[]> {
  const { default: Database } = await import('better-sqlite3')
  const db = new Database(path, { readonly: true })
  const cosines = asked.map(cosineWith)
  const best: number[][] = asked.map(() => [])
  const rows = db.prepare<[], { numbers: Buffer }>('SELECT numbers FROM vector')
  for (const { numbers } of rows.iterate()) {
    const stored = new Int8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
    for (const [at, cosine] of cosines.entries()) keep(best[at] ?? [], cosine(stored))
  }
  db.close()
  return best
}

function keep(best: number[], cosine: number): void {
  if (best.length === WANTED && cosine <= (best.at(-1) ?? 1)) return
  let at = best.length
  while (at > 0 && (best[at - 1] ?? 1) < cosine) at -= 1
  best.splice(at, 0, cosine)
  if (best.length > WANTED) best.pop()
}

/** As embedders make them, as far as their search is concerned: in clusters, of fewer dimensions than they have. */
function clustered(): (at: number) => Float32Array {
  const random = randomFrom(5)
  const spread = Array.from({ length: LATENT }, () => normals(DIMENSIONS, random))
  const offset = normals(DIMENSIONS, random)
  const centers = Array.from({ length: CLUSTERS }, () => normals(LATENT, random))
  return (seed) => {
    const own = randomFrom(seed + 1)
    const center = centers[Math.floor(own() * CLUSTERS)] ?? []
    const vector = Float32Array.from(offset)
    for (const [at, row] of spread.entries()) {
      const weight = (center[at] ?? 0) + 0.5 * normal(own)
      for (let to = 0; to < DIMENSIONS; to++) vector[to] = (vector[to] ?? 0) + weight * (row[to] ?? 0)
    }
    return vector
  }
}

function normals(count: number, random: () => number): number[] {
  return Array.from({ length: count }, () => normal(random))
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

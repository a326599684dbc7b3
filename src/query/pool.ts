/** The chunks that are worth ranking: those with every word and those with any, best first by weights of what the reader may read. */
import { readerOf } from '../core/reader.ts'
import type { Index, Reader } from '../core/store.ts'
import { placeOf, type Ranked, ranked } from './ranked.ts'
import { fewPerDocument } from './selection.ts'
import { type Asked, lookedUp, type Term } from './terms.ts'

export interface Wanted {
  /** Documents, at least. */
  readonly limit: number
  readonly perDocument: number
}

/** Chunks that are ranked: of those with every word, and of those with any. */
const POOL = { all: 50, any: 150 } as const
const MOST_CHUNKS = 2000
/** Of a document, beside those that may answer: which of them does is decided only then. */
const SPARE_CHUNKS = 3

export async function poolOf(
  index: Index,
  reader: Reader,
  { kept, enough }: Pick<Asked, 'kept' | 'enough'>,
  wanted: Wanted,
): Promise<readonly Ranked[]> {
  if (kept.length === 0) return []
  // What holds any of one word holds all of it.
  const every = kept.length === 1 ? [] : await retrieve(index, reader, kept, 'all', wanted, [])
  return await retrieve(index, reader, enough, 'any', wanted, every)
}

/**
 * `found` and further chunks, asking for more until they are of enough documents or there are no more. A text that was
 * found is looked for in its own document only: thousands may include it, and would leave no room for others.
 */
async function retrieve(
  index: Index,
  reader: Reader,
  terms: readonly Term[],
  match: 'all' | 'any',
  { limit, perDocument }: Wanted,
  found: readonly Ranked[],
): Promise<readonly Ranked[]> {
  const who = { ...readerOf(reader), perDocument: perDocument + SPARE_CHUNKS }
  const asking = { groups: terms.map(lookedUp), weights: terms.map(({ weight }) => weight) }
  const all = new Map(found.map((hit) => [placeOf(hit), hit]))
  for (let asked: number = POOL[match]; ; asked = Math.min(asked * 4, MOST_CHUNKS)) {
    const onlyInPlace = [...new Set([...all.values()].flatMap(({ origin }) => origin ?? []))]
    const hits = await index.lexical({ ...who, ...asking, match, limit: asked, onlyInPlace })
    for (const hit of await ranked(index, reader, hits)) all.set(placeOf(hit), hit)
    const kept = fewPerDocument([...all.values()], perDocument)
    if (kept.length >= limit || hits.length < asked || asked === MOST_CHUNKS) return [...all.values()]
  }
}

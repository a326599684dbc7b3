/**
 * How many chunks hold a word, for who asks: what is hidden must not move what is found. Counting is bounded, since an
 * index of a million chunks would be read through for every common word otherwise; beyond the bounds the counts of the
 * whole index stand in, and only the order of what is found, and which of many frequent words are not looked up, can
 * depend on what is hidden.
 */
import type { Index, Reader } from '../core/store.ts'

export interface Statistics {
  /** Of what may be read. */
  readonly chunks: number
  /** How many of them hold each token. */
  readonly of: ReadonlyMap<string, number>
}

/** In an index where no more chunks hold a word, those that may be read are counted. */
const COUNTED = 1000
/** Of any other word, so many that may be read are counted: one that fewer hold is rare, whatever is hidden. */
const RARE = 20
/** In an index of no more chunks, those that may be read are counted. */
const SMALL = 20_000

export async function countedFor(index: Index, tokens: readonly string[], reader: Reader): Promise<Statistics> {
  const all = await index.frequencies(tokens)
  const chunks = all.chunks <= SMALL ? await index.readable(reader, SMALL) : all.chunks
  const isFew = (token: string) => (all.of.get(token) ?? 0) <= COUNTED
  const few = await index.held({ ...reader, tokens: tokens.filter(isFew), most: COUNTED })
  const many = await index.held({ ...reader, tokens: tokens.filter((token) => !isFew(token)), most: RARE })
  const share = (token: string) => Math.ceil(((all.of.get(token) ?? 0) / Math.max(1, all.chunks)) * chunks)
  const countOf = (token: string) => {
    const rare = many.get(token) ?? RARE
    return few.get(token) ?? (rare < RARE ? rare : Math.max(RARE, share(token)))
  }
  return { chunks, of: new Map(tokens.map((token) => [token, countOf(token)])) }
}

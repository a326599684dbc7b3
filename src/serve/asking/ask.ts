/**
 * What doors ask of the query core. A question is plain data, with who asks and its vector in it, so that it can be
 * answered by another thread.
 */
import type { Principal } from '../../core/access.ts'
import type { Ledger } from '../../core/ledger.ts'
import type { Index } from '../../core/store.ts'
import type { Vectors } from '../../core/vectors.ts'
import { type Answer, answer, type Question } from '../../query/answer.ts'
import { type Near, nearestArm } from '../../query/arms.ts'
import { type Hit, type SearchQuery, search } from '../../query/search.ts'
import { type ReadableSource, readableSources, refuseUnknown } from '../known-sources.ts'
import type { Waiting } from './queue.ts'

/** A source of which the asker may read nothing, named in a question, is USAGE: see `refuseUnknown`. */
export interface Ask {
  search(query: SearchQuery, waiting?: Waiting): Promise<readonly Hit[]>
  answer(question: Question, waiting?: Waiting): Promise<Answer>
  /** Those of which they may read anything, in name order. */
  sources(as: readonly Principal[], waiting?: Waiting): Promise<readonly ReadableSource[]>
}

export type Posed =
  | { readonly kind: 'search'; readonly query: SearchQuery; readonly near: Near | null }
  | { readonly kind: 'answer'; readonly query: Question; readonly near: Near | null }
  | { readonly kind: 'sources'; readonly as: readonly Principal[] }

/** Of `search` hits, of `answer` an answer, of `sources` sources. */
export type Solution = readonly Hit[] | Answer | readonly ReadableSource[]

export type Solve = (posed: Posed, waiting?: Waiting) => Promise<Solution>

/** Of a text its vector, null where words alone answer. */
export type NearOf = (text: string, gone?: AbortSignal) => Promise<Near | null>

/** @param admit throws where a question would be refused, so that no embedder is asked for it */
export function asking(
  solve: Solve,
  nearOf: NearOf = async () => null,
  admit: (waiting?: Waiting) => void = () => undefined,
): Ask {
  async function near({ text }: { readonly text: string }, waiting: Waiting | undefined): Promise<Near | null> {
    admit(waiting)
    return await nearOf(text, waiting?.gone)
  }
  return {
    async search(query, waiting) {
      return (await solve({ kind: 'search', query, near: await near(query, waiting) }, waiting)) as readonly Hit[]
    },
    async answer(query, waiting) {
      return (await solve({ kind: 'answer', query, near: await near(query, waiting) }, waiting)) as Answer
    },
    async sources(as, waiting) {
      return (await solve({ kind: 'sources', as }, waiting)) as readonly ReadableSource[]
    },
  }
}

/** In this thread, at once. */
export function solving(index: Index & Pick<Vectors, 'nearest'> & Pick<Ledger, 'sources'>): Solve {
  return async (posed) => {
    if (posed.kind === 'sources') return await readableSources(index, posed.as)
    const { query, near } = posed
    await refuseUnknown(index, query)
    const arms = near === null ? [] : [nearestArm(index, near)]
    return posed.kind === 'search'
      ? await search(index, posed.query, undefined, arms)
      : await answer(index, posed.query, arms)
  }
}

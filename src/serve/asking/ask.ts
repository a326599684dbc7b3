/**
 * What doors ask of the query core. A question is plain data, with who asks and its vector in it, so that it can be
 * answered by another thread.
 */
import type { Index } from '../../core/store.ts'
import type { Vectors } from '../../core/vectors.ts'
import { type Answer, answer, type Question } from '../../query/answer.ts'
import { type Near, nearestArm } from '../../query/arms.ts'
import { type Hit, type SearchQuery, search } from '../../query/search.ts'

/** `gone` aborts when nobody waits for the answer any more. */
export interface Ask {
  search(query: SearchQuery, gone?: AbortSignal): Promise<readonly Hit[]>
  answer(question: Question, gone?: AbortSignal): Promise<Answer>
}

export type Posed = { readonly near: Near | null } & (
  | { readonly kind: 'search'; readonly query: SearchQuery }
  | { readonly kind: 'answer'; readonly query: Question }
)

/** Of `search` hits, of `answer` an answer. */
export type Solution = readonly Hit[] | Answer

export type Solve = (posed: Posed, gone?: AbortSignal) => Promise<Solution>

/** Of a text its vector, null where words alone answer. */
export type NearOf = (text: string) => Promise<Near | null>

/** @param admit throws where a question would be refused, so that no embedder is asked for it */
export function asking(
  solve: Solve,
  nearOf: NearOf = async () => null,
  admit: (gone?: AbortSignal) => void = () => undefined,
): Ask {
  async function solved(posed: Omit<Posed, 'near'>, gone: AbortSignal | undefined): Promise<Solution> {
    admit(gone)
    return await solve({ ...posed, near: await nearOf(posed.query.text) } as Posed, gone)
  }
  return {
    search: async (query, gone) => (await solved({ kind: 'search', query }, gone)) as readonly Hit[],
    answer: async (query, gone) => (await solved({ kind: 'answer', query }, gone)) as Answer,
  }
}

/** In this thread, at once. */
export function solving(index: Index & Pick<Vectors, 'nearest'>): Solve {
  return async ({ kind, query, near }) => {
    const arms = near === null ? [] : [nearestArm(index, near)]
    return kind === 'search' ? await search(index, query, undefined, arms) : await answer(index, query, arms)
  }
}

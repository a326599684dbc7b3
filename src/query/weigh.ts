/**
 * How much each word of a question tells, by what the asker may read alone: whether there is an answer must not depend on
 * what is hidden.
 */
import { analyse } from '../analysis/analyse.ts'
import { LANGUAGES } from '../analysis/languages.ts'
import type { Index, Reader } from '../core/store.ts'
import { tellingNothing } from './question-words.ts'
import { type Asked, lookedUp } from './terms.ts'

export interface Weighed {
  readonly tokens: readonly string[]
  readonly weight: number
}

/** Chunks are counted so far: beyond, a word is common. */
const MOST_COUNTED = 1000
/** Who may read fewer chunks than this is answered as if there were so many: of one, a word that is not in it would tell all. */
const LEAST_CHUNKS = 50
/** Frequent words of each language that are counted, to know how many chunks there are. */
const COMMON = 4

/** A word that nothing readable holds weighs most, one that only makes a question of others as one that all hold. */
export async function weighed(index: Index, { terms, languages }: Asked, reader: Reader): Promise<readonly Weighed[]> {
  const common = languages.flatMap((language) =>
    analyse([...LANGUAGES[language].marks].slice(0, COMMON).join(' '), language),
  )
  const tokens = [...new Set([...terms.flatMap(lookedUp), ...common])]
  const held = await index.held({ ...reader, tokens, most: MOST_COUNTED })
  const countOf = (some: readonly string[]) => Math.max(0, ...some.map((token) => held.get(token) ?? 0))
  const chunks = Math.max(LEAST_CHUNKS, countOf(tokens))
  const nothing = tellingNothing(languages)
  return terms.map(lookedUp).map((tokens) => {
    const isCommon = tokens.some((token) => nothing.has(token))
    return { tokens, weight: rarity(isCommon ? chunks : countOf(tokens), chunks) }
  })
}

/** As Lucene's BM25 has it. The word that most chunks hold stands for how many there are. */
function rarity(holding: number, chunks: number): number {
  return Math.log(1 + (chunks - holding + 0.5) / (holding + 0.5))
}

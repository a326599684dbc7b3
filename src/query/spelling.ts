/**
 * What somebody may have meant by a word that nothing they may read holds: another spelling of it, or the words that it
 * begins. Whether a word is held, and which of its spellings are, is asked in the reader's name, so that no answer tells
 * what hidden documents say.
 */
import type { Index, Reader } from '../core/store.ts'
import { distancesFrom } from './spelling-distance.ts'

/** Shorter words are near too many others. */
const SHORTEST = 4
/** From here on two letters may be wrong. */
const LONG = 8
/** Words that are looked through at once. */
const MOST_TOKENS = 50_000
/** Tokens that are asked about at once: nobody may tell by what is found how many hidden ones stand before it. */
const AT_ONCE = 40
const MOST_TAKEN = 3
/** Of the words that another begins, the most frequent are chosen from so many of the shortest. */
const MOST_WEIGHED = 40
/** A word that is being typed may become one of so many. */
const MOST_BEGUN = 8
/** An ending that a stem has lost. */
const LONGEST_ENDING = 5
const ENOUGH = 50
const LETTERS = /^\p{L}+$/u

/** The tokens that something readable holds. */
export async function heldTokens(
  index: Index,
  tokens: readonly string[],
  reader: Reader,
): Promise<ReadonlySet<string>> {
  const held = await index.held({ tokens, ...reader, most: 1 })
  return new Set(tokens.filter((token) => (held.get(token) ?? 0) > 0))
}

/** Spellings of a token that something readable holds, the nearest and then the most frequent first; none for a code. */
export async function spellingsOf(index: Index, token: string, reader: Reader): Promise<readonly string[]> {
  const length = [...token].length
  if (length < SHORTEST || !LETTERS.test(token)) return []
  // With two letters wrong many more may be meant: they are looked through only where one doesn't do.
  for (const distance of length >= LONG ? ([1, 2] as const) : ([1] as const)) {
    const distanceOf = distancesFrom(token, distance)
    const alike = await index.alike(token, distance)
    const readable = await counted(
      index,
      alike.filter((other) => distanceOf(other) === distance),
      reader,
    )
    if (readable.size > 0) return mostFrequent(readable).slice(0, MOST_TAKEN)
  }
  return []
}

/** Readable stems that the token goes on from: of a word whose ending is misspelt, the stemmer takes nothing off. */
export async function stemsOf(index: Index, token: string, reader: Reader): Promise<readonly string[]> {
  if (!LETTERS.test(token) || token.length < SHORTEST + 1) return []
  const tokens = await index.tokens([...token].slice(0, SHORTEST).join(''), MOST_TOKENS)
  const stems = tokens.filter((other) => token.startsWith(other) && other.length >= token.length - LONGEST_ENDING)
  const readable = await counted(index, stems, reader)
  const longest = Math.max(0, ...[...readable.keys()].map(({ length }) => length))
  return [...readable.keys()].filter(({ length }) => length === longest)
}

/** Readable tokens that a word which is being typed may become. */
export async function begunBy(index: Index, token: string, reader: Reader): Promise<readonly string[]> {
  if ([...token].length < 2 || !LETTERS.test(token)) return []
  const longer = await index.tokens(token, MOST_TOKENS)
  const shortest = longer.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1))
  const readable = new Map<string, number>()
  for (let from = 0; from < shortest.length && readable.size < MOST_WEIGHED; from += AT_ONCE) {
    for (const [held, chunks] of await counted(index, shortest.slice(from, from + AT_ONCE), reader)) {
      if (readable.size < MOST_WEIGHED) readable.set(held, chunks)
    }
  }
  return mostFrequent(readable).slice(0, MOST_BEGUN)
}

async function counted(index: Index, tokens: readonly string[], reader: Reader): Promise<ReadonlyMap<string, number>> {
  if (tokens.length === 0) return new Map()
  const held = await index.held({ tokens, ...reader, most: ENOUGH })
  return new Map([...held].filter(([, chunks]) => chunks > 0))
}

function mostFrequent(held: ReadonlyMap<string, number>): readonly string[] {
  return [...held].sort(([a, first], [b, second]) => second - first || (a < b ? -1 : 1)).map(([token]) => token)
}

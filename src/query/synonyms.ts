/** What is looked up beside the words of a question, or in their place, because the index's owner says that it means the same. */
import { askedTokens } from '../analysis/analyse.ts'
import { isLanguage, type Language } from '../analysis/languages.ts'
import type { Index } from '../core/store.ts'
import type { SynonymLine, SynonymRule, Synonyms } from '../core/synonyms.ts'

/** For one word of a question. */
export interface Meaning {
  /** Each of them tokens, one after the other. */
  readonly to: readonly (readonly string[])[]
  /** The word itself is looked up too. */
  readonly isKept: boolean
}

/** A question may not become a search of its own for each of its words. */
const MOST_OF_A_WORD = 8
const MOST_OF_A_QUESTION = 32
/** Of longer phrases nothing is looked up. */
const LONGEST_PHRASE = 8

/** The index, asked in the sense of these lines. Rules of a language are made when it is first asked in. */
export function withSynonyms<I extends Index>(index: I, lines: readonly SynonymLine[]): I {
  return lines.length === 0 ? index : { ...index, synonyms: synonymsOf(lines) }
}

export function synonymsOf(lines: readonly SynonymLine[]): Synonyms {
  const known = new Map<string, ReturnType<Synonyms>>()
  return (language) => {
    const rules = known.get(language) ?? (isLanguage(language) ? rulesIn(lines, language) : new Map())
    known.set(language, rules)
    return rules
  }
}

function rulesIn(lines: readonly SynonymLine[], language: Language): ReadonlyMap<string, readonly SynonymRule[]> {
  const rules = new Map<string, SynonymRule[]>()
  for (const line of lines) {
    if (line.language !== null && line.language !== language) continue
    const analysed = (words: readonly string[]) => words.map((word) => askedTokens(word, language)).filter(isPhrase)
    const to = analysed(line.to)
    for (const from of analysed(line.from)) {
      const others = to.filter((tokens) => !isSame(tokens, from))
      const rule = { from, to: others, isKept: others.length < to.length }
      const [first = ''] = from
      if (others.length === 0) continue
      const known = rules.get(first)
      if (known === undefined) rules.set(first, [rule])
      else known.push(rule)
    }
  }
  return rules
}

/**
 * By the number of the group, in order; groups of which nothing is said are left out. What a phrase means counts for
 * each of its words: who says it has said them all.
 */
export function meaningsOf(
  synonyms: Synonyms | undefined,
  text: string,
  groups: readonly (readonly string[])[],
  languages: readonly Language[],
): ReadonlyMap<number, Meaning> {
  const meanings = new Map<number, Meaning>()
  if (synonyms === undefined) return meanings
  let room = MOST_OF_A_QUESTION
  for (const language of languages) {
    const rules = synonyms(language)
    const asked = rules.size === 0 ? [] : askedTokens(text, language)
    for (const [at, token] of asked.entries()) {
      for (const { from, to, isKept } of rules.get(token) ?? []) {
        if (!isSame(from, asked.slice(at, at + from.length))) continue
        const taken = to.slice(0, Math.min(MOST_OF_A_WORD, room))
        room -= taken.length
        for (const [number, group] of groups.entries()) {
          if (group.some((one) => from.includes(one))) add(meanings, number, { to: taken, isKept })
        }
      }
    }
  }
  return meanings
}

function add(meanings: Map<number, Meaning>, number: number, { to, isKept }: Meaning): void {
  const known = meanings.get(number)
  const all = new Map([...(known?.to ?? []), ...to].map((tokens) => [tokens.join(' '), tokens]))
  meanings.set(number, {
    to: [...all.values()].slice(0, MOST_OF_A_WORD),
    isKept: isKept && (known?.isKept ?? true),
  })
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((token, at) => token === b[at])
}

function isPhrase(tokens: readonly string[]): boolean {
  return tokens.length > 0 && tokens.length <= LONGEST_PHRASE
}

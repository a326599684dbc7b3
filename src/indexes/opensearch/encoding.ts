/** Tokens as OpenSearch holds them: as they are, where its tokenizers leave them so. */

import type { Terms } from '../../core/document.ts'
import { sha256 } from '../../core/ids.ts'
import { FIELD_WEIGHTS } from '../../core/store.ts'

/** In UTF-16 code units; the whitespace tokenizer cuts what is longer than 255. */
const LONGEST = 200

/** One that may be cut, or be taken for a count, is written as `=` and its hash. */
export function lexemeOf(token: string): string {
  const isPlain = token !== '' && token.length <= LONGEST && !/^=|[|\s\p{Z}\p{C}]/u.test(token)
  return isPlain ? token : `=${sha256(Buffer.from(token, 'utf16le').toString('hex'))}`
}

export interface Counted {
  readonly lexemes: readonly string[]
  /** For questions of any word: `printer|7 ink|1`. */
  readonly forAny: string
  /** For questions of all words, where a word counts once a field. */
  readonly forAll: string
}

/** How much a chunk holds of each token, as `lexical-score.ts` has it. */
export function countedIn({ title, headings, body }: Pick<Terms, 'title' | 'headings' | 'body'>): Counted {
  const counts = new Map<string, { occurrences: number; title: number; headings: number; body: number }>()
  for (const [field, tokens] of [
    ['title', title],
    ['headings', headings],
    ['body', body],
  ] as const) {
    for (const token of tokens) {
      const lexeme = lexemeOf(token)
      const known = counts.get(lexeme) ?? { occurrences: 0, title: 0, headings: 0, body: 0 }
      known.occurrences += 1
      known[field] = 1
      counts.set(lexeme, known)
    }
  }
  const [forAny, forAll]: [string[], string[]] = [[], []]
  for (const [lexeme, held] of counts) {
    const lifted = held.title * (FIELD_WEIGHTS.title - 1) + held.headings * (FIELD_WEIGHTS.headings - 1)
    forAny.push(`${lexeme}|${held.occurrences + lifted}`)
    forAll.push(`${lexeme}|${held.title + held.headings + held.body + lifted}`)
  }
  return { lexemes: [...counts.keys()], forAny: forAny.join(' '), forAll: forAll.join(' ') }
}

/** A stored field's tokens again. */
export function lexemesIn(counted: string): readonly string[] {
  return counted === '' ? [] : counted.split(' ').map((each) => each.slice(0, each.lastIndexOf('|')))
}

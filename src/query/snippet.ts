/** The part of a chunk that shows best why it was found. */
import { allLanguages, analyse, type Language } from '../analysis/analyse.ts'
import { wordsOf } from '../analysis/words.ts'
import { plainText } from './plain-text.ts'

export interface Snippet {
  /** One line of plain text, with … where it was cut. */
  readonly text: string
  /** Offsets into `text` of the words that matched, in UTF-16 code units, `[start, end)`, in order. */
  readonly highlights: readonly (readonly [start: number, end: number])[]
}

const NONE: readonly string[] = []

interface Match {
  readonly start: number
  readonly end: number
  readonly terms: readonly string[]
}

const WIDTH = 240
/** Room kept before the first match, for context. */
const LEAD = 40
/** Of a huge chunk only so much is looked at. */
const LONGEST = 20_000

/** Of a word that is nothing but its letters, as they are folded; shorter ones may be changed from the second letter on (`dying`). */
const PLAIN_WORD = /^[a-z]{6,}$/
const BEGINNING = 2

/**
 * Makes snippets for one answer: `terms` are the analysed query terms, in any of the query languages. What a word was
 * found to be is remembered from snippet to snippet.
 */
export function snippetsFor(
  terms: ReadonlySet<string>,
  languages: readonly Language[] = allLanguages(),
): (markdown: string) => Snippet {
  const known = new Map<string, readonly string[]>()
  const beginnings = new Set([...terms].map((term) => term.slice(0, BEGINNING)))
  function termsOf(word: string): readonly string[] {
    if (beginsOtherwise(word, beginnings)) return NONE
    const found = known.get(word) ?? matchingTerms(word, terms, languages)
    known.set(word, found)
    return found
  }
  return (markdown) => snippetOf(plainText(markdown.slice(0, LONGEST)), termsOf)
}

function snippetOf(text: string, termsOf: (word: string) => readonly string[]): Snippet {
  const matches = findMatches(text, termsOf)
  const [start, end] = frame(text, bestRun(matches))
  const [before, after] = [start > 0 ? '…' : '', end < text.length ? '…' : '']
  const shift = before.length - start
  const highlights = matches
    .filter((match) => match.start >= start && match.end <= end)
    .map((match): [number, number] => [match.start + shift, match.end + shift])
  return { text: before + text.slice(start, end) + after, highlights }
}

function findMatches(text: string, termsOf: (word: string) => readonly string[]): Match[] {
  const matches: Match[] = []
  for (const [start, word] of placedWords(text)) {
    const terms = termsOf(word)
    const end = start + word.length
    const last = matches.at(-1)
    if (terms.length === 0 || word.length > WIDTH / 2) continue
    // Where words are written without spaces.
    if (last !== undefined && last.end === start) matches[matches.length - 1] = joined(last, { start, end, terms })
    else matches.push({ start, end, terms })
  }
  return matches
}

function joined(first: Match, second: Match): Match {
  return { start: first.start, end: second.end, terms: [...first.terms, ...second.terms] }
}

/** The analyser's words with their offsets: they come in order, and only other signs stand between them. */
function* placedWords(text: string): Iterable<[start: number, word: string]> {
  let from = 0
  for (const word of wordsOf(text)) {
    const start = text.indexOf(word, from)
    from = start + word.length
    yield [start, word]
  }
}

/** No stemmer changes how a longer word begins, so that most words need not be analysed. */
function beginsOtherwise(word: string, beginnings: ReadonlySet<string>): boolean {
  if (!PLAIN_WORD.test(word)) return false
  for (let letters = 1; letters <= BEGINNING; letters++) if (beginnings.has(word.slice(0, letters))) return false
  return true
}

function matchingTerms(word: string, terms: ReadonlySet<string>, languages: readonly Language[]): readonly string[] {
  const found = new Set<string>()
  for (const language of languages) {
    for (const token of analyse(word, language)) if (terms.has(token)) found.add(token)
  }
  return found.size === 0 ? NONE : [...found]
}

/** The matches that fit into one snippet and hold the most distinct terms; then the most matches; then the first. */
function bestRun(matches: readonly Match[]): readonly Match[] {
  let best: readonly Match[] = []
  let bestScore = 0
  let last = 0
  for (const [first, { start }] of matches.entries()) {
    while (last < matches.length && (matches[last]?.end ?? 0) - start <= WIDTH - LEAD) last++
    const run = matches.slice(first, Math.max(last, first + 1))
    const score = new Set(run.flatMap((match) => match.terms)).size * WIDTH + run.length
    if (score > bestScore) [best, bestScore] = [run, score]
  }
  return best
}

/** At most about WIDTH characters around the run, cut between words where there are any. */
function frame(text: string, run: readonly Match[]): [start: number, end: number] {
  const from = run[0]?.start ?? 0
  const to = Math.max(run.at(-1)?.end ?? 0, from)
  const start = Math.max(0, Math.min(from - LEAD, text.length - WIDTH))
  const end = Math.min(text.length, Math.max(start + WIDTH, to))
  return [start === 0 ? 0 : wordStart(text, start, from), end === text.length ? end : wordEnd(text, end, to)]
}

/** The first place from `start` on that begins a word, not after `most`. */
function wordStart(text: string, start: number, most: number): number {
  const space = text.indexOf(' ', start - 1)
  if (space !== -1 && space < most) return space + 1
  return isInsidePair(text, start) ? start + 1 : start
}

/** The last place up to `end` that ends a word, not before `least`. */
function wordEnd(text: string, end: number, least: number): number {
  const space = text.lastIndexOf(' ', end)
  if (space >= least && space > 0) return space
  return isInsidePair(text, end) ? end - 1 : end
}

function isInsidePair(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0xdc00 && unit <= 0xdfff
}

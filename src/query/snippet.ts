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

const ASCII = /^[\x00-\x7f]+$/
const ACCENTS = /[\u0300-\u036f]/g
const APOSTROPHES = /[’ʼ＇]/g
const NO_LETTER = /[^a-z0-9]+/g
const STEMMED = /^[a-z]+$/
/** Ends of stems that their words have otherwise: `tie` of `tying`, `appliqu` of `application`, `evident` of `évidemment`. */
const CHANGED = [
  [/e$/, ''],
  [/l$/, ''],
  [/i$/, 'y'],
  [/ie$/, 'y'],
  [/x$/, 's'],
  [/t$/, 'c'],
  [/t$/, 'z'],
  [/nt$/, 'mm'],
  [/qu$/, 'c'],
  [/id$/, 'd'],
  [/(?<=([aeou]))[^aeiou]$/, '$1'],
] as const

/**
 * Makes snippets for one answer: `terms` are the analysed query terms, in any of the query languages. What a word was
 * found to be is remembered from snippet to snippet.
 */
export function snippetsFor(
  terms: ReadonlySet<string>,
  languages: readonly Language[] = allLanguages(),
): (markdown: string) => Snippet {
  const known = new Map<string, readonly string[]>()
  const beginnings = beginningsOf(terms)
  function termsOf(word: string): readonly string[] {
    const found = known.get(word) ?? (isOther(word, beginnings) ? NONE : matchingTerms(word, terms, languages))
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

/** Of a term: what a word that is looked up as it has, from where one of its parts begins, and how long that is at least. */
interface Beginning {
  readonly text: string
  readonly least: number
}

/** By their first sign. No stemmer makes a word longer, or changes more than its end. */
function beginningsOf(terms: ReadonlySet<string>): ReadonlyMap<string | undefined, readonly Beginning[]> {
  const all = [...terms].flatMap((term) => {
    const text = term.replace(NO_LETTER, '')
    const changed = STEMMED.test(term) ? CHANGED.map(([end, instead]) => text.replace(end, instead)) : []
    return [...new Set([text, ...changed])].map((beginning) => ({ text: beginning, least: text.length }))
  })
  return Map.groupBy(all, ({ text }) => text[0])
}

/** So that most words need not be analysed. A part of a word begins behind a sign or a digit, with a capital or with a digit. */
function isOther(word: string, beginnings: ReadonlyMap<string | undefined, readonly Beginning[]>): boolean {
  const plain = ASCII.test(word) ? word : word.normalize('NFKD').replace(ACCENTS, '').replace(APOSTROPHES, "'")
  if (!ASCII.test(plain)) return false
  for (let at = 0; at < plain.length; at++) {
    if (at > 0 && isSmall(plain, at) && isLetter(plain, at - 1)) continue
    const near = beginnings.get(plain[at]?.toLowerCase())
    if (near === undefined) continue
    const rest = plain.slice(at).toLowerCase().replace(NO_LETTER, '')
    if (near.some(({ text, least }) => least <= rest.length && rest.startsWith(text))) return false
  }
  return true
}

function isSmall(text: string, at: number): boolean {
  const unit = text.charCodeAt(at)
  return unit >= 0x61 && unit <= 0x7a
}

function isLetter(text: string, at: number): boolean {
  const unit = text.charCodeAt(at) | 0x20
  return unit >= 0x61 && unit <= 0x7a
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

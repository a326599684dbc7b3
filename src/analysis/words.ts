/** Finds the words of a text, identifiers and addresses whole, and takes them apart. */
import { fold } from './fold.ts'

/**
 * A word as it is searched. Each of `terms` must be found for the word to be found, and is to be stemmed where it
 * `isWord`; the `parts` are in the index beside them, so that a part finds the whole.
 */
export interface Word {
  readonly terms: readonly Term[]
  readonly parts: readonly Term[]
}

export interface Term {
  readonly text: string
  readonly isWord: boolean
}

/** In UTF-16 code units; what is longer is cut. */
const LONGEST_TERM = 64

/** Repeats are bounded because the stack of the regular expression is. */
const WORD =
  /[\p{L}\p{N}\p{M}_\u00ad\u200c\u200d]{1,4096}(?:[.@&+'’ʼ＇\-‐‑][\p{L}\p{N}\p{M}_\u00ad\u200c\u200d]{1,256}){0,64}(?:\+\+|#)?/uy
const NO_WORD = /[^\p{L}\p{N}\p{M}_\u00ad\u200c\u200d]{1,4096}/uy
/** Most words, of which there is nothing to fold or to take apart. */
const PLAIN = /^[a-z]{1,64}$/
const APOSTROPHES = /['’ʼ＇]/g
/** `l'école`, `jusqu'ici`: in any language, for names and quotations. */
const ELISION = /^(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|quelqu)'(?=.)/i
const POSSESSIVE = /'s$/i
const SEPARATORS = /[.@&+\-‐‑_]+/
/** Scripts written without spaces between words, and Hangul, where particles stick to words: indexed in pairs. */
const UNSPACED =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u30fc\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]+/gu
const HUMPS = /(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll}{2})/u
const LETTERS_AND_DIGITS = /\p{L}+|\p{N}+/gu

/** The words as they are written. */
export function wordsOf(text: string): readonly string[] {
  const words: string[] = []
  for (let start = wordStart(text, 0); start < text.length; ) {
    const end = wordEnd(text, start)
    words.push(text.slice(start, end))
    start = wordStart(text, end)
  }
  return words
}

/** Where the first word at or behind `from` starts, or the text's length. */
export function wordStart(text: string, from: number): number {
  let start = from
  for (NO_WORD.lastIndex = from; NO_WORD.test(text); ) start = NO_WORD.lastIndex
  return start
}

/** Behind the word that starts there; always further on. `test` makes neither a string nor a match. */
export function wordEnd(text: string, start: number): number {
  WORD.lastIndex = start
  return WORD.test(text) ? WORD.lastIndex : start + 1
}

export function wordOf(written: string): Word {
  if (PLAIN.test(written)) return { terms: [{ text: written, isWord: true }], parts: [] }
  const plain = written.replace(APOSTROPHES, "'").replace(ELISION, '').replace(POSSESSIVE, '').replaceAll("'", '')
  if (/^\p{L}{1,2}(?:\+\+|#)$/u.test(plain)) return { terms: [exact(plain)], parts: [] }
  return compound(plain.replace(/(?:\+\+|#)$/, ''))
}

function compound(written: string): Word {
  const segments = written.split(SEPARATORS).filter((segment) => segment !== '')
  const [first = ''] = segments
  if (segments.length < 2) return simple(first)
  if (/^\p{L}+(?:[-‐‑]\p{L}+)+$/u.test(written)) return hyphenated(segments)
  if (/^\p{L}(?:\.\p{L})+$/u.test(written)) return simple(segments.join(''))

  const parts = segments.map(simple).flatMap(({ terms, parts }) => [...terms, ...parts])
  const version = /^v(\d+(?:\.\d+)+)$/i.exec(written)?.[1]
  const whole = exact(written.replace(/^_+|_+$/g, ''))
  return { terms: [whole], parts: version === undefined ? parts.filter(isTelling) : [exact(version)] }
}

/** `e-mail` is `email`; `rendez-vous` is its two words, together or apart. */
function hyphenated(segments: readonly string[]): Word {
  if (segments.length === 2 && segments[0]?.length === 1) return simple(segments.join(''))
  const words = segments.map(simple)
  return { terms: words.flatMap(({ terms }) => terms), parts: words.flatMap(({ parts }) => parts) }
}

function simple(written: string): Word {
  if (written.search(UNSPACED) !== -1) return mixed(written)
  const hasDigit = /\p{N}/u.test(written)
  const whole = { text: capped(fold(written)), isWord: !hasDigit }
  return { terms: [whole], parts: inner(written, hasDigit).map(toWord).filter(isTelling) }
}

/** The humps of `getUserName`, the halves of `ISO27001`. */
function inner(written: string, hasDigit: boolean): readonly string[] {
  const humps = written.slice(0, LONGEST_TERM).split(HUMPS)
  const parts = hasDigit ? humps.flatMap((hump) => hump.match(LETTERS_AND_DIGITS) ?? []) : humps
  return parts.length > 1 ? parts : []
}

function mixed(written: string): Word {
  const terms: Term[] = []
  let from = 0
  for (const { 0: run, index } of written.matchAll(UNSPACED)) {
    if (index > from) terms.push(...simple(written.slice(from, index)).terms)
    for (const text of pairs(run)) terms.push({ text, isWord: false })
    from = index + run.length
  }
  if (from < written.length) terms.push(...simple(written.slice(from)).terms)
  return { terms, parts: [] }
}

function* pairs(run: string): Iterable<string> {
  const letters = [...fold(run)]
  if (letters.length === 1) yield letters[0] ?? run
  for (let i = 1; i < letters.length; i++) yield `${letters[i - 1]}${letters[i]}`
}

/** One letter, or a number of one or two digits, says nothing without the rest. */
function isTelling({ text }: Term): boolean {
  return text.length > 2 || (text.length === 2 && !/^\d+$/.test(text))
}

function exact(written: string): Term {
  return { text: capped(fold(written)), isWord: false }
}

function toWord(written: string): Term {
  return { text: capped(fold(written)), isWord: !/\p{N}/u.test(written) }
}

function capped(text: string): string {
  return text.length <= LONGEST_TERM ? text : text.slice(0, LONGEST_TERM).replace(/[\ud800-\udbff]$/, '')
}

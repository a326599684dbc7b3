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

/** Scripts written without spaces between words, and Hangul, where particles stick to words. */
const SCRIPTS = String.raw`\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u30fc\uff70\uff9e\uff9f\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}`
/** Repeats are bounded because the stack of the regular expression is. */
const UNSPACED = new RegExp(String.raw`[${SCRIPTS}][${SCRIPTS}\p{M}\u200c\u200d]{0,4096}`, 'vy')
/** Thai. */
const FIRST_UNSPACED = 0x0e00
const LETTER = String.raw`[[\p{L}\p{N}\p{M}_\u00ad\u200c\u200d]--[${SCRIPTS}]]`
const WORD = new RegExp(String.raw`${LETTER}{1,4096}(?:[.@\&+'’ʼ＇\-‐‑]${LETTER}{1,256}){0,64}(?:\+\+|#)?`, 'vy')
/** A letter with what belongs to it; half-width kana carry their marks behind them. */
const UNIT = /.[\p{M}\uff9e\uff9f\u1160-\u11ff]*/gsu
/** Its dictionaries are the same for every locale, but none must be the machine's. */
const SEGMENTER = new Intl.Segmenter('en', { granularity: 'word' })
/** The words of a run are asked for one after the other. */
let lastRun: {
  readonly text: string
  readonly start: number
  readonly end: number
  readonly ends: readonly number[]
} | null = null
const NO_WORD = /[^\p{L}\p{N}\p{M}_\u00ad\u200c\u200d]{1,4096}/uy
/** Most words, of which there is nothing to fold or to take apart. */
const PLAIN = /^[a-z]{1,64}$/
const APOSTROPHES = /['’ʼ＇]/g
/** `l'école`, `jusqu'ici`, `dell'anno`, but not `UN's`: in any language, for names and quotations. */
const ELISION =
  /^(?:(?:[ldjmtsnc]|qu|jusqu|lorsqu|puisqu|quoiqu|presqu|quelqu)'(?=.)|(?:un|(?:a|da|de|ne|su|co|pe)ll|(?:a|da|de|ne|su)?gl|quest|quell)'(?=.{2}))/i
const POSSESSIVE = /'s$/i
const SEPARATORS = /[.@&+\-‐‑_]+/
const HAN = /\p{sc=Han}/u
/** Their letters are sounds: a part of a word says nothing. */
const ALPHABETIC = /[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u
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
  if (text.charCodeAt(start) >= FIRST_UNSPACED) {
    const end = segmentEnd(text, start)
    if (end > start) return end
  }
  WORD.lastIndex = start
  return WORD.test(text) ? WORD.lastIndex : start + 1
}

/** Behind the first word of the scripts without spaces that starts there; `start` where none does. */
function segmentEnd(text: string, start: number): number {
  const isKnown = lastRun !== null && start >= lastRun.start && start < lastRun.end && lastRun.text === text
  if (!isKnown) {
    UNSPACED.lastIndex = start
    if (!UNSPACED.test(text)) return start
    const end = UNSPACED.lastIndex
    lastRun = { text, start, end, ends: segmentEnds(text.slice(start, end), start) }
  }
  return lastRun?.ends.find((end) => end > start) ?? start
}

/** As ICU's dictionaries cut it, which know letters in their usual form only. */
function segmentEnds(run: string, from: number): readonly number[] {
  const plain = run.normalize('NFKC')
  const cuts = [...SEGMENTER.segment(plain)].map(({ index, segment }) => index + segment.length)
  const ends: number[] = []
  let [read, written, cut] = [0, from, 0]
  for (const unit of plain === run ? run : (run.match(UNIT) ?? [])) {
    read += plain === run ? unit.length : unit.normalize('NFKC').length
    written += unit.length
    if (read < (cuts[cut] ?? 0)) continue
    while (read >= (cuts[cut] ?? Number.POSITIVE_INFINITY)) cut++
    ends.push(written)
  }
  return ends
}

export function wordOf(written: string): Word {
  if (PLAIN.test(written)) return { terms: [{ text: written, isWord: true }], parts: [] }
  UNSPACED.lastIndex = 0
  if (UNSPACED.test(written)) return unspaced(written)
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

/**
 * A word of scripts without spaces: in pairs of letters where it is longer, since another text may cut it otherwise and
 * a part of it is often a word too. So is a single Han letter.
 */
function unspaced(written: string): Word {
  const whole = capped(fold(written))
  if (ALPHABETIC.test(whole)) return { terms: [asIs(whole)], parts: [] }
  const letters = [...whole]
  const pairs = letters.slice(1).map((letter, at) => `${letters[at]}${letter}`)
  const parts = pairs.length === 0 ? [] : letters.filter((letter) => HAN.test(letter))
  return { terms: (pairs.length === 0 ? [whole] : pairs).map(asIs), parts: parts.map(asIs) }
}

/** One letter, or a number of one or two digits, says nothing without the rest. */
function isTelling({ text }: Term): boolean {
  return text.length > 2 || (text.length === 2 && !/^\d+$/.test(text))
}

function exact(written: string): Term {
  return { text: capped(fold(written)), isWord: false }
}

function asIs(text: string): Term {
  return { text, isWord: false }
}

function toWord(written: string): Term {
  return { text: capped(fold(written)), isWord: !/\p{N}/u.test(written) }
}

function capped(text: string): string {
  return text.length <= LONGEST_TERM ? text : text.slice(0, LONGEST_TERM).replace(/[\ud800-\udbff]$/, '')
}

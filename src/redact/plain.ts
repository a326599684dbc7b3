/**
 * The text as a person reads it, for the finders: without invisible characters, markdown's backslashes, percent and
 * character escapes; with ASCII digits, spaces, dashes and quotes. Every character knows where it came from.
 */
import { decodeHTMLStrict } from 'entities'

export interface Plain {
  readonly text: string
  /** Where the characters `[start, end)` of `text` stand in the original. */
  span(start: number, end: number): readonly [number, number]
}

/** Escapes may be escaped once more, as those of an address inside another are. */
const SPECIAL =
  /\\[!-/:-@[-`{-~]|%(?:25){0,3}[2-7][\da-f]|%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-4](?:%[89ab][\da-f]){3}|&(?:amp;){0,3}(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z][a-z\d]{1,31});|[^\x00-\x7f]/giu
/** Emphasis, code, the brackets and the target of a link: what a reader of the rendered text does not see. */
const MARKS =
  /[*`]{1,64}|~~|<\/?[a-z][^<>]{0,500}>|\]\([^()\s]{0,2000}\)|\[(?![A-Z_]{2,32}_\d{1,6}\])|(?<=[\p{L}\p{N}.]_?)_(?=@)|(?<=@)_/giu

/** Everything that has a reading of its own. */
export function plain(original: string): Plain {
  return readAs(original, SPECIAL, reading)
}

/** The same without markdown's marks: what stands on both sides of one may belong together. Null where there are none. */
export function unmarked(text: string): Plain | null {
  return text.search(MARKS) === -1 ? null : readAs(text, MARKS, () => '')
}

function readAs(original: string, special: RegExp, reading: (part: string) => string): Plain {
  const first = original.search(special)
  if (first === -1) return { text: original, span: (start, end) => [start, end] }
  const starts = new Int32Array(original.length + 1)
  const ends = new Int32Array(original.length + 1)
  const pieces: string[] = []
  let length = 0
  let at = 0

  function copy(until: number): void {
    pieces.push(original.slice(at, until))
    for (; at < until; at++) {
      starts[length] = at
      ends[length++] = at + 1
    }
  }

  for (const match of original.matchAll(special)) {
    const shown = reading(match[0])
    if (shown === match[0]) continue
    copy(match.index)
    at = match.index + match[0].length
    pieces.push(shown)
    for (let unit = 0; unit < shown.length; unit++) {
      starts[length] = match.index
      ends[length++] = at
    }
  }
  copy(original.length)
  return { text: pieces.join(''), span: (start, end) => [starts[start] ?? 0, ends[end - 1] ?? 0] }
}

function reading(source: string): string {
  if (source.startsWith('\\')) return source.slice(1)
  if (source.startsWith('%'))
    return [...decodePercent(source.replace(/^%(?:25)+(?=[2-7][\da-f])/i, '%'))].map(plainCharacter).join('')
  if (source.startsWith('&')) return decodeEntity(source)
  return plainCharacter(source)
}

/** Overlong forms and halves of pairs are not UTF-8. */
function decodePercent(source: string): string {
  try {
    return decodeURIComponent(source)
  } catch {
    return source
  }
}

function decodeEntity(source: string): string {
  const once = source.replace(/^&(?:amp;)+/i, '&')
  if (once === '&') return once
  const decoded = decodeHTMLStrict(once)
  return decoded === once || /[\p{Cc}\p{Cs}]/u.test(decoded) ? source : [...decoded].map(plainCharacter).join('')
}

const INVISIBLE = /^(?:[\p{Default_Ignorable_Code_Point}\p{Cf}]|\u20e3)$/u
const SPACE = /^\p{Zs}$/u
const DASH = /^[\p{Pd}\u2212]$/u
const DIGIT = /^\p{Nd}$/u
const QUOTE = /^[‘’‛ʼ′`´]$/u

/** One code point as the finders want to see it. */
function plainCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0x80) return character
  if (INVISIBLE.test(character)) return ''
  if (SPACE.test(character)) return ' '
  if (DASH.test(character)) return '-'
  if (QUOTE.test(character)) return "'"
  const wide = character.normalize('NFKC')
  if (wide.length === 1 && wide > ' ' && wide < '\x7f' && !/\p{No}/u.test(character)) return wide
  return DIGIT.test(character) ? digitOf(code) : character
}

/** Unicode keeps decimal digits in rows of ten, and a row's zero is the first behind a character that is none. */
function digitOf(code: number): string {
  let value = 0
  while (value < 9 && DIGIT.test(String.fromCodePoint(code - value - 1))) value++
  return String(value)
}

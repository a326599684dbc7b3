/**
 * Character hygiene: removes what no reader can see and what breaks other programs. Joiners stay where scripts and
 * emoji need them, variation selectors where they choose a glyph, tag characters in the three recommended flags.
 */

/** Everything that may have to go, found fast; `kept` decides for the characters that have honest uses. */
const SUSPECT =
  /\u034F|\u17B4|\u17B5|[\u180B-\u180D]|\u180E|\u180F|[\uFE00-\uFE0F]|[\0-\x08\x0B\x0E-\x1F\x7F-\x84\x86-\x9F\xAD\u061C\u115F\u1160\u200B-\u200F\u202A-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB\u{1BCA0}-\u{1BCA3}\u{1D173}-\u{1D17A}\u{E0000}-\u{E0FFF}]/u
const SUSPECTS = new RegExp(SUSPECT.source, 'gu')

const EMOJI = /^\p{Extended_Pictographic}$/u
const EMOJI_END = /^(?:\uFE0F|\p{Extended_Pictographic}|\p{Emoji_Modifier})$/u
/** Scripts whose spelling or shaping needs the joiners U+200C and U+200D. */
const JOINING =
  /^[\p{scx=Arab}\p{scx=Syrc}\p{scx=Mong}\p{scx=Nkoo}\p{scx=Deva}\p{scx=Beng}\p{scx=Guru}\p{scx=Gujr}\p{scx=Orya}\p{scx=Taml}\p{scx=Telu}\p{scx=Knda}\p{scx=Mlym}\p{scx=Sinh}\p{scx=Khmr}\p{scx=Mymr}]$/u
const MONGOLIAN = /\p{Script=Mongolian}/u
const IDEOGRAPH = /^\p{Script=Han}$/u
const FLAG =
  /\u{1F3F4}\u{E0067}\u{E0062}(?:\u{E0065}\u{E006E}\u{E0067}|\u{E0073}\u{E0063}\u{E0074}|\u{E0077}\u{E006C}\u{E0073})\u{E007F}/gu

export interface CleanText {
  readonly text: string
  /** Characters dropped or replaced. */
  readonly removed: number
}

/** NUL and lone surrogates become U+FFFD; invisible characters go. Line breaks and tabs stay. */
export function cleanCharacters(text: string): CleanText {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed()
  const replaced = wellFormed === text ? 0 : countDifferences(text, wellFormed)
  if (!SUSPECT.test(wellFormed)) return { text: wellFormed, removed: replaced }
  const flags = flagRanges(wellFormed)
  let removed = replaced
  const cleaned = wellFormed.replace(SUSPECTS, (character, offset: number) => {
    if (character === '\0') {
      removed += 1
      return '\uFFFD'
    }
    if (inRange(flags, offset) || isKept(wellFormed, character, offset)) return character
    removed += 1
    return ''
  })
  return { text: cleaned, removed }
}

function isKept(text: string, character: string, offset: number): boolean {
  const code = character.codePointAt(0) ?? 0
  if (code === 0x200c || code === 0x200d) return isNeededJoiner(text, code, offset)
  if (code >= 0x180b && code <= 0x180d) return isBehind(MONGOLIAN, text, offset)
  if (code === 0xfe0e || code === 0xfe0f) return isEmojiBase(before(text, offset))
  if ((code >= 0xfe00 && code <= 0xfe02) || code >= 0xe0100) return IDEOGRAPH.test(before(text, offset))
  return false
}

function isNeededJoiner(text: string, code: number, offset: number): boolean {
  const right = after(text, offset + 1)
  if (isBehind(JOINING, text, offset)) return right === '' || !SUSPECT.test(right)
  return code === 0x200d && EMOJI.test(right) && isBehind(EMOJI_END, text, offset)
}

/** Behind one of those characters, and one that doesn't have to go itself. */
function isBehind(characters: RegExp, text: string, offset: number): boolean {
  const left = before(text, offset)
  return characters.test(left) && (!SUSPECT.test(left) || isKept(text, left, offset - left.length))
}

/** Digits, `#` and `*` take U+FE0F in keycaps. */
function isEmojiBase(character: string): boolean {
  return EMOJI.test(character) || /^[0-9#*]$/.test(character)
}

function before(text: string, offset: number): string {
  if (offset === 0) return ''
  const low = text.charCodeAt(offset - 1)
  const isPair = low >= 0xdc00 && low <= 0xdfff && offset > 1
  return text.slice(isPair ? offset - 2 : offset - 1, offset)
}

function after(text: string, offset: number): string {
  const code = text.codePointAt(offset)
  return code === undefined ? '' : String.fromCodePoint(code)
}

/** Flat pairs of start and end, ascending. */
function flagRanges(text: string): { readonly ends: readonly number[]; next: number } {
  const ends: number[] = []
  if (text.includes('\u{1F3F4}')) {
    for (const match of text.matchAll(FLAG)) ends.push(match.index, match.index + match[0].length)
  }
  return { ends, next: 0 }
}

/** Offsets are asked in ascending order, so the ranges are walked once. */
function inRange(ranges: { readonly ends: readonly number[]; next: number }, offset: number): boolean {
  while (offset >= (ranges.ends[ranges.next + 1] ?? Number.POSITIVE_INFINITY)) ranges.next += 2
  return offset >= (ranges.ends[ranges.next] ?? Number.POSITIVE_INFINITY)
}

function countDifferences(a: string, b: string): number {
  let count = 0
  for (let i = 0; i < a.length; i += 1) if (a.charCodeAt(i) !== b.charCodeAt(i)) count += 1
  return count
}

/**
 * What stands below a writer's words: signature, good wishes, legal footers, what a telephone adds. Taken away from the
 * end upwards, and only what can't be part of an answer.
 */
import type { Line } from './line.ts'
import { CLOSINGS, DEVICES, FORMAL_CLOSINGS, folded, LEGAL, PRINTING, WEAK_CLOSINGS } from './phrases.ts'

/** Longer lines are text, not parts of a signature. */
const LONGEST_LINE = 100
/** Of lines in which phrases are looked for. */
const LONGEST_PARAGRAPH = 4000
const MOST_LINES = 12
const MOST_ROUNDS = 20

/** Words of names, folded: whoever signs with them is one of the thread's people. */
export type Names = ReadonlySet<string>

export function withoutClosing(lines: readonly Line[], names: Names): readonly Line[] {
  const unmarked = lines.filter(({ marks }) => !marks.has('signature'))
  let left = unmarked.length > 0 ? unmarked : lines
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const shorter = withoutEnd(left, names)
    if (shorter.length === left.length) break
    left = shorter
  }
  return left
}

function withoutEnd(lines: readonly Line[], names: Names): readonly Line[] {
  let end = lines.length
  while (end > 0 && isNoise(lines[end - 1] as Line, names)) end -= 1
  const rest = lines.slice(0, end)
  return withoutBlock(rest, names)
}

/** The lowest mark of a signature decides; what below it is no signature stays. */
function withoutBlock(lines: readonly Line[], names: Names): readonly Line[] {
  const from = Math.max(0, lines.length - MOST_LINES - 1)
  for (let at = lines.length - 1; at >= from; at -= 1) {
    const line = lines[at] as Line
    const below = lines.slice(at + 1)
    if (isDelimiter(line) && below.every(isSignatureLine) && below.some((each) => identifies(each, names))) {
      return lines.slice(0, at)
    }
    if (isClosing(line, CLOSINGS, names) || isFormal(line)) {
      return below.every(isSignatureLine) ? lines.slice(0, at) : withoutOne(lines, at, names)
    }
    if (isClosing(line, WEAK_CLOSINGS, names)) {
      return below.every((each) => isNameLine(each, names) || isContactLine(each)) && below.length <= 3
        ? lines.slice(0, at)
        : withoutOne(lines, at, names)
    }
  }
  return lines
}

/** The closing itself and the name below it go; what follows was not closed by it. */
function withoutOne(lines: readonly Line[], at: number, names: Names): readonly Line[] {
  const next = lines[at + 1]
  const skipped = next !== undefined && isNameLine(next, names) ? 2 : 1
  return [...lines.slice(0, at), ...lines.slice(at + skipped)]
}

function isNoise(line: Line, names: Names): boolean {
  if (!isPlain(line)) return false
  if (/^[-_=*–—~. ]{3,200}$/.test(line.text)) return true
  return isDevice(line.text) || isLegal(line.text) || signs(line, names)
}

function isDevice(text: string): boolean {
  if (text.length > LONGEST_LINE) return false
  const words = folded(text)
  return DEVICES.some((each) => `${words} `.startsWith(each)) && words.split(' ').length <= 9
}

function isLegal(text: string): boolean {
  const words = ` ${folded(text.slice(0, LONGEST_PARAGRAPH))} `
  if (PRINTING.some((each) => words.includes(each))) return true
  return words.length > 60 && LEGAL.filter((each) => words.includes(` ${each}`)).length >= 2
}

/** Nothing but names of the thread's people. */
function signs({ text }: Line, names: Names): boolean {
  if (text.length > LONGEST_LINE) return false
  const words = folded(text).split(' ')
  return PLACEHOLDER.test(text) || (words.length <= 4 && words.every((word) => names.has(word)))
}

function isDelimiter({ kind, text }: Line): boolean {
  return kind === 'text' && /^--$/.test(text)
}

/** `Best regards`, `Merci, bonne journée !`, `Cordialement, Anne`: parts that each close or name somebody. */
function isClosing(line: Line, closings: ReadonlySet<string>, names: Names): boolean {
  if (!isPlain(line) || line.text.length > LONGEST_LINE) return false
  if (closings.has(folded(line.text))) return true
  const parts = line.text.split(/[,.;!:–—]| - | et | and | & /).filter((part) => folded(part) !== '')
  if (!closes(parts[0] ?? '', [closings], names)) return false
  return parts.every((part) => closes(part, [CLOSINGS, WEAK_CLOSINGS], names) || isName(part, names))
}

/** A phrase, perhaps with the names of people behind it: `merci Anne`. */
function closes(part: string, sets: readonly ReadonlySet<string>[], names: Names): boolean {
  const words = folded(part)
    .replace(/^(et|and) /, '')
    .split(' ')
  if (words.length > 8) return false
  return words.some((_, index) => {
    const phrase = words.slice(0, index + 1).join(' ')
    return sets.some((each) => each.has(phrase)) && words.slice(index + 1).every((word) => names.has(word))
  })
}

function isFormal(line: Line): boolean {
  if (!isPlain(line) || line.text.length > 300) return false
  const words = folded(line.text)
  return FORMAL_CLOSINGS.some((each) => words.startsWith(each))
}

/** Name, role, company, telephone, addresses: short, and no sentence. */
function isSignatureLine(line: Line): boolean {
  const { text } = line
  if (!isPlain(line) || text.length > LONGEST_LINE || leadsSomewhere(line)) return false
  if (/^p\.? ?s\b/i.test(text)) return false
  const words = text.split(' ').length
  return words <= 3 || (words <= 10 && !/[.?!:…]$/.test(text))
}

/** A link to a page, and not to somebody's site or profile. */
function leadsSomewhere({ text, runs }: Line): boolean {
  const addresses = [...(text.match(/https?:\/\/[^\s)>\]]{1,300}/g) ?? []), ...runs.flatMap(({ href }) => href ?? [])]
  return addresses.some((address) => {
    const url = URL.parse(address)
    return url !== null && url.pathname.length > 1 && !PROFILES.test(url.hostname)
  })
}

const PROFILES = /(^|\.)(linkedin|facebook|twitter|x|instagram|youtube|calendly|goo|maps\.google)\.(com|gl)$/

function identifies(line: Line, names: Names): boolean {
  return signs(line, names) || /@|www\.|\+?\d[\d .()-]{7,20}\d/.test(line.text)
}

function isNameLine(line: Line, names: Names): boolean {
  return isPlain(line) && line.text.length <= 60 && isName(line.text, names)
}

/** Nothing but a telephone number or an address. */
function isContactLine({ text }: Line): boolean {
  return (
    /^\+?[\d (][\d .()/-]{7,30}$/.test(text) || /^[^\s@]{1,100}@[^\s@]{1,100}$/.test(text) || PLACEHOLDER.test(text)
  )
}

/** In a recording, or where the help desk takes personal data out itself. */
export const PLACEHOLDER = /^\[[A-Z_]{1,40}_\d{1,4}\]$/

/** One of the thread's people, or up to four words with capitals. */
function isName(text: string, names: Names): boolean {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  if (words.length === 0 || words.length > 4) return false
  return words.every(
    (word) => /^\p{Lu}[\p{L}.'’-]{0,30}$/u.test(word) || names.has(folded(word)) || PLACEHOLDER.test(word),
  )
}

function isPlain({ kind }: Line): boolean {
  return kind === 'text' || kind === 'heading'
}

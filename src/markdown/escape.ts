/** Text as markdown that reads back as the same text, with no more backslashes than that takes. */
import { endsPlaceholder, placeholderEnd } from './placeholders.ts'

export interface TextPosition {
  /** Where a block could begin: the start of a paragraph or of a line in it. */
  readonly lineStart: boolean
  /** The end of a heading, where `#` could be read as its closing. */
  readonly headingEnd: boolean
  readonly inLink: boolean
  readonly inCell: boolean
  /** A link or image follows at once. */
  readonly beforeLink: boolean
  /** Something that is no space follows on the same line. */
  readonly followed: boolean
  /** A line break follows, which is written as a backslash. */
  readonly beforeBreak: boolean
}

const SPECIAL = /[\\`*_~[\](<&!|]/g
const URL = /https?:\/\/[^\s<>|`"\\^{}]+/gi
const MAX_URL = 2_048
const ENTITY = /&#?\w{1,32};/y
/** Readers link what begins like this up to the next space, and take a backslash or a mark in it for a part of the address. */
const ADDRESS = /www(?=\.)|(?:ftp|https?)(?=:\/\/)/i
const ADDRESSES = new RegExp(ADDRESS.source, 'gi')
const PUNCTUATION = /[!-/:-@[-`{-~]/

export function escapeText(text: string, position: TextPosition): string {
  const escaped = position.inLink || !text.includes('://') ? escapeInline(text, position) : escapeAround(text, position)
  const started = position.lineStart ? escapeLineStart(escaped, position.followed) : escaped
  return position.headingEnd ? started.replace(/(^|\s)(#+)$/, '$1\\$2') : started
}

/** Bare addresses become `<https://…>`, which needs no escapes; readers link them anyway. */
function escapeAround(text: string, position: TextPosition): string {
  const parts: string[] = []
  let end = 0
  for (const match of text.matchAll(URL)) {
    if (match[0].length > MAX_URL) continue
    const url = withoutTail(match[0])
    if (url.length < 9) continue
    const lead = { ...position, lineStart: position.lineStart && end === 0, beforeLink: true }
    parts.push(escapeInline(text.slice(end, match.index), lead), autolink(url, position.inCell))
    end = match.index + url.length
  }
  const rest = end === 0 ? position : { ...position, lineStart: false }
  parts.push(escapeInline(text.slice(end), rest))
  return parts.join('')
}

export function autolink(url: string, inCell: boolean): string {
  return `<${inCell ? url.replaceAll('|', '\\|') : url}>`
}

/** Punctuation at the end belongs to the sentence, not to the address. */
function withoutTail(url: string): string {
  let end = url.length
  while (end > 0 && /[.,;:!?'"`|\\)\]}]/.test(url[end - 1] ?? '') && !closesOwn(url, end)) end -= 1
  return url.slice(0, end)
}

function closesOwn(url: string, end: number): boolean {
  return url[end - 1] === ')' && url.lastIndexOf('(', end) > url.lastIndexOf(')', end - 2)
}

function escapeInline(text: string, position: TextPosition): string {
  const escaped = text.replace(SPECIAL, (character, offset: number) => {
    if (!needsEscape(text, character, offset, position)) return character
    // Some readers take an escaped backtick in a link for one of a code span.
    return character === '`' && position.inLink ? '&#96;' : `\\${character}`
  })
  if (position.inLink || !ADDRESS.test(escaped)) return escaped
  return escaped.replace(/[^\s<]+/g, (word, offset: number) => {
    const isTouched = (position.followed || position.beforeBreak) && offset + word.length === escaped.length
    return isTouched || word.includes('\\') ? word.replace(ADDRESSES, '$&\\') : word
  })
}

function needsEscape(text: string, character: string, offset: number, position: TextPosition): boolean {
  const left = text[offset - 1] ?? ''
  const right = text[offset + 1] ?? ''
  switch (character) {
    case '\\':
      return right === '' || PUNCTUATION.test(right)
    case '*':
      return left !== ' ' || right !== ' '
    case '_':
      return !(isWord(left) && isWord(right))
    case '~':
      return left !== ' ' || right === '' || right === '~'
    case '[':
      return (position.inLink || (position.lineStart && offset === 0)) && !startsPlaceholder(text, offset, position)
    case ']':
      return (position.inLink || right === '') && !isPlaceholder(text, offset + 1, position)
    case '(':
      return left === ']'
    case '<':
      return right === '' || /[a-z/!?]/i.test(right)
    case '&':
      return right === '' || isEntity(text, offset)
    case '!':
      return right === '' && position.beforeLink
    case '|':
      return position.inCell || (position.lineStart && offset === 0)
    default:
      return true
  }
}

/** A placeholder that what follows can't make a link of needs no escapes. */
function startsPlaceholder(text: string, offset: number, position: TextPosition): boolean {
  const end = placeholderEnd(text, offset)
  return end !== null && isHarmless(text, end, position)
}

function isPlaceholder(text: string, end: number, position: TextPosition): boolean {
  return isHarmless(text, end, position) && endsPlaceholder(text, end)
}

function isHarmless(text: string, end: number, { followed }: TextPosition): boolean {
  return end === text.length ? !followed : text[end] !== ':'
}

function isWord(character: string): boolean {
  return /[\p{L}\p{N}]/u.test(character)
}

function isEntity(text: string, offset: number): boolean {
  ENTITY.lastIndex = offset
  return ENTITY.test(text)
}

/** Of markdown that begins a line: what would make it a heading, list, quote, rule or table. */
export function escapeLineStart(text: string, followed: boolean): string {
  if (!/^(?:[#>+=:-]|\d)/.test(text)) return text
  // Any letter stands for what follows: `1.` is a list only at the end of a line or before a space.
  const line = followed ? `${text}x` : text
  const escaped = line
    .replace(/^(?:#{1,6}(?=\s|$)|>|[-+](?=\s|$)|-(?=[-|:])|=+(?=\s*$)|:(?=-))/, '\\$&')
    .replace(/^(\d{1,9})([.)])(?=\s|$)/, '$1\\$2')
  return followed ? escaped.slice(0, -1) : escaped
}

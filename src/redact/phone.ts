/** Phone numbers, by the numbering plans of libphonenumber: French writing first, then with a country code, then others'. */
import { isGlued, onlyDigits, type Window, windowsFrom } from './digits.ts'
import { disjoint, type Finding, TAKEN } from './finding.ts'
import { isPhoneLabel, isThingLabel } from './labels.ts'
import { type CountryCode, possibleNumber, validNational, validNumber } from './numbering.ts'

/** Where a number may start: a digit, perhaps behind a plus or an opening bracket. */
const START = /(?<![\p{L}\d+])(?:\+[ .-]?\(?|\((?:\+ ?)?)?\d/gu
const SEPARATORS = ' .-()/\n'
const MOST_DIGITS = 17
/** Whose national writing is known when no word says that it is a phone number. */
const NATIONAL: readonly CountryCode[] = ['GB', 'BE', 'CH']
/** … and when one does. */
const LABELLED: readonly CountryCode[] = [
  'FR',
  'US',
  'GB',
  'BE',
  'CH',
  'DE',
  'ES',
  'IT',
  'LU',
  'NL',
  'PT',
  'MA',
  'TN',
  'DZ',
  'SN',
  'CI',
  'AU',
]
/** What makes a number an amount. */
const AMOUNT = /^ ?(?:€|\$|£|%|eur\b|euros?\b|usd\b|gbp\b|px\b|ms\b|kg\b|km\b|[.,]\d|:\d\d)/i

/** Another group, or what an earlier one was replaced by. */
const CONTINUES = new RegExp(`[\\d${TAKEN}][ .-]{1,3}$`)

interface Place {
  readonly text: string
  /** Does a country code come first? */
  readonly isPlus: boolean
  isPhone(): boolean
  isThing(): boolean
}

/** `known` are numbers of the thread's people: these are found however they are written. */
export function findPhones(text: string, known: readonly string[]): readonly Finding[] {
  const endings = new Set(known.map(ending).filter((digits) => digits.length >= 6))
  const findings: Finding[] = []
  let end = 0
  for (const match of text.matchAll(START)) {
    if (match.index < end) continue
    const found = phoneAt(text, match.index, match[0], endings)
    if (found === null) continue
    findings.push(found)
    end = found.end
  }
  return disjoint(findings)
}

function phoneAt(text: string, index: number, lead: string, known: ReadonlySet<string>): Finding | null {
  const at = index + lead.length - 1
  const windows = windowsFrom(text, at, MOST_DIGITS, SEPARATORS).filter(
    ({ digits, end }) => digits.length >= 6 && !isGlued(text, end) && !AMOUNT.test(text.slice(end, end + 8)),
  )
  if (windows.length === 0) return null
  const place = placeOf(text, index, lead.includes('+') || /wa\.me\/$/.test(text.slice(Math.max(0, index - 6), index)))
  for (const window of windows.toReversed()) {
    const value =
      known.size > 0 && known.has(window.digits.slice(-9)) ? `+${window.digits.slice(-9)}` : numberIn(window, place)
    if (value !== null) return { start: openingOf(text, index, window), end: closing(text, index, window.end), value }
  }
  return null
}

/** The words in front are read once, and only where it depends on them. */
function placeOf(text: string, index: number, isPlus: boolean): Place {
  let phone: boolean | null = null
  let thing: boolean | null = null
  const isPhone = (): boolean => {
    phone ??= isPhoneLabel(text, index)
    return phone
  }
  const isThing = (): boolean => {
    thing ??= !isPhone() && (isThingLabel(text, index) || isInPath(text, index))
    return thing
  }
  return { text, isPlus, isPhone, isThing }
}

/** The bracket in front is the number's only where it is closed inside it, or right behind. */
function openingOf(text: string, index: number, { start, end }: Window): number {
  if (text[index] !== '(') return index
  return text.slice(start, end + 1).includes(')') ? index : index + 1
}

function closing(text: string, index: number, end: number): number {
  return text[index] === '(' && text[end] === ')' && !text.slice(index, end).includes(')') ? end + 1 : end
}

function numberIn(window: Window, place: Place): string | null {
  const { digits } = window
  if (digits.length > 13 && !place.isPlus && !digits.startsWith('00')) return null
  if (place.isPlus) return international(place.text, window, possibleNumber)
  if (digits.startsWith('00') && continues(window, place.text)) return null
  if (digits.startsWith('00'))
    return unlessThing(
      international(place.text, window, digits.startsWith('0033') ? possibleNumber : validNumber),
      place,
    )
  if (window.groups === '2,2,2,2,2' && isCounting(digits)) return null
  if (/^0[1-9]\d{8}$/.test(digits) && window.groups === '2,2,2,2,2') return `+33${digits.slice(1)}`
  if (/^0[1-9]\d{8}$/.test(digits) && !window.groups.includes(',')) return unlessThing(`+33${digits.slice(1)}`, place)
  if (digits.length < 7 || isDate(digits, window.groups)) return null
  const french = isFrench(window, place.text) ? frenchNational(digits) : null
  return unlessThing(french ?? otherNational(window, place), place)
}

/** Ranges of mobile numbers are opened faster than anybody's list of them is renewed. */
function frenchNational(digits: string): string | null {
  return /^0[67]\d{8}$/.test(digits) ? `+33${digits.slice(1)}` : validNational(digits, 'FR')
}

function unlessThing(number: string | null, place: Place): string | null {
  return number === null || place.isThing() ? null : number
}

/** `+33 (0)6 …` among them, whose trunk prefix is not dialled. */
function international(text: string, window: Window, find: (digits: string) => string | null): string | null {
  if (window.digits.length < 8) return null
  const written = text.slice(window.start, window.end).replace(/\( ?0 ?\)/, '')
  const digits = onlyDigits(written).replace(/^00/, '')
  return /^[1-9]/.test(digits) ? find(digits) : null
}

/** `0 800 123 456` has a lone digit in front, but `0.22621.255` has it too. */
function isFrench(window: Window, text: string): boolean {
  const { digits, groups, start } = window
  if (!digits.startsWith('0') || (groups.startsWith('1,') && text[start + 1] !== ' ')) return false
  return !continues(window, text)
}

function otherNational(window: Window, place: Place): string | null {
  const { digits, groups } = window
  // 33 6 12 34 56 78, where the plus went missing
  if (groups === '2,1,2,2,2,2' && /^33[67]/.test(digits) && !continues(window, place.text)) return `+${digits}`
  for (const country of unlabelled(window, place.text)) {
    const number = validNational(digits, country)
    if (number !== null) return number
  }
  if (!place.isPhone()) return null
  for (const country of LABELLED) {
    const number = validNational(digits, country)
    if (number !== null) return number
  }
  return digits.length > 9 ? validNumber(digits) : null
}

function continues({ start }: Window, text: string): boolean {
  return CONTINUES.test(text.slice(Math.max(0, start - 4), start))
}

/** Countries in whose way the number is written. A group in front makes it a part of something longer. */
function unlabelled(window: Window, text: string): readonly CountryCode[] {
  const { digits, groups } = window
  if (continues(window, text)) return []
  if (digits.startsWith('0')) return groups.includes(',') && digits.length > 8 ? NATIONAL : []
  if (groups === '3,3,4' || groups === '1,3,3,4') return ['US']
  return groups === '2,1,2,2,2,2' && digits.startsWith('33') ? ['FR'] : []
}

/** 2024 01 15, 20240115103000, 15/01/2024. */
function isDate(digits: string, groups: string): boolean {
  return /^(?:19|20)\d\d(?:0\d|1[0-2])[0-3]\d/.test(digits) || /^[12],[12],(?:4|2$|2,2,2$)/.test(groups)
}

/** 01 02 03 04 05. */
function isCounting(digits: string): boolean {
  const pairs = [0, 2, 4, 6, 8].map((at) => Number(digits.slice(at, at + 2)))
  return pairs.every((pair, at) => at === 0 || pair === (pairs[at - 1] ?? 0) + 1)
}

/** In a path, digits are an id. */
function isInPath(text: string, index: number): boolean {
  return /[\p{L}\d_-]\/$/u.test(text.slice(Math.max(0, index - 2), index))
}

function ending(digits: string): string {
  return onlyDigits(digits).slice(-9)
}

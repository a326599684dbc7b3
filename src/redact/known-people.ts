/** The people of a thread as the connector handed them over, sorted: names in their parts, user names, addresses, numbers. */
import { COMMON_WORDS, NOBODY, PARTICLES } from './common-words.ts'
import { fold } from './fold.ts'

export interface People {
  /** By a part of a name, folded: whose it is. */
  readonly parts: ReadonlyMap<string, readonly number[]>
  /** Postal addresses, by their first word. */
  readonly addresses: ReadonlyMap<string, readonly Phrase[]>
  /** By the first word of a user name, which counts only as a whole. */
  readonly phrases: ReadonlyMap<string, readonly Phrase[]>
  /** Parts in scripts that write no spaces. */
  readonly unspaced: readonly { readonly text: string; readonly person: number }[]
  /** `de La`, of each person's name. */
  readonly particles: readonly ReadonlySet<string>[]
  /** First letters of each person's parts. */
  readonly initials: readonly ReadonlySet<string>[]
  /** Phone numbers, as handed over. */
  readonly numbers: readonly string[]
}

export interface Phrase {
  readonly words: readonly string[]
  readonly person: number
}

/** A word of the text. */
export interface Word {
  readonly start: number
  readonly end: number
  readonly folded: string
}

const WORD = /[\p{L}\p{M}\p{N}]{1,128}/gu
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Hangul}\p{sc=Lao}\p{sc=Khmer}]/u
const SHORTEST_HANDLE = 4
/** A customer's number may be `2024`, and so may a year, a limit, an error. */
const SHORTEST_NUMBER = 5

/** Sorts what the connector handed over: numbers, addresses, user names, and names of people. */
export function readPeople(people: readonly string[]): People {
  const parts = new Map<string, number[]>()
  const phrases = new Map<string, Phrase[]>()
  const addresses = new Map<string, Phrase[]>()
  const unspaced: { text: string; person: number }[] = []
  const initials: Set<string>[] = []
  const particles: Set<string>[] = []
  const numbers: string[] = []

  function addPart(part: string, person: number): void {
    const owners = parts.get(part) ?? []
    if (!owners.includes(person)) owners.push(person)
    parts.set(part, owners)
  }

  /** Whose parts all of these are already, as those of a user name or of a shorter name are. */
  function ownerOf(words: readonly string[], person: number): number {
    const [first = [], ...others] = words.map((word) => parts.get(word) ?? phraseOwners(word))
    return first.find((owner) => others.every((owners) => owners.includes(owner))) ?? person
  }

  function phraseOwners(handle: string): readonly number[] {
    return (phrases.get(handle) ?? []).flatMap(({ words, person }) => (words.length === 1 ? [person] : []))
  }

  function addPhrase(text: string, entry: number): void {
    const words = wordsOf(text).map(({ folded }) => folded)
    const [first] = words
    const person = ownerOf(words, entry)
    if (first === undefined || isTooShort(words.join('')) || words.every((word) => NOBODY.has(word))) return
    if (words.length === 1 && COMMON_WORDS.has(first)) addPart(first, person)
    else phrases.set(first, [...(phrases.get(first) ?? []), { words, person }])
  }

  function addAddress(text: string, person: number): void {
    const words = wordsOf(text).map(({ folded }) => folded)
    const first = words[0] ?? ''
    addresses.set(first, [...(addresses.get(first) ?? []), { words, person }])
  }

  function addName(text: string, entry: number): void {
    const named = wordsOf(text.replace(/\([^)]{0,200}\)/g, ' '))
      .map(({ folded }) => folded)
      .filter((word) => (PARTICLES.has(word) || !NOBODY.has(word)) && !/^\d+$/.test(word))
    const own = named.filter((word) => !PARTICLES.has(word) && word.length > 1)
    const person = ownerOf(own, entry)
    for (const word of named) if (PARTICLES.has(word)) particles[person]?.add(word)
    for (const part of own) {
      if (UNSPACED.test(part)) unspaced.push({ text: part, person })
      else addPart(part, person)
      initials[person]?.add(part.slice(0, 1))
    }
    for (const joined of text.split(/\s+/).filter((part) => /[-'’]/.test(part)))
      addPart(fold(joined).replace(/[^\p{L}]/gu, ''), person)
    for (const handle of handlesOf(named))
      phrases.set(handle, [...(phrases.get(handle) ?? []), { words: [handle], person }])
  }

  for (const [person, text] of inOrder(people).entries()) {
    initials.push(new Set())
    particles.push(new Set())
    if (isNumber(text)) numbers.push(text)
    else if (isMail(text)) addPhrase(localPart(text), person)
    else if (isPostal(text)) addAddress(text, person)
    else if (isUserName(text)) addPhrase(text, person)
    else addName(text, person)
  }
  return { parts, addresses, phrases, unspaced, initials, particles, numbers }
}

export function wordsOf(text: string): readonly Word[] {
  return [...text.matchAll(WORD)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    folded: fold(match[0]),
  }))
}

function isTooShort(handle: string): boolean {
  return handle.length < (/^\d+$/.test(handle) ? SHORTEST_NUMBER : SHORTEST_HANDLE)
}

/** User names that people make of their names: jeandupont, dupontjean, jdupont, dupontj, jeand. */
function handlesOf(named: readonly string[]): readonly string[] {
  const first = named[0] ?? ''
  const rest = named.slice(1).join('')
  const last = named.at(-1) ?? ''
  if (rest === '') return []
  const made = [
    first + rest,
    rest + first,
    first + last,
    last + first,
    first.slice(0, 1) + rest,
    first.slice(0, 1) + last,
    last + first.slice(0, 1),
    first + last.slice(0, 1),
    named.join(''),
    first.slice(0, 1) + named.slice(2).join(''),
  ]
  return [...new Set(made)].filter(
    (handle) => handle.length >= SHORTEST_HANDLE && !COMMON_WORDS.has(handle) && !PARTICLES.has(handle),
  )
}

/** Names first, the longest of them before the rest: what else there is of a person is then known as theirs. */
function inOrder(people: readonly string[]): readonly string[] {
  const entries = [...new Set(people.map((entry) => entry.trim().slice(0, 300)))]
  const isName = (text: string): boolean => !isNumber(text) && !isMail(text) && !isPostal(text) && !isUserName(text)
  const words = (text: string): number => text.split(/[\s-]+/).length
  const names = entries.filter(isName).toSorted((a, b) => words(b) - words(a))
  return [...names, ...entries.filter((text) => !isName(text))]
}

function isMail(text: string): boolean {
  return text.includes('@') && !text.startsWith('@')
}

function localPart(mail: string): string {
  return mail.slice(0, mail.lastIndexOf('@')).replace(/^.*[<\s]/, '')
}

function isNumber(text: string): boolean {
  return /^[\d +().\-/]+$/.test(text) && text.replace(/\D/g, '').length >= 6
}

function isPostal(text: string): boolean {
  return /(?:^|\s)\d/.test(text) && text.split(/\s+/).length > 2
}

function isUserName(text: string): boolean {
  return !/\s/.test(text) && (/[\d_.@]/.test(text) || text.startsWith('@')) && !/^\p{Lu}\.?-?\p{Lu}?\.$/u.test(text)
}

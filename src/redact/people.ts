/** The people of a thread, and the places of their names in a text: whole, in part, inflected, in any case. */
import { COMMON_WORDS, NOBODY, PARTICLES } from './common-words.ts'
import { type Evidence, isName } from './evidence.ts'
import { disjoint, type Finding } from './finding.ts'
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

interface Phrase {
  readonly words: readonly string[]
  readonly person: number
}

/** A word of the text. */
export interface Word {
  readonly start: number
  readonly end: number
  readonly folded: string
}

interface Hit {
  readonly from: number
  readonly to: number
  readonly persons: readonly number[]
  readonly isSure: boolean
}

const WORD = /[\p{L}\p{M}\p{N}]{1,128}/gu
const UNSPACED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Hangul}\p{sc=Lao}\p{sc=Khmer}]/u
/** What may stand between the parts of one name. */
const GAP = /^(?:[ \t]{0,3}\n?[ \t]{0,3}|[.,]? {0,2}|[-_'.+]| ?- ?|%20|[*_]{1,3} ?[*_]{0,3})$/
const PARTICLE_GAP = /^[ '-]$/
const PHRASE_GAP = /^[^\p{L}\p{N}]{0,6}$/u
const SHORTEST_HANDLE = 4

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
    if (first === undefined || words.join('').length < SHORTEST_HANDLE || words.every((word) => NOBODY.has(word)))
      return
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

export function findPeople(text: string, people: People): readonly Finding[] {
  if (people.parts.size + people.phrases.size + people.unspaced.length === 0) return []
  const words = wordsOf(text)
  const hits: Hit[] = []
  for (let at = 0; at < words.length; at++) {
    const hit = phraseAt(text, words, at, people.phrases) ?? nameAt(text, words, at, people)
    if (hit === null) continue
    hits.push(hit)
    at = hit.to
  }
  const findings = hits.flatMap((hit) => findingOf(text, words, hit, people))
  return disjoint([...findings, ...findUnspaced(text, people)])
}

/** Postal addresses that were handed over, however they are set. */
export function findKnownAddresses(text: string, { addresses }: People): readonly Finding[] {
  if (addresses.size === 0) return []
  const words = wordsOf(text)
  return words.flatMap((word, at) => {
    const hit = phraseAt(text, words, at, addresses)
    return hit === null
      ? []
      : [{ start: word.start, end: words[hit.to]?.end ?? word.end, value: `known ${hit.persons[0]}` }]
  })
}

function findingOf(text: string, words: readonly Word[], hit: Hit, people: People): readonly Finding[] {
  const [from, to] = withInitials(text, words, hit, people)
  const start = words[withParticles(text, words, from, hit, people)]?.start ?? 0
  const end = words[to]?.end ?? 0
  const evidence: Evidence = { text, words, from, to }
  const isOne = hit.isSure || from !== hit.from || to !== hit.to || isName(evidence)
  return isOne ? [{ start, end, value: String(hit.persons[0]) }] : []
}

function phraseAt(
  text: string,
  words: readonly Word[],
  at: number,
  phrases: ReadonlyMap<string, readonly Phrase[]>,
): Hit | null {
  const folded = words[at]?.folded ?? ''
  const candidates = phrases.get(folded) ?? phrases.get(folded.replace(/\d{1,4}$/, '')) ?? []
  let best: Hit | null = null
  for (const { words: own, person } of candidates) {
    const to = at + own.length - 1
    if (best !== null && to <= best.to) continue
    if (own.every((word, i) => i === 0 || (words[at + i]?.folded === word && between(text, words, at + i, PHRASE_GAP))))
      best = { from: at, to, persons: [person], isSure: true }
  }
  return best
}

/** Parts of the same name one after the other, particles between them. */
function nameAt(text: string, words: readonly Word[], at: number, people: People): Hit | null {
  let persons = ownersOf(words[at], people)
  if (persons.length === 0) return null
  const distinct = new Set([words[at]?.folded])
  let isSure = !isWeak(words[at]?.folded ?? '')
  let to = at
  for (let next = at + 1; next < words.length && next <= to + 3 && between(text, words, next, GAP); next++) {
    const shared = ownersOf(words[next], people).filter((person) => persons.includes(person))
    if (shared.length === 0 && !PARTICLES.has(words[next]?.folded ?? '')) break
    if (shared.length === 0) continue
    persons = shared
    distinct.add(words[next]?.folded)
    isSure ||= distinct.size > 1 || !isWeak(words[next]?.folded ?? '')
    to = next
  }
  return { from: at, to, persons, isSure }
}

function ownersOf(word: Word | undefined, { parts }: People): readonly number[] {
  if (word === undefined) return []
  const { folded } = word
  const own = parts.get(folded)
  if (own !== undefined) return own
  const stem = folded.replace(/(?<=\p{L})\d{1,4}$/u, '')
  if (stem !== folded && !isWeak(stem)) return parts.get(stem) ?? []
  const singular = inflected(folded)
  return singular === null ? [] : (parts.get(singular) ?? [])
}

/** `the Duponts`, `Ivanovs`, `Johns` for `John's`; a word that is common in itself has no such form. */
function inflected(folded: string): string | null {
  const singular = /^(.{3,}?)(?:es|s)$/.exec(folded)?.[1] ?? null
  const plain = folded.endsWith('s') && folded.length > 4 ? folded.slice(0, -1) : null
  return [plain, singular].find((form) => form !== null && !isWeak(form)) ?? null
}

function isWeak(part: string): boolean {
  return part.length < 3 || COMMON_WORDS.has(part)
}

/** `J. Dupont`, `Jean D.`: a capital letter of the same person's beside the name. */
function withInitials(
  text: string,
  words: readonly Word[],
  { from, to, persons }: Hit,
  people: People,
): readonly [number, number] {
  const own = people.initials[persons[0] ?? -1]
  const isInitial = (word: Word | undefined): boolean =>
    word !== undefined &&
    word.folded.length === 1 &&
    own?.has(word.folded) === true &&
    text.slice(word.start, word.end) !== word.folded
  const before = words[from - 1]
  const behind = words[to + 1]
  const isBefore = isInitial(before) && /^(?:\. ?|[ -]\n?)$/.test(text.slice(before?.end, words[from]?.start))
  const isArticle = before?.folded === 'a' && text[before.end] !== '.'
  const isBehind =
    isInitial(behind) && /^[ -]$/.test(text.slice(words[to]?.end, behind?.start)) && text[behind?.end ?? 0] !== "'"
  return [isBefore && !isArticle ? from - 1 : from, isBehind ? to + 1 : to]
}

/** `de La Tour`: what stands in front of a part and is of the same name. */
function withParticles(text: string, words: readonly Word[], from: number, { persons }: Hit, people: People): number {
  const own = people.particles[persons[0] ?? -1]
  let first = from
  while (
    first > 0 &&
    from - first < 4 &&
    own?.has(words[first - 1]?.folded ?? '') &&
    between(text, words, first, PARTICLE_GAP)
  )
    first--
  return first
}

function findUnspaced(text: string, { unspaced }: People): readonly Finding[] {
  return unspaced.flatMap(({ text: part, person }) => {
    const findings: Finding[] = []
    for (let at = text.indexOf(part); part.length > 1 && at !== -1; at = text.indexOf(part, at + part.length))
      findings.push({ start: at, end: at + part.length, value: String(person) })
    return findings
  })
}

function between(text: string, words: readonly Word[], at: number, gap: RegExp): boolean {
  const from = words[at - 1]?.end ?? 0
  const to = words[at]?.start ?? 0
  return to - from <= 8 && gap.test(text.slice(from, to))
}

function wordsOf(text: string): readonly Word[] {
  return [...text.matchAll(WORD)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    folded: fold(match[0]),
  }))
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

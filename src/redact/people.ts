/** The places of people's names in a text: whole, in part, inflected, in any case. */
import { COMMON_WORDS, PARTICLES } from './common-words.ts'
import { type Evidence, isName } from './evidence.ts'
import { disjoint, type Finding } from './finding.ts'
import { type People, type Phrase, type Word, wordsOf } from './known-people.ts'

interface Hit {
  readonly from: number
  readonly to: number
  readonly persons: readonly number[]
  readonly isSure: boolean
}

/** What may stand between the parts of one name. */
const GAP = /^(?:[ \t]{0,3}\n?[ \t]{0,3}|[.,]? {0,2}|[-_'.+]| ?- ?|%20|[*_]{1,3} ?[*_]{0,3})$/
const PARTICLE_GAP = /^[ '-]$/
const PHRASE_GAP = /^[^\p{L}\p{N}]{0,6}$/u

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

/** Personal data out of text: each is replaced by a placeholder that is the same wherever the same thing stands. */

import type { RedactPattern } from '../core/connector.ts'
import { UnsiloError } from '../core/errors.ts'
import { findCards, findIbans } from './bank.ts'
import { customFinder } from './custom.ts'
import { findEmails } from './email.ts'
import { disjoint, type Finding, KINDS, type Kind, TAKEN } from './finding.ts'
import { findNirs, findSirens, findSirets } from './french-numbers.ts'
import { findIps } from './ip.ts'
import { readPeople } from './known-people.ts'
import { type Edit, movedBy, type Side } from './offsets.ts'
import { findKnownAddresses, findPeople } from './people.ts'
import { findPhones } from './phone.ts'
import { type Plain, plain, unmarked } from './plain.ts'
import { findSecrets } from './secrets.ts'
import { findAddresses } from './street.ts'

export type { Kind } from './finding.ts'

export interface RedactOptions {
  /** Names, user names, e-mail and postal addresses, phone numbers of the thread's own people. */
  readonly people?: readonly string[]
  readonly custom?: readonly RedactPattern[]
  /** What is removed; all kinds where absent. Custom patterns always hold. */
  readonly on?: readonly Kind[]
}

export interface Redacted {
  readonly text: string
  /** Replacements made, by kind; custom patterns by their placeholder's name. Kinds without any are left out. */
  readonly counts: Readonly<Record<string, number>>
  /** Where a place of the given text is in `text`; of one inside what was replaced, the side of the placeholder. */
  moved(offset: number, side: Side): number
}

export interface Redactor {
  redact(text: string): Redacted
}

interface Finder {
  readonly name: string
  readonly label: string
  find(text: string): readonly Finding[]
}

interface Replacement {
  readonly start: number
  readonly end: number
  readonly name: string
  readonly label: string
  readonly value: string
}

/** What one replacement uncovers, the next pass finds; more than this many passes nobody writes by accident. */
const MOST_PASSES = 8
/** A text may hold placeholders that nobody gave out; they must not use up the numbers. */
const HIGHEST_RESERVED = 9999

/** One text by itself. */
export function redact(text: string, options: RedactOptions = {}): Redacted {
  return createRedactor(options).redact(text)
}

/**
 * For the texts of one thread: the same person, number or address gets the same placeholder in all of them. Redacting
 * again changes nothing. Throws CONFIG_INVALID where a custom pattern is unusable.
 */
export function createRedactor(options: RedactOptions = {}): Redactor {
  const finders = findersOf(options)
  const placeholders = placeholdersOf(finders)
  const numbers = new Map<string, Map<string, number>>()
  const highest = new Map<string, number>()

  function placeholder(label: string, value: string): string {
    const known = numbers.get(label) ?? new Map<string, number>()
    numbers.set(label, known)
    const number = known.get(value) ?? (highest.get(label) ?? 0) + 1
    known.set(value, number)
    highest.set(label, Math.max(number, highest.get(label) ?? 0))
    return `[${label}_${number}]`
  }

  /** A text that was redacted elsewhere keeps its placeholders, so new ones must differ. */
  function reserve(text: string): void {
    for (const [, label = '', number] of text.matchAll(placeholders))
      if (Number(number) <= HIGHEST_RESERVED) highest.set(label, Math.max(highest.get(label) ?? 0, Number(number)))
  }

  return {
    redact(text) {
      reserve(text)
      const counts = new Map<string, number>()
      const passes: ReturnType<typeof movedBy>[] = []
      let current = text
      for (;;) {
        const found = replacements(current, finders, placeholders)
        if (found.length === 0) break
        if (passes.length === MOST_PASSES) throw unsettled()
        for (const { name } of found) counts.set(name, (counts.get(name) ?? 0) + 1)
        const { text: next, edits } = replaced(current, found, placeholder)
        current = next
        passes.push(movedBy(edits))
      }
      return {
        text: current,
        counts: Object.fromEntries(counts),
        moved: (offset, side) => passes.reduce((at, moved) => moved(at, side), offset),
      }
    },
  }
}

function findersOf({ people = [], custom = [], on = KINDS }: RedactOptions): readonly Finder[] {
  const known = readPeople(people)
  const find: Readonly<Record<Kind, (text: string) => readonly Finding[]>> = {
    token: findSecrets,
    iban: findIbans,
    card: findCards,
    nir: findNirs,
    siret: findSirets,
    siren: findSirens,
    email: findEmails,
    ip: findIps,
    phone: (text) => findPhones(text, known.numbers),
    address: (text) => disjoint([...findKnownAddresses(text, known), ...findAddresses(text)]),
    person: (text) => findPeople(text, known),
  }
  const own = custom.map((pattern) => customFinder(pattern)).map(({ label, find }) => ({ name: label, label, find }))
  return [
    ...own,
    ...KINDS.filter((kind) => on.includes(kind)).map((kind) => ({
      name: kind,
      label: kind.toUpperCase(),
      find: find[kind],
    })),
  ]
}

function placeholdersOf(finders: readonly Finder[]): RegExp {
  const labels = [...KINDS.map((kind) => kind.toUpperCase()), ...finders.map(({ label }) => label)]
  return new RegExp(`\\[(${labels.join('|')})_(\\d{1,6})\\]`, 'g')
}

/** What the text says as it stands; only then what it says without its marks, for a mark may part two things as well. */
function replacements(text: string, finders: readonly Finder[], placeholders: RegExp): readonly Replacement[] {
  const reading = plain(text)
  const found = foundIn(reading, finders, placeholders)
  if (found.length > 0) return found
  const bare = unmarked(reading.text)
  if (bare === null) return []
  const span = (start: number, end: number) => reading.span(...bare.span(start, end))
  return foundIn({ text: bare.text, span }, finders, placeholders)
}

/** Every finder sees what those before it left. */
function foundIn(reading: Plain, finders: readonly Finder[], placeholders: RegExp): readonly Replacement[] {
  const all: Replacement[] = []
  let open = masked(
    reading.text,
    [...reading.text.matchAll(placeholders)].map(({ index, 0: { length } }) => ({ start: index, end: index + length })),
  )
  for (const { name, label, find } of finders) {
    const found = find(open)
    if (found.length === 0) continue
    open = masked(open, found)
    all.push(...found.map((finding) => placed(reading, finding, name, label)))
  }
  return all.sort((a, b) => a.start - b.start)
}

function placed(reading: Plain, { start, end, value }: Finding, name: string, label: string): Replacement {
  const [from, to] = reading.span(start, end)
  return { start: from, end: to, name, label, value }
}

/** The text with every span made of TAKEN, so that offsets stay. */
function masked(text: string, spans: readonly { readonly start: number; readonly end: number }[]): string {
  let at = 0
  const pieces: string[] = []
  for (const { start, end } of spans) {
    pieces.push(text.slice(at, start), TAKEN.repeat(end - start))
    at = end
  }
  return pieces.join('') + text.slice(at)
}

/** Characters that one escape stands for are one character here: the first replacement that touches it takes it. */
function replaced(
  text: string,
  found: readonly Replacement[],
  placeholder: (label: string, value: string) => string,
): { readonly text: string; readonly edits: readonly Edit[] } {
  let at = 0
  const pieces: string[] = []
  const edits: Edit[] = []
  for (const { start, end, label, value } of found) {
    const shown = placeholder(label, value)
    const from = Math.max(at, start)
    pieces.push(text.slice(at, from), shown)
    at = Math.max(at, end)
    edits.push({ start: from, end: at, length: shown.length })
  }
  return { text: pieces.join('') + text.slice(at), edits }
}

/** Nobody writes so by accident, and what is left of it can't be told from what must go. */
function unsettled(): UnsiloError {
  return new UnsiloError('DOCUMENT_UNREADABLE', 'personal data keeps appearing where other is removed')
}

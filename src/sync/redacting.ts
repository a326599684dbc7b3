/**
 * Personal data out of what a connector says, before any of it is compared, stored or told. Pure, and of plain data, so
 * that it can be done anywhere.
 */

import type { Connector, Notes, RedactPolicy } from '../core/connector.ts'
import type { Excerpt, Head, Losses, Reference, StoredHead } from '../core/document.ts'
import { asUnsiloError, UnsiloError } from '../core/errors.ts'
import { canonicalJson, sha256 } from '../core/ids.ts'
import { linkingPlaceholders } from '../markdown/placeholders.ts'
import { movedBy, type Side } from '../redact/offsets.ts'
import { createRedactor, type Redactor } from '../redact/redact.ts'
import type { OwnText } from './prepare.ts'

/** What is shown instead of a text of which nothing can be left. */
export const REMOVED = '[REMOVED]'

/** What the configuration says, or what the connector asks for where it says nothing. */
export function policyOf(said: RedactPolicy | undefined, connector: Pick<Connector, 'redact'>): RedactPolicy {
  if (said !== undefined) return said
  return connector.redact === true ? { patterns: [] } : null
}

/** Words about documents that are not of one: reasons, notes, messages. */
export function redactWords(text: string, policy: RedactPolicy, people: readonly string[] = []): string {
  return policy === null ? text : words(redactorOf(policy, people), text)
}

export function redactNotes(notes: Notes, policy: RedactPolicy): Notes {
  return Object.fromEntries(
    Object.entries(notes).map(([name, text]) => [redactWords(name, policy), redactWords(text, policy)]),
  )
}

/** The same error in words that may be told and kept. What caused it is left out, its stack's words are not. */
export function redactError(thrown: unknown, policy: RedactPolicy, people: readonly string[] = []): UnsiloError {
  const error = asUnsiloError(thrown)
  if (policy === null) return error
  const say = (text: string): string => redactWords(text, policy, people)
  const told = new UnsiloError(error.code, say(error.message), {
    ...(error.hint !== undefined && { hint: say(error.hint) }),
    ...(error.status !== undefined && { status: error.status }),
  })
  const { cause } = error
  told.stack = say((cause instanceof Error ? cause.stack : undefined) ?? error.stack ?? '')
  return told
}

/** As it was listed: who its people are, only the body says. */
export function redactHead(head: Head, policy: RedactPolicy): Head {
  return policy === null ? head : headBy(redactorOf(policy), head)
}

/** A document's own text, and what its head shows, with the same placeholders for the same things. */
export function redactDocument(
  head: Head,
  own: OwnText,
  policy: RedactPolicy,
  people: readonly string[] = [],
): { readonly head: Head; readonly own: OwnText } {
  if (policy === null) return { head, own }
  const redactor = redactorOf(policy, people)
  const shown = headBy(redactor, head)
  const { text, moved } = redactedMarkdown(redactor, own.markdown)
  const place = <T extends Reference | Excerpt>(part: T): T => ({
    ...part,
    start: moved(part.start, 'behind'),
    end: moved(part.end, 'before'),
  })
  const isLeft = ({ start, end }: Reference | Excerpt): boolean => start < end
  const name = (text: string): string => redactWords(text, policy, people)
  return {
    head: shown,
    own: {
      markdown: text,
      losses: redactLosses(own.losses, redactor),
      references: own.references
        .map((reference) => ({ ...place(reference), part: reference.part && name(reference.part) }))
        .filter(isLeft),
      excerpts: own.excerpts.map((excerpt) => ({ ...place(excerpt), name: name(excerpt.name) })).filter(isLeft),
    },
  }
}

/** Placeholders stay words for whoever reads the markdown: `Jean: yes` would become a link's address, and vanish. */
function redactedMarkdown(redactor: Redactor, markdown: string) {
  const { text, moved } = redactor.redact(markdown)
  const ends = linkingPlaceholders(text, markdown)
  if (ends.length === 0) return { text, moved }
  const spaced = movedBy(ends.map((end) => ({ start: end, end, length: 1 })))
  const pieces = [0, ...ends].map((start, at) => text.slice(start, ends[at]))
  return { text: pieces.join(' '), moved: (offset: number, side: Side) => spaced(moved(offset, side), side) }
}

/** Of the words of a head as it was listed, so that the next listing of the same is known as such. */
export function listedWords({ id, title, path, labels = [] }: Head): string {
  return sha256(canonicalJson([id, title, path, labels]))
}

/**
 * The listed head as it is shown, where the stored body had a say in that; null where other words were listed than then,
 * since only the body says what must go from them.
 */
export function shownHead(listed: Head, { head, listed: before }: StoredHead): Head | null {
  if (before === undefined) return listed
  if (before !== listedWords(listed)) return null
  const { labels: _, ...rest } = listed
  return { ...rest, title: head.title, path: head.path, ...(head.labels !== undefined && { labels: head.labels }) }
}

function redactorOf({ patterns }: NonNullable<RedactPolicy>, people: readonly string[] = []): Redactor {
  return createRedactor({ people, custom: patterns })
}

/** The id, version and group are the source's own; the readers in `access` are who they are. */
function headBy(redactor: Redactor, head: Head): Head {
  const { title, path, labels, url } = head
  return {
    ...head,
    title: words(redactor, title),
    path: path.map((name) => words(redactor, name)),
    ...(labels !== undefined && { labels: labels.map((label) => words(redactor, label)) }),
    url: words(redactor, url),
  }
}

function redactLosses(losses: Losses, redactor: Redactor): Losses {
  const counts = new Map<string, number>()
  for (const [name, count] of Object.entries(losses)) {
    const shown = words(redactor, name)
    counts.set(shown, (counts.get(shown) ?? 0) + count)
  }
  return Object.fromEntries(counts)
}

function words(redactor: Redactor, text: string): string {
  try {
    return redactor.redact(text).text
  } catch {
    return REMOVED
  }
}

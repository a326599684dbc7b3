/** What a help desk says of one resolved ticket, whoever hosts it: only what its customer saw and people wrote. */

/** What tells whether a ticket is wanted, and how it is listed. */
export interface Facts {
  /** The provider's own id, unique within a source. */
  readonly id: string
  /** What people call it: `123` of _Ticket 123_. */
  readonly number: string
  /** Where teammates open it. Holds ids only, no name and no address. */
  readonly url: string
  /** Changes whenever any public part does. */
  readonly version: string
  /** ISO 8601, UTC, as the one below. */
  readonly updatedAt: string
  /** When it was solved or closed for the last time. */
  readonly resolvedAt: string
  readonly team: string | null
  readonly brand: string | null
  readonly tags: readonly string[]
  readonly rating: Rating
  /** Values of the fields that the configuration names, in its order. */
  readonly fields: readonly Field[]
}

/** What the customer thought of it: `none` where nobody asked or answered. */
export type Rating = 'good' | 'neutral' | 'bad' | 'none'

export interface Field {
  readonly name: string
  readonly value: string
}

/** Characters of a field's value: longer ones are texts, and no labels. */
export const LONGEST_VALUE = 100

export interface Thread extends Facts {
  /** May be empty. Plain text; may hold personal data, as all text of a thread does. */
  readonly subject: string
  /** In the order of time. */
  readonly parts: readonly PublicPart[]
  /**
   * Names, e-mail addresses, phone numbers and user names of everybody who took part, authors of parts that were left
   * out included: the redactor removes them. In no order, perhaps with repeats.
   */
  readonly people: readonly string[]
  /** The provider answered with less than the whole thread. */
  readonly isTruncated: boolean
}

/** `other` is a person who is neither: somebody in copy, a partner. */
export type Role = 'customer' | 'agent' | 'other'

export interface Author {
  readonly role: Role
  /** The same for all parts of one person, so that several can be numbered. Never shown. */
  readonly key: string
}

declare const passed: unique symbol

/** A message that its customer could see and a person wrote. Only `publicParts` makes one. */
export interface PublicPart {
  readonly author: Author
  /** ISO 8601, UTC. */
  readonly at: string
  readonly html: string
  /** Names of attached files, never their addresses. */
  readonly files: readonly string[]
  readonly [passed]: true
}

/** A part as the provider has it, of any kind. All of it must be said: what a provider can't tell is not public. */
export interface Candidate {
  /** A machine is a bot, an AI agent, a workflow, or whoever else wrote without a person. */
  readonly author: Author | 'machine'
  readonly kind: 'message' | 'note' | 'event'
  readonly isPublic: boolean
  /** Taken back or blacked out at the source. */
  readonly isRedacted: boolean
  readonly at: string
  readonly html: string
  readonly files: readonly string[]
}

/** The one gate: internal notes, machines' answers, events and redacted parts end here. */
export function publicParts(candidates: readonly Candidate[]): readonly PublicPart[] {
  return candidates.flatMap(({ author, kind, isPublic, isRedacted, at, html, files }) =>
    author !== 'machine' && kind === 'message' && isPublic && !isRedacted
      ? [{ author, at, html, files } as unknown as PublicPart]
      : [],
  )
}

/** What a run would do with one document: its listed head against the stored one. */

import { type Access, isWider, narrower, sameAccess } from '../core/access.ts'
import type { Body, Head, Recipe, StoredHead } from '../core/document.ts'
import { sameJson } from '../core/ids.ts'
import type { Failure } from '../core/ledger.ts'
import { isUnredacted, redoing } from '../redact/identity.ts'
import { shownHead } from './redacting.ts'

/** One document's fate. `segment` counts the checkpoints before it: the cursor may not move past a failed one. */
export type Decision = Load | Rebuild | Refresh | Leave | Removal

export interface Load {
  readonly do: 'load'
  readonly segment: number
  readonly head: Head
  /** As the source said it, for the one redactor of its head and body: neither told nor stored. */
  readonly given: Head
  readonly previous: Head | null
  /** `words`: other ones were listed than before, and only the body says what may be shown of them. */
  readonly why: 'new' | 'version' | 'recipe' | 'words' | 'readers'
  /** The body has a say in what is shown of title, path and labels: those of `head` are not comparable. */
  readonly bodySays: boolean
  /** Its stored text was never redacted, and is to be. */
  readonly isBare: boolean
  /** How it failed before. */
  readonly failure: Failure | null
  readonly load: (id: string) => Promise<Body>
}

/** Made anew from the stored markdown: the source isn't asked. */
export interface Rebuild {
  readonly do: 'rebuild'
  readonly segment: number
  readonly head: Head
  readonly previous: Head
  /** The source has another text, which could not be loaded: it stays in quarantine, and no approval holds. */
  readonly isStale: boolean
  readonly failure: Failure | null
}

export interface Refresh {
  readonly do: 'refresh'
  readonly segment: number
  readonly head: Head
  readonly previous: Head
  /** A person has said that this text may be read by more people. */
  readonly isApproved: boolean
  /** That ends with this. */
  readonly failure: Failure | null
}

/** A person said to leave the version that failed: the old text stays, for those whom the source lets read on. */
export interface Leave {
  readonly do: 'leave'
  readonly segment: number
  readonly head: Head
  readonly previous: Head | null
  readonly failure: Failure
}

/** `previous: null` removes no document, only the memory of its failure. */
export interface Removal {
  readonly do: 'remove'
  readonly segment: number
  readonly id: string
  readonly previous: Head | null
  readonly reason: string
  /** Its stored text was never redacted, and is to be. */
  readonly isBare: boolean
}

export interface ListedDocument {
  readonly segment: number
  readonly head: Head
  readonly given: Head
  readonly load: (id: string) => Promise<Body>
  readonly stored: StoredHead | undefined
  /** How an earlier run failed on it. */
  readonly failure: Failure | null
  /** Who may read the stored text under this head by a person's approval; null where there is none. */
  readonly approved: (head: Head) => Access | null
}

/** What the listed head asks for; null when nothing changed. */
export function decide(listed: ListedDocument, recipe: Recipe): Decision | null {
  const { head, stored } = listed
  const left = leave(listed, recipe)
  if (left !== null) return left
  if (stored === undefined) return loadOf(listed, 'new', false)
  const previous = stored.head
  const remake = remaking(stored.recipe, recipe)
  const shown = shownHead(head, stored)
  const why = previous.version !== head.version ? 'version' : remake === 'load' ? 'recipe' : 'words'
  if (why !== 'words' || shown === null) return loadOf(listed, why, isBare(stored.recipe, recipe))
  const kept = keep(listed, shown, previous, remake)
  // A source may say who may read long after it said which version there is: it is asked whether this is still the text.
  return kept !== null && widens(kept) ? loadOf(listed, 'readers', isBare(stored.recipe, recipe)) : kept
}

/** What is to be done with a document whose text stays as it is. */
function keep(
  listed: ListedDocument,
  shown: Head,
  previous: Head,
  remake: ReturnType<typeof remaking>,
): Rebuild | Refresh | null {
  const { segment, head, failure } = listed
  if (remake === 'rebuild' || previous.title !== shown.title || previous.locale !== head.locale) {
    return { do: 'rebuild', segment, head: shown, previous, isStale: false, failure }
  }
  return decideHead(listed, shown, previous)
}

function loadOf(
  { segment, head, given, stored, failure, load }: ListedDocument,
  why: Load['why'],
  bare: boolean,
): Load {
  const known = { previous: stored?.head ?? null, bodySays: stored?.listed !== undefined, isBare: bare }
  return { do: 'load', segment, head, given, ...known, why, failure, load }
}

/** Of a version that failed, and that a person said to leave; null where it is to be tried all the same. */
function leave({ segment, head, stored, failure }: ListedDocument, recipe: Recipe): Leave | Rebuild | null {
  if (failure?.ignored !== true || failure.version !== head.version) return null
  if (stored === undefined) return { do: 'leave', segment, head, previous: null, failure }
  const previous = stored.head
  if (previous.version !== head.version && remaking(stored.recipe, recipe) === 'rebuild') {
    const kept = { ...previous, access: narrower(previous.access, head.access) }
    return { do: 'rebuild', segment, head: kept, previous, isStale: true, failure }
  }
  return mayStay(failure, stored.recipe, recipe) ? { do: 'leave', segment, head, previous, failure } : null
}

/** Its text may stay as it is, since a person said so; never one that would keep personal data in it. */
export function mayStay(failure: Failure | null, stored: Recipe, recipe: Recipe): boolean {
  return failure?.ignored === true && redoing(stored.redactor, recipe.redactor) === 'nothing'
}

/** What a stored document needs to be as this recipe makes it. */
export function remaking(stored: Recipe, recipe: Recipe): 'nothing' | 'rebuild' | 'load' {
  const redo = redoing(stored.redactor, recipe.redactor)
  if (stored.converter !== recipe.converter || redo === 'reload') return 'load'
  const isSame = stored.chunker === recipe.chunker && stored.analyser === recipe.analyser && redo === 'nothing'
  return isSame ? 'nothing' : 'rebuild'
}

/** Its text was never redacted, and is to be. */
export function isBare(stored: Recipe, recipe: Recipe): boolean {
  return isUnredacted(stored.redactor) && !isUnredacted(recipe.redactor)
}

/** Of a document whose text stays as it is. */
function decideHead({ segment, failure, approved }: ListedDocument, shown: Head, previous: Head): Refresh | null {
  const access = approved(shown)
  const head = access === null ? shown : { ...shown, access }
  const refresh: Refresh = { do: 'refresh', segment, head, previous, isApproved: access !== null, failure }
  // The source shows the stored version again: the write, though of the same head, ends the quarantine.
  if (failure !== null) return refresh
  return sameJson(previous, head) ? null : refresh
}

/** What a removal takes away. */
export function removed(stored: StoredHead | undefined, recipe: Recipe): Pick<Removal, 'previous' | 'isBare'> {
  if (stored === undefined) return { previous: null, isBare: false }
  return { previous: stored.head, isBare: isBare(stored.recipe, recipe) }
}

/** A stored document goes. */
export function removes(decision: Decision): boolean {
  return decision.do === 'remove' && decision.previous !== null
}

/** Somebody who could not read a stored document could do so afterwards, and no person has said so of this document. */
export function widens(decision: Decision): boolean {
  if (decision.do === 'remove' || decision.do === 'leave' || decision.previous === null) return false
  if (decision.do === 'refresh' && decision.isApproved) return false
  return isWider(decision.previous.access, decision.head.access)
}

/** The stored head for the readers that the source now leaves it; null where all of them may read on. */
export function narrowedHead(decision: Decision): Head | null {
  if (decision.do === 'remove' || decision.previous === null) return null
  const { previous, head } = decision
  const access = narrower(previous.access, head.access)
  return sameAccess(access, previous.access) ? null : { ...previous, access }
}

/** What a run would do with one document: its listed head against the stored one. */
import { isWider, sameAccess } from '../core/access.ts'
import { sameJson } from '../core/ids.ts'
import type { Body, Head, Recipe, StoredHead } from '../core/types.ts'

/** One document's fate. `segment` counts the checkpoints before it: the cursor may not move past a failed one. */
export type Decision = Load | Rebuild | Refresh | Removal

export interface Load {
  readonly do: 'load'
  readonly segment: number
  readonly head: Head
  readonly previous: Head | null
  readonly load: () => Promise<Body>
}

/** Made anew from the stored markdown: the source isn't asked. */
export interface Rebuild {
  readonly do: 'rebuild'
  readonly segment: number
  readonly head: Head
  readonly previous: Head
}

export interface Refresh {
  readonly do: 'refresh'
  readonly segment: number
  readonly head: Head
  readonly previous: Head
}

/** `previous: null` removes no document, only the memory of its failure. */
export interface Removal {
  readonly do: 'remove'
  readonly segment: number
  readonly id: string
  readonly previous: Head | null
  readonly reason: string
}

export interface ListedDocument {
  readonly segment: number
  readonly head: Head
  readonly load: () => Promise<Body>
  readonly stored: StoredHead | undefined
  /** An earlier run failed on it. */
  readonly quarantined: boolean
}

/** What the listed head asks for; null when nothing changed. */
export function decide(listed: ListedDocument, recipe: Recipe): Decision | null {
  const { segment, head, load, stored } = listed
  if (stored === undefined) return { do: 'load', segment, head, previous: null, load }
  const previous = stored.head
  if (previous.version !== head.version || stored.recipe.converter !== recipe.converter) {
    return { do: 'load', segment, head, previous, load }
  }
  const otherRecipe = stored.recipe.chunker !== recipe.chunker || stored.recipe.analyser !== recipe.analyser
  if (otherRecipe || previous.title !== head.title || previous.locale !== head.locale) {
    return { do: 'rebuild', segment, head, previous }
  }
  const refresh: Refresh = { do: 'refresh', segment, head, previous }
  // The source shows the stored version again: the write, though of the same head, ends the quarantine.
  if (listed.quarantined) return refresh
  return sameJson(previous, head) ? null : refresh
}

/** A stored document goes. */
export function removes(decision: Decision): boolean {
  return decision.do === 'remove' && decision.previous !== null
}

/** Somebody who could not read a stored document could do so afterwards. */
export function widens(decision: Decision): boolean {
  if (decision.do === 'remove' || decision.previous === null) return false
  return isWider(decision.previous.access, decision.head.access)
}

/** What changed in a document whose body is the same, for people. */
export function headChanges(previous: Head, head: Head): readonly string[] {
  const changes: string[] = []
  if (previous.title !== head.title) changes.push('title')
  if (previous.url !== head.url) changes.push('url')
  if (!sameJson(previous.path, head.path)) changes.push('path')
  if (!sameJson(previous.labels ?? [], head.labels ?? [])) changes.push('labels')
  if (!sameAccess(previous.access, head.access)) changes.push('access')
  return changes
}

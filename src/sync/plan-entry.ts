/** A plan in words: what a run would do with each document, and what has changed of it. */

import { type Access, isWider, sameAccess } from '../core/access.ts'
import type { Head } from '../core/document.ts'
import { sameJson } from '../core/ids.ts'
import type { Decision, Rebuild, Removal } from './decision.ts'
import type { Plan } from './plan.ts'

/** One word a document, the weightiest that applies: a changed text before new readers before another place. */
export type PlanKind =
  | 'added'
  | 'changed'
  | 'moved'
  | 'removed'
  | 'access changed'
  | 'refreshed'
  | 'rebuilt'
  | 'quarantined'

export interface PlanEntry {
  readonly id: string
  readonly kind: PlanKind
  readonly title: string | null
  readonly url: string | null
  /**
   * All that applies: `text`, `title`, `url`, `path`, `labels`, `access`, `locale`; `words`: title, path or labels, of
   * which only the body says what may be shown; `recipe`: unsilo makes it another way; of a document in quarantine
   * `tried again`, `ignored`, `cleared` or `forgotten`.
   */
  readonly changes: readonly string[]
  /** Where other people could read it. Until its new text is stored, only the narrower of both holds. */
  readonly access?: AccessChange
  readonly path?: { readonly from: readonly string[]; readonly to: readonly string[] }
  /** Why it goes, or why it failed. */
  readonly reason?: string
}

export interface AccessChange {
  readonly direction: 'wider' | 'narrower' | 'both'
  readonly from: Access
  readonly to: Access
}

/** In the order in which the documents were listed; what nothing would be done with is left out. */
export function planEntries({ decisions, bare }: Plan): readonly PlanEntry[] {
  const unlisted = bare.filter((id) => !decisions.has(id))
  return [
    ...[...decisions.values()].map(entryOf),
    ...unlisted.map((id): PlanEntry => ({ id, kind: 'rebuilt', title: null, url: null, changes: ['recipe'] })),
  ]
}

function entryOf(decision: Decision): PlanEntry {
  if (decision.do === 'remove') return removalOf(decision)
  const { previous, head, failure } = decision
  const changes = [...changesOf(decision), ...quarantineWords(decision)]
  const facts = { id: head.id, title: titleOf(decision), url: head.url, changes }
  const said = { ...facts, ...(failure !== null && { reason: failure.reason }), ...placesOf(decision, changes) }
  return { ...said, kind: failure !== null ? 'quarantined' : previous === null ? 'added' : kindOf(changes) }
}

function removalOf({ id, previous, reason }: Removal): PlanEntry {
  if (previous === null) return { id, kind: 'quarantined', title: null, url: null, changes: ['forgotten'], reason }
  return { id, kind: 'removed', title: previous.title, url: previous.url, changes: [], reason }
}

function kindOf(changes: readonly string[]): PlanKind {
  if (changes.includes('text')) return 'changed'
  if (changes.includes('access')) return 'access changed'
  if (changes.includes('path')) return 'moved'
  return changes.length === 0 || changes.includes('recipe') ? 'rebuilt' : 'refreshed'
}

type Kept = Exclude<Decision, Removal>

function changesOf(decision: Kept): readonly string[] {
  const { previous, head } = decision
  if (previous === null) return []
  const own = decision.do === 'load' ? LOAD_WORDS[decision.why] : []
  const recipe = decision.do === 'rebuild' && isSameForPeople(decision) ? ['recipe'] : []
  return [...own, ...headChanges(previous, comparable(decision, previous, head)), ...recipe]
}

const LOAD_WORDS = { new: [], version: ['text'], recipe: ['recipe'], words: ['words'], readers: [] } as const

function isSameForPeople({ previous, head }: Rebuild): boolean {
  return previous.title === head.title && previous.locale === head.locale
}

/** Where the body has a say in title, path and labels, those that were listed say nothing. */
function comparable(decision: Kept, previous: Head, head: Head): Head {
  if (decision.do === 'leave') return { ...previous, access: head.access }
  if (decision.do !== 'load' || !decision.bodySays) return head
  const { labels: _, ...rest } = head
  const { title, path, labels } = previous
  return { ...rest, title, path, ...(labels !== undefined && { labels }) }
}

/** What changed in a document's head, for people. */
export function headChanges(previous: Head, head: Head): readonly string[] {
  const changes: string[] = []
  if (previous.title !== head.title) changes.push('title')
  if (previous.url !== head.url) changes.push('url')
  if (!sameJson(previous.path, head.path)) changes.push('path')
  if (!sameJson(previous.labels ?? [], head.labels ?? [])) changes.push('labels')
  if (!sameAccess(previous.access, head.access)) changes.push('access')
  if (previous.locale !== head.locale) changes.push('locale')
  return changes
}

function quarantineWords(decision: Kept): readonly string[] {
  if (decision.failure === null) return []
  if (decision.do === 'refresh') return ['cleared']
  return [decision.failure.ignored === true && decision.do !== 'load' ? 'ignored' : 'tried again']
}

function titleOf(decision: Kept): string {
  const { previous, head } = decision
  return previous === null ? head.title : comparable(decision, previous, head).title
}

function placesOf({ previous, head }: Kept, changes: readonly string[]): Pick<PlanEntry, 'access' | 'path'> {
  if (previous === null) return {}
  return {
    ...(changes.includes('access') && { access: accessChange(previous.access, head.access) }),
    ...(changes.includes('path') && { path: { from: previous.path, to: head.path } }),
  }
}

function accessChange(from: Access, to: Access): AccessChange {
  const direction = isWider(from, to) ? (isWider(to, from) ? 'both' : 'wider') : 'narrower'
  return { direction, from, to }
}

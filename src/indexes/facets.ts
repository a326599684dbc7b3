/** By what documents are chosen, beside who may read them: kind, locale, labels, how new. */
import type { Head } from '../core/document.ts'
import { localeOf } from '../core/reader.ts'

/** What a head says of what readers ask for. */
export interface Facets {
  readonly kind: string
  readonly locale: string
  /** Milliseconds since 1970; null where the source's time is none. */
  readonly updated: number | null
  readonly labels: readonly string[]
}

export function facetsOf(head: Head, language: string): Facets {
  const { kind, updatedAt, labels = [] } = head
  return { kind, locale: localeOf(head, language), updated: timeOf(updatedAt), labels: [...new Set(labels)].sort() }
}

/** Milliseconds since 1970; null where it is no time. */
export function timeOf(text: string): number | null {
  const time = Date.parse(text)
  return Number.isNaN(time) ? null : time
}

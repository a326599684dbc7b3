/** What documents are asked for with, in an address, in a body and by a tool: the same fields, each checked the same. */
import { z } from 'zod'
import type { Principal } from '../../core/access.ts'
import { readerOf as readerAlone } from '../../core/reader.ts'
import type { Reader } from '../../core/store.ts'

/** As much as Intercom's own search takes. */
const LONGEST_QUESTION = 500

export const question = z
  .string()
  .trim()
  .min(1)
  .max(LONGEST_QUESTION)
  .describe('A question or words, in any language that documents are in.')

const time = z.union([z.iso.date(), z.iso.datetime({ offset: true })])
const kind = z.enum(['page', 'article', 'doc', 'ticket'])
const source = z.string().min(1).max(100)
const locale = z.string().min(1).max(35)
const label = z.string().min(1).max(200)
const MOST_VALUES = 50

const ABOUT = {
  source: 'Only documents of these sources, by their names. One of which you may read nothing is refused.',
  kind: 'Only documents of these kinds.',
  locale: 'Only documents in these languages: `en` is `en-GB` too.',
  label: 'Only documents that have one of these labels.',
  updatedSince: 'Only what changed then or later: `2026-01-31` or `2026-01-31T12:00:00Z`.',
} as const

/** In a body: lists. */
export const filters = {
  sources: listOf(source).optional().describe(ABOUT.source),
  kinds: listOf(kind).optional().describe(ABOUT.kind),
  locales: listOf(locale).optional().describe(ABOUT.locale),
  labels: listOf(label).optional().describe(ABOUT.label),
  updated_since: time.optional().describe(ABOUT.updatedSince),
}

/** In an address: a name for each value, repeated for several. */
export const queryFilters = {
  source: repeated(source).describe(ABOUT.source),
  kind: repeated(kind).describe(ABOUT.kind),
  locale: repeated(locale).describe(ABOUT.locale),
  label: repeated(label).describe(ABOUT.label),
  updated_since: time.optional().describe(ABOUT.updatedSince),
}

export interface Filters {
  readonly sources?: readonly string[] | undefined
  readonly kinds?: Reader['kinds'] | undefined
  readonly locales?: readonly string[] | undefined
  readonly labels?: readonly string[] | undefined
  readonly updated_since?: string | undefined
}

export function readerOf(as: readonly Principal[], { updated_since: updatedSince, ...filters }: Filters): Reader {
  return readerAlone({ ...filters, as, updatedSince })
}

function listOf<T extends z.ZodType>(item: T) {
  return z.array(item).min(1).max(MOST_VALUES)
}

/** In an address: one value, or the name again for each. */
export function repeated<T extends z.ZodType>(item: T) {
  return z.union([item.transform((one) => [one]), listOf(item)]).optional()
}

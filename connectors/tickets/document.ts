/** A thread as the document that it becomes, or why it becomes none. */

import { type AccessPolicy, levelAccess } from '../../src/core/access.ts'
import type { Body, Head } from '../../src/core/document.ts'
import { type Filters, tooFewReplies } from './filters.ts'
import { render } from './render.ts'
import type { Facts, Thread } from './thread.ts'

export type Outcome = { readonly body: Body } | { readonly skip: string }

/** Nothing in it was written by the customer: title and address are neutral, the subject comes with the body. */
export function headOf(facts: Facts, { level }: AccessPolicy): Head {
  const labels = [...facts.tags, ...facts.fields.map(({ name, value }) => `${name}: ${value}`)]
  return {
    id: facts.id,
    version: facts.version,
    title: `Ticket ${facts.number}`,
    url: facts.url,
    updatedAt: facts.updatedAt,
    path: [facts.brand, facts.team].filter((name) => name !== null),
    kind: 'ticket',
    ...(labels.length > 0 && { labels }),
    access: levelAccess(level),
  }
}

export function documentOf(thread: Omit<Thread, 'version'>, filters: Filters): Outcome {
  const reason = tooFewReplies(thread, filters)
  if (reason !== null) return { skip: reason }
  const rendered = render(thread)
  if (typeof rendered === 'string') return { skip: rendered }
  const { title, html, losses } = rendered
  return { body: { title, html, people: [...new Set(thread.people)].sort(), losses } }
}

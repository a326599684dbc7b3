/** Who wrote a part, and whether its customer saw it: what Intercom says of both, as the one gate needs it. */
import { type Author, type Candidate, type PublicPart, publicParts } from '../thread.ts'
import type { Conversation, Part } from './answers.ts'

/**
 * Parts that can hold a message to or from the customer: replies, and those sent along with opening, closing or assigning.
 * `note` and `note_and_reopen` are internal; all others are events. What Intercom adds in future is none of these.
 */
const MESSAGES: ReadonlySet<string> = new Set(['comment', 'quick_reply', 'open', 'close', 'assignment'])

const CUSTOMERS: ReadonlySet<string> = new Set(['user', 'lead', 'contact', 'visitor'])

/** Intercom's own, which writes as a teammate. */
const OPERATOR = /^operator\+[^@]{1,100}@intercom\.io$/i

export function partsOf(candidates: readonly Candidate[]): readonly PublicPart[] {
  return publicParts(candidates.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)))
}

/** @param humanApps package codes of apps through which people write */
export function candidateOf(part: Part, humanApps: readonly string[]): Candidate {
  const isMessage = MESSAGES.has(part.part_type)
  return {
    author: authorOf(part, humanApps),
    kind: isMessage ? 'message' : part.part_type.startsWith('note') ? 'note' : 'event',
    isPublic: isMessage,
    isRedacted: part.redacted !== false,
    at: isoTime(part.created_at),
    html: part.body ?? '',
    files: filesOf(part),
  }
}

/** The first message, which stands apart. Outbound ones count only if a teammate wrote to this one customer. */
export function sourceOf({ source, created_at }: Conversation): readonly Candidate[] {
  if (!source) return []
  const isOutbound = !CUSTOMERS.has(source.author.type)
  const author = authorOf({ author: source.author, app_package_code: null }, [])
  return [
    {
      author: isOutbound && source.delivered_as !== 'admin_initiated' ? 'machine' : author,
      kind: 'message',
      isPublic: true,
      isRedacted: source.redacted !== false,
      at: isoTime(created_at),
      html: source.body ?? '',
      files: filesOf(source),
    },
  ]
}

export function isoTime(unixSeconds: number): string {
  return new Date(unixSeconds * 1000).toISOString()
}

function authorOf(
  { author, app_package_code }: Pick<Part, 'author' | 'app_package_code'>,
  humanApps: readonly string[],
): Author | 'machine' {
  if (author.from_ai_agent === true || author.is_ai_answer === true) return 'machine'
  if (app_package_code && !humanApps.includes(app_package_code)) return 'machine'
  const key = author.id ?? author.email ?? author.type
  if (CUSTOMERS.has(author.type)) return { role: 'customer', key }
  if (author.type !== 'admin' || OPERATOR.test(author.email ?? '')) return 'machine'
  return { role: 'agent', key }
}

function filesOf({ attachments }: Pick<Part, 'attachments'>): readonly string[] {
  return (attachments ?? []).flatMap(({ name }) => (name?.trim() ? [name.trim()] : []))
}

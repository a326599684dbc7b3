/** Who wrote a comment, and whether its customer saw it: what Zendesk says of both, as the one gate needs it. */
import { escapeText } from 'entities'
import { type Author, type Candidate, publicParts } from '../thread.ts'
import type { Comment, Ticket, User } from './answers.ts'

/**
 * Through which people write. What comes by the API, from a trigger or a bot is none of these, nor is the transcript of a
 * chat, which holds a bot's words beside people's, whoever is called its author; and what Zendesk adds in future isn't
 * either.
 * https://developer.zendesk.com/documentation/ticketing/reference-guides/via-object-reference/
 */
const HUMAN_CHANNELS: ReadonlySet<string> = new Set([
  'web',
  'email',
  'mobile',
  'mobile_sdk',
  'help_center',
  'web_widget',
  'sms',
  'any_channel',
  'twitter',
  'facebook',
])

/** What Zendesk puts in the place of characters that were taken back. */
export const BLACKED_OUT = '▇'

const TEAM: ReadonlySet<string> = new Set(['agent', 'admin'])

export interface Around {
  readonly requester: string | null
  readonly user: (id: string) => User | undefined
  /** Further channels through which people write. */
  readonly humanChannels: readonly string[]
}

export function candidateOf(comment: Comment, around: Around): Candidate {
  return {
    author: authorOf(comment, around),
    kind: kindOf(comment),
    isPublic: comment.public === true,
    isRedacted: isBlackedOut(comment),
    at: new Date(comment.created_at).toISOString(),
    html: htmlOf(comment),
    files: filesOf(comment),
  }
}

/** Whether anything of it reaches a document. */
export function isShown(comment: Comment, around: Around): boolean {
  return publicParts([candidateOf(comment, around)]).length > 0
}

export function isBlackedOut({ html_body, plain_body, body }: Comment): boolean {
  return [html_body, plain_body, body].some((text) => text?.includes(BLACKED_OUT))
}

export function everybodyIn({ requester_id, submitter_id, assignee_id, ...lists }: Ticket): readonly string[] {
  const { collaborator_ids, follower_ids, email_cc_ids } = lists
  const single = [requester_id, submitter_id, assignee_id].flatMap((id) => id ?? [])
  return [...single, ...(collaborator_ids ?? []), ...(follower_ids ?? []), ...(email_cc_ids ?? [])]
}

/** Names and addresses that stand with how a message came in. */
export function peopleOfVia(via: Ticket['via']): readonly string[] {
  const ends = [via?.source?.from, via?.source?.to]
  return ends.flatMap((end) => [end?.name, end?.address, end?.phone].flatMap((each) => each?.trim() || []))
}

function kindOf({ type, public: isPublic, via }: Comment): Candidate['kind'] {
  if (!isPublic) return 'note'
  // A call's summary, and the notice of a merge, are written by Zendesk.
  return type === 'Comment' && via?.source?.rel !== 'merge' ? 'message' : 'event'
}

function authorOf({ author_id, via }: Comment, { requester, user, humanChannels }: Around): Author | 'machine' {
  const id = author_id ?? null
  const channel = via?.channel ?? ''
  if (id === null || id === '-1' || !(HUMAN_CHANNELS.has(channel) || humanChannels.includes(channel))) return 'machine'
  if (id === requester) return { role: 'customer', key: id }
  const role = user(id)?.role
  if (role === 'end-user') return { role: 'other', key: id }
  return role !== undefined && TEAM.has(role) ? { role: 'agent', key: id } : 'machine'
}

function htmlOf({ html_body, plain_body, body }: Comment): string {
  if (html_body?.trim()) return html_body
  return escapeText(plain_body?.trim() || body || '').replaceAll('\n', '<br>')
}

function filesOf({ attachments }: Comment): readonly string[] {
  return (attachments ?? []).flatMap(({ file_name, inline }) => (inline ? [] : file_name?.trim() || []))
}

/** Conversations: what a listing says of one, and what it is once its parts are read. */
import { canonicalJson, sha256 } from '../../../src/core/ids.ts'
import { firstIssue } from '../../../src/vendors/answers.ts'
import type { IntercomConfig } from '../config.ts'
import { RENDERER } from '../render.ts'
import type { Facts, Rating, Thread } from '../thread.ts'
import { type Conversation, conversation, conversationParts, stateField } from './answers.ts'
import { silentContacts } from './contacts.ts'
import type { Directory } from './directory.ts'
import { fieldsOf } from './fields.ts'
import { candidateOf, isoTime, partsOf, sourceOf } from './parts.ts'
import { peopleOfConversation, peopleOfParts } from './people.ts'

export type Listed =
  | { readonly state: 'closed'; readonly id: string; readonly facts: Facts; readonly updatedAt: number }
  | { readonly state: 'left out'; readonly id: string; readonly reason: string }
  | { readonly state: 'unreadable'; readonly id: string; readonly problem: string }

/** Whose silent contacts are known by id alone. */
export type UnnamedThread = Thread & { readonly silent: readonly string[] }

/** The most that Intercom hands over: the newest ones. */
const MOST_PARTS = 500

export function listedConversation(item: unknown, id: string, config: IntercomConfig, directory: Directory): Listed {
  const state = stateField.safeParse(item)
  if (!state.success) return { state: 'unreadable', id, problem: firstIssue(state.error) }
  if (state.data.state !== 'closed') return { state: 'left out', id, reason: `not closed: ${state.data.state}` }
  const read = conversation.safeParse(item)
  if (!read.success) return { state: 'unreadable', id, problem: firstIssue(read.error) }
  return { state: 'closed', id, facts: factsOf(read.data, config, directory), updatedAt: read.data.updated_at }
}

/** Or what is wrong with the answer, or why it is no resolved ticket any more. */
export function threadOf(
  answer: unknown,
  listed: { readonly facts: Facts; readonly updatedAt: number },
  config: IntercomConfig,
  directory: Directory,
): UnnamedThread | { readonly problem: string } | { readonly reason: string } {
  const read = conversation.safeParse(answer)
  if (!read.success) return { problem: firstIssue(read.error) }
  if (`conversation-${read.data.id}` !== listed.facts.id) return { problem: 'id: of another conversation' }
  if (read.data.state !== 'closed') return { reason: `not closed: ${read.data.state}` }
  if (read.data.updated_at !== listed.updatedAt)
    return { problem: 'it was changed while it was synced; the next run takes it' }
  const parts = conversationParts.safeParse(answer)
  if (!parts.success) return { problem: firstIssue(parts.error) }
  const { conversation_parts: list, total_count } = parts.data.conversation_parts
  const { source, admin_assignee_id, teammates } = read.data
  return {
    ...listed.facts,
    subject: partsOf(sourceOf(read.data)).length > 0 ? (source?.subject ?? '') : '',
    parts: partsOf([...sourceOf(read.data), ...list.map((part) => candidateOf(part, config.humanApps ?? []))]),
    people: [
      ...peopleOfConversation(read.data),
      ...peopleOfParts(list),
      ...[admin_assignee_id, ...(teammates?.teammates ?? []).map(({ id }) => id)].flatMap(directory.teammate),
    ],
    silent: silentContacts(
      read.data,
      [...list, ...(source ? [source] : [])].map(({ author }) => author),
    ),
    isTruncated: list.length >= MOST_PARTS || list.length < total_count,
  }
}

function factsOf(read: Conversation, config: IntercomConfig, directory: Directory): Facts {
  const { id, statistics, tags, conversation_rating, custom_attributes, team_assignee_id } = read
  return {
    id: `conversation-${id}`,
    number: id,
    url: directory.address(id),
    version: versionOf(read, config),
    updatedAt: isoTime(read.updated_at),
    resolvedAt: isoTime(statistics?.last_close_at ?? read.updated_at),
    team: directory.team(team_assignee_id),
    brand: fieldsOf(custom_attributes, ['Brand'])[0]?.value ?? null,
    tags: (tags?.tags ?? []).map(({ name }) => name),
    rating: ratingOf(conversation_rating?.rating),
    fields: fieldsOf(custom_attributes, config.fields ?? []),
  }
}

/** Two changes within one second differ at least in how many parts there are, or in whether the first one was taken back. */
function versionOf({ updated_at, statistics, source }: Conversation, { humanApps = [] }: IntercomConfig): string {
  const parts = statistics?.count_conversation_parts ?? null
  return sha256(canonicalJson([RENDERER, humanApps, updated_at, parts, source?.redacted ?? null])).slice(0, 32)
}

/** Of one to five. */
function ratingOf(rating: number | null | undefined): Rating {
  if (rating === null || rating === undefined) return 'none'
  return rating >= 4 ? 'good' : rating === 3 ? 'neutral' : 'bad'
}

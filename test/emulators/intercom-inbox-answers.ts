/** What an emulated Intercom answers of its inbox, in the shapes of its API 2.16. */
import { type Answer, type AnswerOptions, freshlySigned } from './intercom-answers.ts'
import {
  CUSTOMER,
  type EmulatedAuthor,
  type EmulatedConversation,
  type EmulatedPart,
  type EmulatedTicket,
  type IntercomInbox,
} from './intercom-inbox-model.ts'

const WORKSPACE = 'abcd1234'
const DAY = 86_400

interface SearchRequest {
  readonly query: { readonly field: string; readonly operator: string; readonly value: number }
  readonly sort?: { readonly field: string; readonly order: string }
  readonly pagination?: { readonly per_page?: number; readonly starting_after?: string }
}

/** Null for what is not of the inbox. */
export function answerInbox(inbox: IntercomInbox, path: string, body: string, options: AnswerOptions): Answer | null {
  if (path === '/me') return { status: 200, body: myself() }
  if (path === '/teams') {
    const teams = [...inbox.teams].map(([id, name]) => ({ type: 'team', id, name, admin_ids: [] }))
    return { status: 200, body: { type: 'team.list', teams } }
  }
  if (path === '/admins') {
    const admins = [...inbox.admins.values()].map(({ id, name, email }) => ({ type: 'admin', id, name, email }))
    return { status: 200, body: { type: 'admin.list', admins } }
  }
  if (path === '/contacts/search') return contacts(inbox, body)
  if (path === '/conversations/search') {
    return found('conversation', [...inbox.conversations.values()], listed, body, options)
  }
  if (path === '/tickets/search') return found('ticket', [...inbox.tickets.values()], ticket, body, options)
  const id = /^\/conversations\/(\d+)$/.exec(path)?.[1]
  const conversation = inbox.conversations.get(id ?? '')
  return conversation === undefined ? null : { status: 200, body: whole(conversation) }
}

/** The order and the cursor, `[created at, position]`, are those of the moment of the request. */
function found<T extends { readonly id: string; readonly createdAt: number }>(
  type: 'conversation' | 'ticket',
  all: readonly T[],
  shape: (item: T) => unknown,
  body: string,
  options: AnswerOptions,
): Answer {
  const { query, sort, pagination = {} } = JSON.parse(body) as SearchRequest
  const matching = all.filter(({ createdAt }) => {
    if (query.operator === '=') return createdAt === query.value
    if (options.comparesDays) return Math.floor(createdAt / DAY) > Math.floor(query.value / DAY)
    return options.greaterOrEqual ? createdAt >= query.value : createdAt > query.value
  })
  const isSorted = sort?.field === 'created_at' && sort.order === 'ascending' && !options.ignoresSort
  const sorted = isSorted ? matching.toSorted((a, b) => a.createdAt - b.createdAt) : matching.toReversed()
  const size = Math.min(pagination.per_page ?? 20, options.pageSize ?? 150)
  const start = pagination.starting_after === undefined ? 0 : Number(atob(pagination.starting_after))
  const next = start + size < sorted.length ? { per_page: size, starting_after: btoa(String(start + size)) } : null
  return {
    status: 200,
    body: {
      type: `${type}.list`,
      pages: {
        type: 'pages',
        page: Math.floor(start / size) + 1,
        per_page: size,
        total_pages: Math.ceil(sorted.length / size),
        ...(next !== null && { next }),
      },
      total_count: matching.length,
      [`${type}s`]: sorted.slice(start, start + size).map(shape),
    },
  }
}

function contacts(inbox: IntercomInbox, body: string): Answer {
  const { query } = JSON.parse(body) as { query: { field: 'id'; operator: 'IN'; value: string[] } }
  const data = query.value.flatMap((id) => {
    const found = inbox.contacts.get(id)
    if (found === undefined) return []
    const { name, email, phone } = found
    return [{ type: 'contact', id, external_id: null, role: 'user', name, email, phone }]
  })
  const pages = { type: 'pages', page: 1, per_page: 50, total_pages: 1 }
  return { status: 200, body: { type: 'list', data, total_count: data.length, pages } }
}

function myself() {
  return {
    type: 'admin',
    id: '1',
    name: 'Token Owner',
    email: 'token.owner@example.com',
    app: { type: 'app', id_code: WORKSPACE, name: 'Example', created_at: 1_672_928_359, region: 'EU' },
  }
}

function whole(conversation: EmulatedConversation) {
  const { parts, partsInAll } = conversation
  return {
    ...listed(conversation),
    conversation_parts: {
      type: 'conversation_part.list',
      conversation_parts: parts.map((each) => ({ type: 'conversation_part', ...part(each) })),
      total_count: partsInAll ?? parts.length,
    },
  }
}

function listed(conversation: EmulatedConversation) {
  const { id, createdAt, updatedAt, state, teamId, tags, rating, parts, attributes, externalId } = conversation
  return {
    type: 'conversation',
    id,
    title: 'A summary by a machine',
    created_at: createdAt,
    updated_at: updatedAt,
    waiting_since: null,
    snoozed_until: null,
    open: state !== 'closed',
    state,
    read: true,
    priority: 'none',
    admin_assignee_id: 0,
    team_assignee_id: Number(teamId ?? 0),
    tags: { type: 'tag.list', tags: tags.map((name, index) => ({ type: 'tag', id: String(index), name })) },
    conversation_rating: rating === null ? null : { rating, remark: 'A remark', created_at: createdAt },
    source: source(conversation),
    contacts: {
      type: 'contact.list',
      contacts: [{ type: 'contact', id: contactOf(conversation), external_id: externalId }],
    },
    teammates: null,
    custom_attributes: attributes,
    statistics: {
      type: 'conversation_statistics',
      last_close_at: updatedAt,
      count_conversation_parts: parts.length,
    },
    linked_objects: { type: 'list', data: [], total_count: 0, has_more: false },
    ai_agent_participated: false,
    ai_agent: null,
    channel: { initial: 'messenger', current: 'messenger' },
  }
}

function contactOf({ author }: EmulatedConversation): string {
  return author.type === 'user' ? author.id : CUSTOMER.id
}

function source({ id, subject, body, author, deliveredAs, redacted }: EmulatedConversation) {
  const { isAi: _, ...named } = author
  return {
    type: 'conversation',
    id: `source-${id}`,
    delivered_as: deliveredAs,
    subject,
    body,
    author: named,
    attachments: [],
    url: null,
    redacted,
  }
}

function part({ id, partType, body, author, createdAt, redacted, app, files, mailboxes }: EmulatedPart) {
  return {
    id,
    part_type: partType,
    body: typeof body === 'string' ? freshlySigned(body) : body,
    created_at: createdAt,
    updated_at: createdAt,
    notified_at: createdAt,
    assigned_to: null,
    author: authorOf(author),
    attachments: files.map((name) => ({
      type: 'upload',
      name,
      url: `https://downloads.intercomcdn.com/i/o/1/${name}?expires=1&signature=2`,
      content_type: 'application/pdf',
      filesize: 100,
    })),
    external_id: null,
    redacted,
    app_package_code: app,
    email_message_metadata:
      mailboxes.length === 0
        ? null
        : {
            subject: 'Re: Invoices',
            email_address_headers: mailboxes.map(({ name, address }) => ({ type: 'cc', name, email_address: address })),
          },
  }
}

function authorOf({ isAi, ...named }: EmulatedAuthor) {
  return { ...named, from_ai_agent: isAi === true, is_ai_answer: isAi === true }
}

function ticket(each: EmulatedTicket) {
  const { id, createdAt, updatedAt, state, category, isShared, title, description, customer, teamId } = each
  return {
    type: 'ticket',
    id,
    ticket_id: `9${id}`,
    category,
    ticket_attributes: { _default_title_: title, _default_description_: description, ...each.attributes },
    ticket_state: { type: 'ticket_state', id: '8577', category: state, internal_label: state, external_label: state },
    ticket_type: { type: 'ticket_type', id: '100', name: 'Request', workspace_id: WORKSPACE, category },
    contacts: { type: 'contact.list', contacts: [{ type: 'contact', id: customer.id, external_id: null }] },
    admin_assignee_id: 0,
    team_assignee_id: Number(teamId ?? 0),
    created_at: createdAt,
    updated_at: updatedAt,
    open: state !== 'resolved',
    linked_objects: { type: 'list', data: [], total_count: 0, has_more: false },
    ticket_parts: {
      type: 'ticket_part.list',
      ticket_parts: each.parts.map((one) => {
        const { app_package_code, email_message_metadata: _, ...rest } = part(one)
        return { type: 'ticket_part', ...rest, ...(app_package_code !== null && { app_package_code }) }
      }),
      total_count: each.partsInAll ?? each.parts.length,
    },
    is_shared: isShared,
  }
}

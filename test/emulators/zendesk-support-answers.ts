/** What an emulated help desk answers, in the shapes of Zendesk's Ticketing API. */
import { type Answer, noEndpoint, notFound } from './zendesk-answer.ts'
import { type ListingOptions, listing } from './zendesk-listings.ts'
import type { EmulatedComment, EmulatedTicket, EmulatedUser, SupportModel } from './zendesk-support-model.ts'

export interface SupportOptions extends ListingOptions {
  /** Leave users out of answers that were asked to bring them along. */
  readonly withoutUsers?: boolean
}

const SITE = 'https://example.zendesk.com'

/** @param path below `/api/v2`, without a suffix */
export function answerSupport(
  model: SupportModel,
  path: string,
  query: URLSearchParams,
  options: SupportOptions,
): Answer {
  if (path === '/groups') return named('groups', model.groups, query, options)
  if (path === '/brands') return named('brands', model.brands, query, options)
  if (path === '/ticket_fields') return ticketFields(model, query, options)
  if (path === '/incremental/tickets/cursor') return exported(model, query, options)
  if (path === '/users/show_many') {
    const wanted = idsOf(query)
    const users = [...model.users.values()].filter(({ id }) => wanted.includes(id))
    return { status: 200, body: { users: users.map(user) } }
  }
  if (path === '/tickets/show_many') {
    const wanted = idsOf(query)
    const tickets = [...model.tickets.values()].filter(({ id, status }) => wanted.includes(id) && status !== 'deleted')
    return { status: 200, body: { tickets: tickets.map(ticket) } }
  }
  const of = /^\/tickets\/(\d+)\/comments$/.exec(path)?.[1]
  return of === undefined ? noEndpoint : comments(model, Number(of), query, options)
}

/** A cursor is the last ticket's place in the order of changes; the first request says a time instead. */
function exported(
  model: SupportModel,
  query: URLSearchParams,
  { pageSize = 1000, withoutUsers }: SupportOptions,
): Answer {
  const cursor = query.get('cursor')
  const start = query.get('start_time')
  if (cursor === null && start === null) {
    return { status: 400, body: { error: 'StartTimeMissing', description: 'start_time is required' } }
  }
  const [time = 0, lastId = 0] =
    cursor === null ? [Number(start), 0] : Buffer.from(cursor, 'base64').toString().split('|').map(Number)
  const all = [...model.tickets.values()]
    .filter(({ supportType }) => query.get('support_type_scope') === 'all' || supportType === 'agent')
    .filter(({ changedAt, id }) => changedAt > time || (changedAt === time && id > lastId))
    .sort((a, b) => a.changedAt - b.changedAt || a.id - b.id)
  const items = all.slice(0, pageSize)
  const last = items.at(-1)
  const after = last === undefined ? cursor : Buffer.from(`${last.changedAt}|${last.id}`).toString('base64')
  const withUsers = query.get('include') === 'users' && !withoutUsers
  return {
    status: 200,
    body: {
      tickets: items.map(ticket),
      after_cursor: after,
      after_url: after === null ? null : `${SITE}/api/v2/incremental/tickets/cursor.json?cursor=${after}`,
      before_cursor: null,
      before_url: null,
      end_of_stream: items.length === all.length,
      ...(withUsers && { users: [...model.users.values()].map(user) }),
    },
  }
}

function comments(model: SupportModel, id: number, query: URLSearchParams, options: SupportOptions): Answer {
  const found = model.tickets.get(id)
  if (found === undefined || found.status === 'deleted') return notFound
  const order = (each: EmulatedComment) => [each.at, each.id]
  const { status, body } = listing('comments', found.comments, order, comment, query, options)
  const withUsers = query.get('include') === 'users' && !options.withoutUsers
  const authors = new Set(found.comments.map(({ authorId }) => authorId))
  const users = [...model.users.values()].filter((each) => authors.has(each.id)).map(user)
  return { status, body: { ...(body as object), ...(withUsers && { users }) } }
}

function idsOf(query: URLSearchParams): readonly number[] {
  return (query.get('ids') ?? '').split(',').map(Number)
}

function named(key: string, names: ReadonlyMap<number, string>, query: URLSearchParams, options: ListingOptions) {
  const shape = ([id, name]: readonly [number, string]) => ({
    id,
    url: `${SITE}/api/v2/${key}/${id}.json`,
    name,
    created_at: '2026-01-05T08:00:00Z',
    updated_at: '2026-01-05T08:00:00Z',
    ...(key === 'brands' ? { subdomain: name.toLowerCase(), active: true } : { deleted: false, default: false }),
  })
  return listing(key, [...names], ([id]) => [id], shape, query, options)
}

function ticketFields({ fields }: SupportModel, query: URLSearchParams, options: ListingOptions): Answer {
  const shape = ([id, { title, options: choices }]: readonly [
    number,
    { title: string; options: Record<string, string> },
  ]) => ({
    id,
    type: 'tagger',
    title,
    custom_field_options: Object.entries(choices).map(([value, name]) => ({ id: id + 1, name, value })),
  })
  return listing('ticket_fields', [...fields], ([id]) => [id], shape, query, options)
}

function ticket(each: EmulatedTicket) {
  return {
    id: each.id,
    url: `${SITE}/api/v2/tickets/${each.id}.json`,
    external_id: null,
    via: { channel: each.comments[0]?.channel ?? 'web', source: { from: {}, to: {}, rel: null } },
    created_at: each.createdAt,
    updated_at: each.updatedAt,
    generated_timestamp: each.changedAt,
    type: null,
    subject: each.subject,
    raw_subject: each.subject,
    description: String(each.comments[0]?.body ?? ''),
    priority: null,
    status: each.status,
    recipient: 'support@example.net',
    requester_id: each.requesterId,
    submitter_id: each.comments[0]?.authorId ?? each.requesterId,
    assignee_id: null,
    organization_id: null,
    group_id: each.groupId,
    brand_id: each.brandId,
    collaborator_ids: [],
    follower_ids: [],
    email_cc_ids: each.copied,
    has_incidents: false,
    is_public: each.comments.some(({ isPublic }) => isPublic === true),
    tags: each.tags,
    custom_fields: each.fields,
    fields: each.fields,
    satisfaction_rating: { score: each.rating ?? 'unoffered' },
    support_type: each.supportType,
  }
}

function comment(each: EmulatedComment) {
  const text = typeof each.body === 'string' ? each.body.replace(/<[^>]*>/g, '') : each.body
  return {
    id: each.id,
    type: each.type,
    author_id: each.authorId,
    body: text,
    html_body: typeof each.body === 'string' ? `<div class="zd-comment" dir="auto">${each.body}</div>` : each.body,
    plain_body: text,
    public: each.isPublic,
    attachments: each.files.map((name, index) => ({
      id: each.id * 10 + index,
      file_name: name,
      content_url: `${SITE}/attachments/token/canary-file/?name=${name}`,
      content_type: 'application/pdf',
      size: 1,
      inline: false,
    })),
    audit_id: each.id,
    via: { channel: each.channel, source: { from: senderOf(each), to: {}, rel: each.rel } },
    created_at: each.at,
    metadata: { system: { ip_address: '192.0.2.7', location: 'Lyon, France' } },
  }
}

/** As their mail program calls them, which needn't be their name in the account. */
function senderOf({ channel, authorId }: EmulatedComment) {
  return channel === 'email' ? { name: `Sender ${authorId}`, address: `sender-${authorId}@example.org` } : {}
}

function user({ id, name, email, role }: EmulatedUser) {
  return { id, url: `${SITE}/api/v2/users/${id}.json`, name, email, role, active: true, alias: '', phone: null }
}

/** The border: the few fields of Zendesk's answers that the connector reads. */
import { z } from 'zod'
import { numericId } from '../../../src/vendors/listing.ts'

const time = z.iso.datetime({ offset: true, error: 'expected a time' })

const end = z
  .object({ name: z.string().nullish(), address: z.string().nullish(), phone: z.string().nullish() })
  .nullish()
  .catch(null)

const via = z
  .object({
    channel: z.string().nullish().catch(null),
    source: z
      .object({ rel: z.string().nullish().catch(null), from: end, to: end })
      .nullish()
      .catch(null),
  })
  .nullish()

export const ticketStatus = z.object({
  status: z.enum(['new', 'open', 'pending', 'hold', 'solved', 'closed', 'deleted']),
})

const people = z.array(numericId).nullish()

export const ticket = z.object({
  id: numericId,
  status: z.enum(['solved', 'closed']),
  subject: z.string().nullish(),
  updated_at: time,
  is_public: z.boolean().nullish(),
  support_type: z.string().nullish(),
  group_id: numericId.nullish(),
  brand_id: numericId.nullish(),
  tags: z.array(z.string()).nullish(),
  satisfaction_rating: z.object({ score: z.string().nullish() }).nullish(),
  custom_fields: z.array(z.object({ id: numericId, value: z.unknown() })).nullish(),
  requester_id: numericId.nullish(),
  submitter_id: numericId.nullish(),
  assignee_id: numericId.nullish(),
  collaborator_ids: people,
  follower_ids: people,
  email_cc_ids: people,
  via,
})

export type Ticket = z.infer<typeof ticket>

export const comment = z.object({
  type: z.string(),
  /** Only `true` is public. */
  public: z.boolean(),
  // -1 is Zendesk itself.
  author_id: z.union([numericId, z.literal(-1).transform(String)]).nullish(),
  created_at: time,
  html_body: z.string().nullish(),
  plain_body: z.string().nullish(),
  body: z.string().nullish(),
  attachments: z.array(z.object({ file_name: z.string().nullish(), inline: z.boolean().nullish() })).nullish(),
  via,
})

export type Comment = z.infer<typeof comment>

export const user = z.object({
  role: z.string(),
  name: z.string().nullish(),
  alias: z.string().nullish(),
  email: z.string().nullish(),
  phone: z.string().nullish(),
})

export type User = z.infer<typeof user>

export const userList = z.object({ users: z.array(z.unknown()) })

export const named = z.object({ name: z.string() })

export const ticketField = z.object({
  title: z.string(),
  custom_field_options: z
    .array(z.object({ name: z.string(), value: z.string() }))
    .nullish()
    .catch(null),
})

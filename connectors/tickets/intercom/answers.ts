/**
 * The border: the few fields of conversations and tickets that the connector reads, and no others. What these schemas
 * leave out reaches neither a document nor a recording.
 */
import { z } from 'zod'
import { numericId } from '../../../src/vendors/listing.ts'

/** Unix time. */
const seconds = z.int().min(0).max(99_999_999_999)

const anyId = z.union([z.string().max(200), z.number()]).transform(String)

const author = z.object({
  type: z.string().max(60),
  id: anyId.nullish(),
  name: z.string().nullish(),
  email: z.string().nullish(),
  from_ai_agent: z.boolean().nullish(),
  is_ai_answer: z.boolean().nullish(),
})

const mailbox = z.object({
  name: z.string().nullish(),
  email: z.string().nullish(),
  email_address: z.string().nullish(),
})

const attachments = z.array(z.object({ name: z.string().nullish() })).nullish()

export const part = z.object({
  part_type: z.string().max(100),
  body: z.string().nullish(),
  created_at: seconds,
  redacted: z.boolean().nullish(),
  author,
  attachments,
  app_package_code: z.string().nullish(),
  email_message_metadata: z.object({ email_address_headers: z.array(mailbox).nullish() }).nullish(),
  ticket_state: z.string().nullish(),
})

export type Part = z.infer<typeof part>

const source = z.object({
  delivered_as: z.string().nullish(),
  subject: z.string().nullish(),
  body: z.string().nullish(),
  redacted: z.boolean().nullish(),
  author,
  attachments,
  recipients: z.array(mailbox).nullish(),
  reply_to: z.array(mailbox).nullish(),
})

/** What conversations and tickets have in common. */
const common = {
  id: numericId,
  created_at: seconds,
  updated_at: seconds,
  admin_assignee_id: anyId.nullish(),
  team_assignee_id: anyId.nullish(),
  contacts: z
    .object({ contacts: z.array(z.object({ id: anyId.nullish(), external_id: z.string().nullish() })) })
    .nullish(),
}

const tags = z.object({ tags: z.array(z.object({ name: z.string() })) }).nullish()

/** Values of any shape, of which only text, numbers and truth values are looked at. */
const attributes = z.record(z.string(), z.unknown()).nullish()

export const stateField = z.object({ state: z.enum(['open', 'closed', 'snoozed']) })

export const conversation = z.object({
  ...common,
  ...stateField.shape,
  source: source.nullish(),
  tags,
  conversation_rating: z.object({ rating: z.int().nullish() }).nullish(),
  statistics: z.object({ last_close_at: seconds.nullish(), count_conversation_parts: z.int().nullish() }).nullish(),
  teammates: z.object({ teammates: z.array(z.object({ id: anyId.nullish() })).nullish() }).nullish(),
  custom_attributes: attributes,
})

export type Conversation = z.infer<typeof conversation>

export const conversationParts = z.object({
  conversation_parts: z.object({ conversation_parts: z.array(part), total_count: z.int().nonnegative() }),
})

export const ticketState = z.object({ ticket_state: z.object({ category: z.string().max(60) }) })

export const ticket = z.object({
  ...common,
  ...ticketState.shape,
  ticket_id: z.string().max(60).nullish(),
  category: z.string().max(60),
  is_shared: z.boolean().nullish(),
  ticket_attributes: attributes,
  tags,
  ticket_parts: z.object({ ticket_parts: z.array(part), total_count: z.int().nonnegative() }),
})

export type Ticket = z.infer<typeof ticket>

export const contactList = z.object({
  data: z.array(
    z.object({
      id: anyId,
      name: z.string().nullish(),
      email: z.string().nullish(),
      phone: z.string().nullish(),
      external_id: z.string().nullish(),
    }),
  ),
})

export const teamList = z.object({ teams: z.array(z.object({ id: anyId, name: z.string() })) })

export const adminList = z.object({
  admins: z.array(z.object({ id: anyId, name: z.string().nullish(), email: z.string().nullish() }).nullable()),
})

/** Of the token's own teammate, only the workspace. */
export const me = z.object({ app: z.object({ id_code: z.string().regex(/^[\w-]{1,100}$/) }).nullish() })

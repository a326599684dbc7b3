/**
 * Resolved tickets of a help desk, one document each: the question, what was tried, the answer that solved it. Public
 * parts only; personal data is removed unless the configuration says otherwise. See README.md for set-up and costs.
 */
import { z } from 'zod'
import type { Change, Connector, PullContext, Recordable } from '../../src/core/connector.ts'
import type { Json } from '../../src/core/json.ts'
import { type TicketsConfig, ticketsConfig } from './config.ts'
import { intercomCursor, pullIntercom } from './intercom/pull.ts'
import { intercomRecordable } from './intercom/recordable.ts'
import { zendeskCursor } from './zendesk/cursor.ts'
import { pullZendesk } from './zendesk/pull.ts'
import { zendeskRecordable } from './zendesk/recordable.ts'

export { type TicketsConfig, ticketsConfig } from './config.ts'

const ticketsCursor = z.discriminatedUnion('provider', [intercomCursor, zendeskCursor])

export type TicketsCursor = z.infer<typeof ticketsCursor>

export const tickets: Connector<TicketsConfig, TicketsCursor> = {
  name: 'tickets',
  level: 'staff',
  redact: true,
  recordable,
  config: ticketsConfig,
  cursor: ticketsCursor,
  pull,
}

/** A cursor of another provider is none. */
function pull(
  { config, ...context }: PullContext<TicketsConfig>,
  since: TicketsCursor | null,
): AsyncIterable<Change<TicketsCursor>> {
  return config.provider === 'intercom'
    ? pullIntercom({ ...context, config }, since?.provider === 'intercom' ? since : null)
    : pullZendesk({ ...context, config }, since?.provider === 'zendesk' ? since : null)
}

/** Of an answer that no provider knows, nothing is kept. */
function recordable(answer: Json): Recordable {
  return intercomRecordable(answer) ?? zendeskRecordable(answer) ?? { answer: null, people: [] }
}

/** What a tickets source is told. Descriptions feed the JSON Schema. */
import { z } from 'zod'
import { intercomAccount } from '../../src/vendors/intercom/account.ts'
import { zendeskAccount } from '../../src/vendors/zendesk/account.ts'
import { filterKeys } from './filters.ts'

const intercomConfig = z.strictObject({
  provider: z.literal('intercom').describe('Whose help desk it is'),
  ...intercomAccount,
  kinds: z
    .array(z.enum(['conversations', 'tickets']))
    .min(1)
    .default(['conversations', 'tickets'])
    .describe('What of the inbox is read; a workspace without tickets refuses to list them'),
  ...filterKeys,
  humanApps: z
    .array(z.string().min(1))
    .optional()
    .describe('Package codes of apps through which people write; what other apps write is left out'),
})

const zendeskConfig = z.strictObject({
  provider: z.literal('zendesk').describe('Whose help desk it is'),
  ...zendeskAccount,
  ...filterKeys,
  humanChannels: z
    .array(z.string().min(1))
    .optional()
    .describe('Channels through which people write beside the usual ones, such as api'),
})

export type IntercomConfig = z.infer<typeof intercomConfig>

export type ZendeskConfig = z.infer<typeof zendeskConfig>

export const ticketsConfig = z.discriminatedUnion('provider', [intercomConfig, zendeskConfig])

export type TicketsConfig = z.infer<typeof ticketsConfig>

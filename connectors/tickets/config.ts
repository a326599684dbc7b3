/** What a tickets source is told. Descriptions feed the JSON Schema. */
import { z } from 'zod'
import { intercomAccount } from '../../src/vendors/intercom/account.ts'
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

export type IntercomConfig = z.infer<typeof intercomConfig>

export const ticketsConfig = z.discriminatedUnion('provider', [intercomConfig])

export type TicketsConfig = z.infer<typeof ticketsConfig>

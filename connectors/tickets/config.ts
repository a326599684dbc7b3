/** What a tickets source is told. Descriptions feed the JSON Schema. */
import { z } from 'zod'
import { intercomAccount } from '../../src/vendors/intercom/account.ts'
import { filterKeys } from './filters.ts'

const intercomConfig = z.strictObject({
  provider: z.literal('intercom').describe('Whose help desk it is'),
  ...intercomAccount,
  ...filterKeys,
  humanApps: z
    .array(z.string().min(1))
    .optional()
    .describe('Package codes of apps through which people of the team write; what other apps write is left out'),
})

export type IntercomConfig = z.infer<typeof intercomConfig>

export const ticketsConfig = z.discriminatedUnion('provider', [intercomConfig])

export type TicketsConfig = z.infer<typeof ticketsConfig>

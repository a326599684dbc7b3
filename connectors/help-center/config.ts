/** What a help center source is told. Descriptions feed the JSON Schema. */
import { z } from 'zod'
import { intercomAccount } from '../../src/vendors/intercom/account.ts'
import { zendeskAccount } from '../../src/vendors/zendesk/account.ts'

const intercomConfig = z.strictObject({
  provider: z.literal('intercom').describe('Who hosts the help center'),
  ...intercomAccount,
})

const zendeskConfig = z.strictObject({
  provider: z.literal('zendesk').describe('Who hosts the help center'),
  ...zendeskAccount,
})

export type IntercomConfig = z.infer<typeof intercomConfig>

export type ZendeskConfig = z.infer<typeof zendeskConfig>

export const helpCenterConfig = z.discriminatedUnion('provider', [intercomConfig, zendeskConfig])

export type HelpCenterConfig = z.infer<typeof helpCenterConfig>

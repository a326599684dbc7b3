/** What a help center source is told. Descriptions feed the JSON Schema. */
import { z } from 'zod'
import { intercomAccount } from '../../src/vendors/intercom/account.ts'

const intercomConfig = z.strictObject({
  provider: z.literal('intercom').describe('Who hosts the help center'),
  ...intercomAccount,
})

export type IntercomConfig = z.infer<typeof intercomConfig>

export const helpCenterConfig = z.discriminatedUnion('provider', [intercomConfig])

export type HelpCenterConfig = z.infer<typeof helpCenterConfig>

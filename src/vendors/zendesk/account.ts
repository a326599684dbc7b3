/** What every source at Zendesk is told: which account, and how to sign in. */
import { z } from 'zod'
import { confidentialAddress } from '../../http/address.ts'

/** The keys of a configuration. Put them into a strict object. */
export const zendeskAccount = {
  url: confidentialAddress('https://example.zendesk.com').describe(
    'The account, or the brand, by its own address at Zendesk: https://example.zendesk.com',
  ),
  auth: z
    .union([
      z.strictObject({
        clientId: z.string().min(1).describe('The identifier of a confidential OAuth client'),
        clientSecret: z
          .string()
          .min(1)
          .meta({ secret: true, description: 'Of the OAuth client, by reference to the environment or a file' }),
      }),
      z.strictObject({
        accessToken: z
          .string()
          .min(1)
          .meta({ secret: true, description: 'An OAuth access token, by reference to the environment or a file' }),
      }),
      z.strictObject({
        email: z.string().min(3).describe('The agent that the API token is used for'),
        apiToken: z.string().min(1).meta({
          secret: true,
          description: 'An API token, by reference to the environment or a file. Zendesk ends them all on 2027-04-30',
        }),
      }),
    ])
    .describe('clientId and clientSecret, or accessToken, or email and apiToken'),
}

export interface ZendeskAccount {
  readonly url: string
  readonly auth:
    | { readonly clientId: string; readonly clientSecret: string }
    | { readonly accessToken: string }
    | { readonly email: string; readonly apiToken: string }
}

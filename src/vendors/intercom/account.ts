/** What every source and target at Intercom is told: which workspace, by its region and a token. */
import { z } from 'zod'
import { baseOf, confidentialAddress } from '../../http/address.ts'

const HOSTS = {
  us: 'https://api.intercom.io',
  eu: 'https://api.eu.intercom.io',
  au: 'https://api.au.intercom.io',
} as const

/** The keys of a configuration. Put them into a strict object. */
export const intercomAccount = {
  region: z
    .enum(['us', 'eu', 'au'])
    .default('us')
    .describe('Where the workspace is hosted; a token works in its own region only'),
  apiUrl: confidentialAddress('https://api.intercom.io')
    .optional()
    .describe('Where requests go, if not to the address of the region'),
  token: z.string().min(1).meta({
    secret: true,
    description: 'An access token of an app in the workspace, by reference to the environment or a file',
  }),
}

export interface IntercomAccount {
  readonly region: keyof typeof HOSTS
  readonly apiUrl?: string | undefined
  readonly token: string
}

/** Without a trailing slash. */
export function apiBase({ region, apiUrl }: IntercomAccount): string {
  return baseOf(apiUrl ?? HOSTS[region])
}

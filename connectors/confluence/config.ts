/** What a Confluence source is told. Descriptions feed the JSON Schema and the commented configuration file. */
import { z } from 'zod'
import { baseOf, confidentialAddress } from '../../src/http/address.ts'

export type Deployment = 'cloud' | 'data-center'

const CLOUD_HOSTS = /(^|\.)(atlassian\.net|jira-dev\.com)$|^api\.atlassian\.com$/

const webAddress = confidentialAddress('https://example.atlassian.net')

const contentId = z.string().regex(/^\d{1,16}$/, 'must be a content id: the digits in the page’s address')

const pageTrees = z.array(contentId).default([])

/** Confluence keeps labels in lower case, however they were typed. */
const labelNames = z.array(z.string().min(1).max(255).toLowerCase()).default([])

const fields = z.strictObject({
  baseUrl: webAddress.describe(
    'The site, as in the browser: https://example.atlassian.net, or https://wiki.example.com/confluence of Data Center',
  ),
  deployment: z
    .enum(['auto', 'cloud', 'data-center'])
    .default('auto')
    .describe('What the site is. With auto it shows in the address or in auth, and else the site is asked'),
  apiUrl: webAddress
    .optional()
    .describe(
      'Where requests go when the token is a scoped one: https://api.atlassian.com/ex/confluence/CLOUD_ID. ' +
        'The id is shown at https://example.atlassian.net/_edge/tenant_info',
    ),
  auth: z
    .union([
      z.strictObject({
        email: z.string().min(3).describe('The account that the token belongs to'),
        apiToken: z
          .string()
          .min(1)
          .meta({ secret: true, description: 'An API token, by reference to the environment or a file' }),
      }),
      z.strictObject({
        bearer: z
          .string()
          .min(1)
          .meta({
            secret: true,
            description:
              'A personal access token of Data Center, or an access token of an OAuth app on Cloud, by reference to the ' +
              'environment or a file',
          }),
      }),
      z.strictObject({
        username: z.string().regex(/^[^:]+$/, 'must be a user name, without a colon'),
        password: z
          .string()
          .min(1)
          .meta({ secret: true, description: 'By reference to the environment or a file. Data Center only' }),
      }),
    ])
    .describe('On Cloud email and apiToken, or bearer. On Data Center bearer, or username and password'),
  spaces: z
    .union([z.literal('all'), z.array(z.string().min(1).max(255)).min(1)])
    .describe('Space keys, or all: every space that the account may see'),
  personalSpaces: z.boolean().default(false).describe('With spaces: all, also personal spaces'),
  archivedSpaces: z.boolean().default(false).describe('Also spaces that were archived'),
  labels: z
    .strictObject({
      include: labelNames.describe('Only what carries one of these labels'),
      exclude: labelNames.describe('Nothing that carries one of these labels; wins over include'),
    })
    .prefault({})
    .describe('Choose pages and blog posts by label'),
  trees: z
    .strictObject({
      include: pageTrees.describe('Ids of pages or folders: only these and what stands below them'),
      exclude: pageTrees.describe('Ids of pages or folders: not these nor what stands below them; wins over include'),
    })
    .prefault({})
    .describe('Choose pages by where they stand'),
  blogPosts: z.boolean().default(true).describe('Also take blog posts'),
  restrictions: z
    .enum(['every-run', 'daily'])
    .default('every-run')
    .describe(
      'How often every page’s view restrictions are read (one request a page). With daily, a restriction that is added ' +
        'to an unchanged page takes up to 24 hours to arrive',
    ),
})

export const confluenceConfig = fields.superRefine((config, { addIssue }) => {
  const deployment = deploymentOf(config)
  const refuse = (message: string) => addIssue({ code: 'custom', path: ['auth'], message })
  if (deployment === 'cloud' && 'username' in config.auth)
    refuse('Confluence Cloud takes email and apiToken, or bearer; a site of Data Center needs deployment: data-center')
  if (deployment === 'data-center' && 'email' in config.auth)
    refuse('Confluence Data Center takes bearer, or username and password')
})

export type ConfluenceConfig = z.infer<typeof confluenceConfig>

/** Null if only the site itself can tell. An address that ends in `/wiki` may be one of either. */
export function deploymentOf({ deployment, apiUrl, baseUrl, auth }: ConfluenceConfig): Deployment | null {
  if (deployment !== 'auto') return deployment
  // Asked also of an address that is none, which the field itself then says.
  const hosts = [baseUrl, apiUrl ?? baseUrl].map((text) => URL.parse(text)?.hostname ?? '')
  if (hosts.some((host) => CLOUD_HOSTS.test(host)) || 'email' in auth) return 'cloud'
  return 'username' in auth ? 'data-center' : null
}

/** The site's address, for links; that of Cloud ends in `/wiki`. */
export function siteUrl({ baseUrl }: ConfluenceConfig, deployment: Deployment): string {
  return deployment === 'cloud' ? `${withoutWiki(baseUrl)}/wiki` : baseOf(baseUrl)
}

/** Where requests go; endpoint paths of Cloud begin with `/wiki`. */
export function requestUrl({ apiUrl, baseUrl }: ConfluenceConfig, deployment: Deployment): string {
  return deployment === 'cloud' ? withoutWiki(apiUrl ?? baseUrl) : baseOf(apiUrl ?? baseUrl)
}

function withoutWiki(text: string): string {
  return baseOf(text).replace(/\/wiki$/, '')
}

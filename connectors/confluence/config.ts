/** What a Confluence source is told. Descriptions feed the JSON Schema and the commented configuration file. */
import { z } from 'zod'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

const webAddress = z
  .url({ protocol: /^https?$/, error: 'must be an address such as https://example.atlassian.net' })
  .refine((text) => isConfidential(text), 'must begin with https: (credentials are sent to it)')

const contentId = z.string().regex(/^\d{1,16}$/, 'must be a content id: the digits in the page’s address')

const pageTrees = z.array(contentId).default([])

const labelNames = z.array(z.string().min(1).max(255)).default([])

export const confluenceConfig = z.strictObject({
  baseUrl: webAddress.describe('The site, as in the browser: https://example.atlassian.net'),
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
        bearer: z.string().min(1).meta({
          secret: true,
          description: 'An access token of an OAuth app, by reference to the environment or a file',
        }),
      }),
    ])
    .describe('Either email and apiToken, or bearer'),
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

export type ConfluenceConfig = z.infer<typeof confluenceConfig>

/** The site's address ending in `/wiki`, for links. */
export function siteUrl(config: ConfluenceConfig): string {
  return `${withoutWiki(config.baseUrl)}/wiki`
}

/** Where requests go; endpoint paths begin with `/wiki`. */
export function requestUrl(config: ConfluenceConfig): string {
  return withoutWiki(config.apiUrl ?? config.baseUrl)
}

function withoutWiki(text: string): string {
  const { origin, pathname } = new URL(text)
  return origin + pathname.replace(/\/+$/, '').replace(/\/wiki$/, '')
}

function isConfidential(text: string): boolean {
  const url = URL.parse(text)
  return url === null || url.protocol === 'https:' || LOOPBACK.includes(url.hostname)
}

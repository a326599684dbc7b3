/** What a Google Docs source is told. Descriptions feed the JSON Schema and the commented configuration file. */
import { z } from 'zod'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

const driveId = z
  .string()
  .regex(/^[\w-]{1,128}$/, 'must be an id: the part of the address behind /folders/ or /d/, without what follows it')

const webAddress = z
  .url({ protocol: /^https?$/, error: 'must be an address such as https://www.googleapis.com' })
  .refine((text) => isConfidential(text), 'must begin with https: (credentials are sent to it)')

const fields = z.strictObject({
  auth: z
    .union([
      z.strictObject({
        serviceAccountKey: z.string().min(1).meta({
          secret: true,
          description:
            'The JSON key of a service account, brought onto one line, by reference to a file or the environment',
        }),
        subject: z
          .email()
          .optional()
          .describe('The user on whose behalf to read, where the service account has domain-wide delegation'),
      }),
      z.strictObject({
        clientId: z.string().min(1).describe('Of an OAuth client'),
        clientSecret: z
          .string()
          .min(1)
          .meta({ secret: true, description: 'Of the OAuth client, by reference to the environment or a file' }),
        refreshToken: z
          .string()
          .min(1)
          .meta({ secret: true, description: 'Of the user, by reference to the environment or a file' }),
      }),
      z.strictObject({
        accessToken: z.string().min(1).meta({
          secret: true,
          description: 'A token that lives for about an hour, as `gcloud auth print-access-token` prints it',
        }),
      }),
    ])
    .describe('serviceAccountKey, or clientId with clientSecret and refreshToken, or accessToken'),
  folders: z.array(driveId).default([]).describe('Ids of folders: their documents, and those of all folders below'),
  drives: z
    .union([z.literal('all'), z.array(driveId)])
    .default([])
    .describe('Ids of shared drives, or all: every shared drive that the account is a member of'),
  documents: z.array(driveId).default([]).describe('Ids of single documents'),
  sharedWithMe: z.boolean().default(false).describe('Also what was shared with the account, folders with all in them'),
  apiUrl: webAddress.optional().describe('Where requests go instead of Google, such as a gateway'),
})

export const googleDocsConfig = fields.superRefine((config, { addIssue }) => {
  const { folders, drives, documents, sharedWithMe } = config
  if (folders.length > 0 || drives.length > 0 || documents.length > 0 || sharedWithMe) return
  const message = 'name at least one of folders, drives and documents, or set sharedWithMe: true'
  addIssue({ code: 'custom', path: ['folders'], message })
})

export type GoogleDocsConfig = z.infer<typeof googleDocsConfig>

function isConfidential(text: string): boolean {
  const url = URL.parse(text)
  return url === null || url.protocol === 'https:' || LOOPBACK.includes(url.hostname)
}

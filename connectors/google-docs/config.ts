/** What a Google Docs source is told. Descriptions feed the JSON Schema and the commented configuration file. */
import { z } from 'zod'
import { confidentialAddress } from '../../src/http/address.ts'

const driveId = z
  .string()
  .regex(/^[\w-]{1,128}$/, 'must be an id: the part of the address behind /folders/ or /d/, without what follows it')

const fields = z.strictObject({
  auth: z.strictObject({
    credentials: z
      .string()
      .min(1)
      .meta({
        secret: true,
        lines: true,
        description:
          `Who reads, by reference: a service account’s key file as downloaded, \${google:login} for what ` +
          `\`unsilo login google\` keeps, \${google:adc} for application default credentials, or an access token`,
      }),
    subject: z
      .string()
      .min(1)
      .optional()
      .describe('The user on whose behalf to read, where a service account has domain-wide delegation'),
  }),
  folders: z.array(driveId).default([]).describe('Ids of folders: their documents, and those of all folders below'),
  drives: z
    .union([z.literal('all'), z.array(driveId)])
    .default([])
    .describe('Ids of shared drives, or all: every shared drive that the account is a member of'),
  documents: z.array(driveId).default([]).describe('Ids of single documents'),
  sharedWithMe: z.boolean().default(false).describe('Also what was shared with the account, folders with all in them'),
  apiUrl: confidentialAddress('https://gateway.example.com')
    .optional()
    .describe('Where requests go instead of Google, such as a gateway'),
})

export const googleDocsConfig = fields.superRefine((config, { addIssue }) => {
  const { folders, drives, documents, sharedWithMe } = config
  if (folders.length > 0 || drives.length > 0 || documents.length > 0 || sharedWithMe) return
  const message = 'name at least one of folders, drives and documents, or set sharedWithMe: true'
  addIssue({ code: 'custom', path: ['folders'], message })
})

export type GoogleDocsConfig = z.infer<typeof googleDocsConfig>

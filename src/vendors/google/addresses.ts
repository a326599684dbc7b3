/** Where Google's credentials are made and taken back, and what may stand in for these places. */
import { z } from 'zod'

/** Enough to read files, their permissions, and the text of documents; all that unsilo asks for. */
export const DRIVE_SCOPE = 'https://www.googleapis.com/auth/drive.readonly'

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/** Where credentials are sent to: encrypted, or on the machine itself. */
export const confidentialAddress = z
  .url({ protocol: /^https?$/, error: 'must be an address that begins with https:' })
  .refine((text) => isConfidential(text), 'must begin with https: (credentials are sent to it)')

export const tokenAddress = confidentialAddress.default('https://oauth2.googleapis.com/token')
export const consentPage = confidentialAddress.default('https://accounts.google.com/o/oauth2/v2/auth')

/** Beside the token endpoint. */
export function revocationAddress(tokenUri: string): string {
  return new URL('revoke', tokenUri).href
}

function isConfidential(text: string): boolean {
  const url = URL.parse(text)
  return url === null || url.protocol === 'https:' || LOOPBACK.includes(url.hostname)
}

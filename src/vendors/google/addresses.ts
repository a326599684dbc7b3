/** Where Google's credentials are made and taken back. */
import { confidentialAddress } from '../../http/address.ts'

/** Enough to read files, their permissions, and the text of documents; all that unsilo asks for. */
export const DRIVE_SCOPE = 'https://www.googleapis.com/auth/drive.readonly'

const TOKENS = 'https://oauth2.googleapis.com/token'
const CONSENT = 'https://accounts.google.com/o/oauth2/v2/auth'

export const tokenAddress = confidentialAddress(TOKENS).default(TOKENS)
export const consentPage = confidentialAddress(CONSENT).default(CONSENT)

/** Beside the token endpoint. */
export function revocationAddress(tokenUri: string): string {
  return new URL('revoke', tokenUri).href
}

/** What Google hands out for a program to prove who it is, as text: a key file, a user's login, a token, a machine's own identity. */
import { z } from 'zod'
import { UnsiloError } from '../../core/errors.ts'
import { tokenAddress } from './addresses.ts'

export type Credentials = Token | ServiceAccount | UserLogin | MetadataServer

export interface Token {
  readonly type: 'token'
  readonly token: string
}

export type ServiceAccount = z.infer<typeof serviceAccount>
export type UserLogin = z.infer<typeof userLogin>
export type MetadataServer = z.infer<typeof metadataServer>

/** https://developers.google.com/identity/protocols/oauth2/service-account#creatinganaccount */
const serviceAccount = z.object({
  type: z.literal('service_account'),
  client_email: z.string().min(1),
  private_key: z.string().min(1),
  private_key_id: z.string().min(1).optional(),
  token_uri: tokenAddress,
})

/** As gcloud keeps it for application default credentials, and as `unsilo login google` does. */
const userLogin = z.object({
  type: z.literal('authorized_user'),
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
  refresh_token: z.string().min(1),
  /** What the requests are counted for; gcloud's own client needs one. */
  quota_project_id: z.string().min(1).optional(),
  token_uri: tokenAddress,
  /** The command that makes the file anew. */
  made_by: z.literal('unsilo login google').optional(),
})

/** Ours, and of no file: the machine that this runs on is asked. */
const metadataServer = z.object({
  type: z.literal('metadata_server'),
  host: z.string().regex(/^[\w.-]+(:\d{1,5})?$|^\[[\da-fA-F:.]+\](:\d{1,5})?$/),
  /** Where nothing was found before, for messages. */
  looked: z.string(),
})

const anyOfThem = z.discriminatedUnion('type', [serviceAccount, userLogin, metadataServer])

/** Types of Google's that say how to ask somebody else for a token. */
const UNSUPPORTED = [
  'external_account',
  'external_account_authorized_user',
  'impersonated_service_account',
  'gdch_service_account',
]

/** Throws CONFIG_INVALID in words that don't quote the text. */
export function readCredentials(text: string): Credentials {
  if (!text.trimStart().startsWith('{')) return { type: 'token', token: readToken(text) }
  const json = parsed(text)
  const read = anyOfThem.safeParse(json)
  if (read.success) return read.data
  const { type, installed, web } = shape.safeParse(json).data ?? {}
  if (installed !== undefined || web !== undefined) {
    const hint = `Give it to \`unsilo login google --client FILE\`, and write \${google:login} here.`
    throw refused('are an OAuth client, which is nobody yet', hint)
  }
  if (UNSUPPORTED.includes(type ?? '')) {
    const hint = 'unsilo reads a service account’s key, a user’s login and the metadata server.'
    throw refused(`are of type ${type}, which unsilo can’t use`, hint)
  }
  const field = read.error.issues[0]?.path.join('.') || 'type'
  throw refused(json === null ? 'are JSON that is cut or broken' : `lack a valid ${field}`, WHOLE)
}

const WHOLE = 'Give what Google made, whole and unchanged, by reference to its file.'

const shape = z.object({ type: z.string(), installed: z.unknown(), web: z.unknown() }).partial()

function readToken(text: string): string {
  if (/^[\x21-\x7e]+$/.test(text)) return text
  throw refused('are neither JSON nor a token', WHOLE)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function refused(what: string, hint: string): UnsiloError {
  return new UnsiloError('CONFIG_INVALID', `Google: the credentials ${what}`, { hint })
}

/** What Google asks and gives before anything is read: consent, tokens, their withdrawal, and the metadata server of its machines. */
import { createHash, createVerify, type KeyObject } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { Answer } from './google-answers.ts'

export type GoogleIdentity = ReturnType<typeof createGoogleIdentity>

interface Consent {
  readonly code: string
  readonly redirectUri: string
  readonly challenge: string
}

export const CLIENT = { client_id: 'client-7.apps.example.com', client_secret: 'canary-client-27d0' }

const SCOPE = 'https://www.googleapis.com/auth/drive.readonly'

export function createGoogleIdentity(publicKey: KeyObject) {
  const assertions: Record<string, unknown>[] = []
  const state = {
    serial: 1,
    refreshToken: 'canary-refresh-91ce',
    /** What a person answers on the page: the scopes that they tick, or none of it. */
    consent: SCOPE as string | null,
    /** Whether this is a machine of Google's. */
    machine: true,
    /** How often a token was given. */
    tokens: 0,
  }
  let consent: Consent | null = null

  const accessToken = () => `canary-access-${state.serial}f1b`

  function granted(more: object = {}): Answer {
    state.tokens += 1
    return { status: 200, body: { access_token: accessToken(), expires_in: 3599, token_type: 'Bearer', ...more } }
  }

  /** By redirect: the person agrees, or not, without being asked. */
  function consentAnswer(query: URLSearchParams) {
    const redirect = new URL(query.get('redirect_uri') ?? '')
    const asked = ['response_type', 'scope', 'access_type', 'prompt', 'code_challenge_method'].map((name) =>
      query.get(name),
    )
    const isRight =
      asked.join(' ') === `code ${SCOPE} offline consent S256` && query.get('client_id') === CLIENT.client_id
    if (!isRight || redirect.hostname !== '127.0.0.1') return { status: 400, body: { error: 'invalid_request' } }
    const code = 'canary-code-5e0c'
    consent = { code, redirectUri: redirect.href, challenge: query.get('code_challenge') ?? '' }
    redirect.searchParams.set('state', query.get('state') ?? '')
    redirect.searchParams.set(
      ...((state.consent === null ? ['error', 'access_denied'] : ['code', code]) as [string, string]),
    )
    return { status: 302, body: '', headers: { location: redirect.href } }
  }

  function tokenAnswer(form: URLSearchParams): Answer {
    const refused = { status: 400, body: { error: 'invalid_grant', error_description: 'canary-description' } }
    const grant = form.get('grant_type')
    if (grant === 'urn:ietf:params:oauth:grant-type:jwt-bearer') return assertionAnswer(form) ?? refused
    if (form.get('client_id') !== CLIENT.client_id || form.get('client_secret') !== CLIENT.client_secret)
      return { status: 401, body: { error: 'invalid_client' } }
    if (grant === 'refresh_token') return form.get('refresh_token') === state.refreshToken ? granted() : refused
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const isMeant =
      consent !== null &&
      grant === 'authorization_code' &&
      form.get('code') === consent.code &&
      form.get('redirect_uri') === consent.redirectUri &&
      challenge === consent.challenge
    if (!isMeant) return refused
    consent = null
    return granted({ refresh_token: state.refreshToken, scope: state.consent })
  }

  function assertionAnswer(form: URLSearchParams): Answer | null {
    const [header = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.')
    const verifier = createVerify('RSA-SHA256').update(`${header}.${claims}`)
    if (!verifier.verify(publicKey, signature, 'base64url')) return null
    assertions.push(JSON.parse(Buffer.from(claims, 'base64url').toString()))
    return granted()
  }

  function metadataAnswer(headers: IncomingHttpHeaders) {
    if (!state.machine || headers['metadata-flavor'] !== 'Google') return { status: 403, body: '' }
    return { ...granted(), headers: { 'metadata-flavor': 'Google' } }
  }

  return {
    /** Claims of the assertions that tokens were given for. */
    assertions,
    state,
    accessToken,
    /** From here on the tokens that were given are no longer good. */
    expire(): void {
      state.serial += 1
    },
    /** Null for a request about something else. */
    answer(
      name: string,
      query: URLSearchParams,
      form: URLSearchParams,
      headers: IncomingHttpHeaders,
    ): (Answer & { readonly headers?: Readonly<Record<string, string>> }) | null {
      if (name === 'GET /o/oauth2/auth') return consentAnswer(query)
      if (name === 'POST /token') return tokenAnswer(form)
      if (name === 'GET /computeMetadata/v1/instance/service-accounts/default/token') return metadataAnswer(headers)
      if (name !== 'POST /revoke') return null
      if (form.get('token') !== state.refreshToken) return { status: 400, body: { error: 'invalid_token' } }
      state.refreshToken = 'canary-refresh-next'
      return { status: 200, body: {} }
    },
  }
}

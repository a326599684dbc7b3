/** Google Drive, Google Docs and their token endpoint as a local HTTP server, over a model that tests change. */
import { createVerify, generateKeyPairSync } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { createFaults, type Fault } from './faults.ts'
import { type Answer, answerGoogle, failed } from './google-answers.ts'
import { createGoogleModel, type GoogleModel } from './google-model.ts'
import { loadGoogleSpecs } from './google-specs.ts'
import { startServer } from './server.ts'

export interface GoogleEmulatorOptions {
  readonly pageSize?: number
  /** Check every answer against the API's description, where that is at hand. */
  readonly validate?: boolean
}

export interface EmulatedRequest {
  readonly name: string
  readonly query: URLSearchParams
  readonly status: number
}

export interface GoogleEmulator {
  /** http://127.0.0.1:port */
  readonly url: string
  readonly model: GoogleModel
  readonly requests: EmulatedRequest[]
  /** Claims of the assertions that tokens were given for. */
  readonly assertions: Readonly<Record<string, unknown>>[]
  /** Where answers break the API's description; empty without `validate`. */
  readonly violations: string[]
  /** The JSON key of the service account that is let in. */
  readonly serviceAccountKey: string
  readonly accessToken: string
  readonly refreshToken: string
  fail(fault: Fault): void
  /** The next request that matches is answered with this reason. */
  refuse(match: RegExp, status: number, reason: string): void
  close(): Promise<void>
}

const ACCESS_TOKEN = 'canary-access-4f1b'
const REFRESH_TOKEN = 'canary-refresh-91ce'

export async function startGoogleEmulator(options: GoogleEmulatorOptions = {}): Promise<GoogleEmulator> {
  const model = createGoogleModel()
  const faults = createFaults()
  const specs = options.validate ? loadGoogleSpecs() : null
  const requests: EmulatedRequest[] = []
  const assertions: Record<string, unknown>[] = []
  const violations: string[] = []
  const refusals: { readonly match: RegExp; readonly answer: Answer }[] = []
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })

  function answer(name: string, url: URL, request: IncomingMessage, body: string): Answer {
    if (name === 'POST /token') return tokenAnswer(new URLSearchParams(body))
    if (request.headers.authorization !== `Bearer ${ACCESS_TOKEN}`) return failed(401, 'authError')
    const refused = refusals.findIndex(({ match }) => match.test(name))
    if (refused !== -1) return refusals.splice(refused, 1)[0]?.answer ?? failed(500, 'backendError')
    return answerGoogle(model, decodeURIComponent(url.pathname), url.searchParams, options)
  }

  function tokenAnswer(form: URLSearchParams): Answer {
    const granted = { status: 200, body: { access_token: ACCESS_TOKEN, expires_in: 3599, token_type: 'Bearer' } }
    if (form.get('refresh_token') === REFRESH_TOKEN) return granted
    const [header = '', claims = '', signature = ''] = (form.get('assertion') ?? '').split('.')
    const verifier = createVerify('RSA-SHA256').update(`${header}.${claims}`)
    if (!verifier.verify(keys.publicKey, signature, 'base64url'))
      return { status: 400, body: { error: 'invalid_grant' } }
    assertions.push(JSON.parse(Buffer.from(claims, 'base64url').toString()))
    return granted
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://emulator')
    const name = `${request.method} ${url.pathname}`
    const log = (status: number) => requests.push({ name, query: url.searchParams, status })
    const body = await text(request)
    if (faults.strike(name, response, log)) return
    const answered = answer(name, url, request, body)
    log(answered.status)
    if (specs !== null && answered.status === 200 && name !== 'POST /token')
      violations.push(...specs.check(request.method ?? 'GET', url.pathname, answered.body))
    response.writeHead(answered.status, { 'content-type': 'application/json' }).end(JSON.stringify(answered.body))
  }

  const { url, close } = await startServer((request, response) => void handle(request, response))
  const serviceAccountKey = JSON.stringify({
    ...{ type: 'service_account', client_email: 'reader@project.example.com', private_key_id: 'key-1' },
    private_key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: `${url}/token`,
  })
  return {
    ...{ url, model, requests, assertions, violations, serviceAccountKey, close, fail: faults.add },
    ...{ accessToken: ACCESS_TOKEN, refreshToken: REFRESH_TOKEN },
    refuse: (match, status, reason) => void refusals.push({ match, answer: failed(status, reason) }),
  }
}

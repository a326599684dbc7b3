/** Google Drive, Google Docs and what gives credentials for them as a local HTTP server, over a model that tests change. */
import { generateKeyPairSync } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Emulator } from './emulator.ts'
import { createFaults } from './faults.ts'
import { type Answer, answerGoogle, failed } from './google-answers.ts'
import { createGoogleIdentity, type GoogleIdentity } from './google-identity.ts'
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

export interface GoogleEmulator extends Emulator {
  readonly model: GoogleModel
  readonly requests: EmulatedRequest[]
  readonly identity: GoogleIdentity
  /** The JSON key of the service account that is let in, as it is downloaded. */
  readonly serviceAccountKey: string
  /** The next request that matches is answered with this reason. */
  refuse(match: RegExp, status: number, reason: string): void
}

export async function startGoogleEmulator(options: GoogleEmulatorOptions = {}): Promise<GoogleEmulator> {
  const model = createGoogleModel()
  const faults = createFaults()
  const specs = options.validate ? loadGoogleSpecs() : null
  const requests: EmulatedRequest[] = []
  const violations: string[] = []
  const refusals: { readonly match: RegExp; readonly answer: Answer }[] = []
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const identity = createGoogleIdentity(keys.publicKey)

  function answer(name: string, url: URL, request: IncomingMessage): Answer {
    if (request.headers.authorization !== `Bearer ${identity.accessToken()}`) return failed(401, 'authError')
    const refused = refusals.findIndex(({ match }) => match.test(name))
    if (refused !== -1) return refusals.splice(refused, 1)[0]?.answer ?? failed(500, 'backendError')
    return answerGoogle(model, decodeURIComponent(url.pathname), url.searchParams, options)
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://emulator')
    const name = `${request.method} ${url.pathname}`
    const log = (status: number) => requests.push({ name, query: url.searchParams, status })
    const body = await text(request)
    if (faults.strike(name, response, log)) return
    const credentials = identity.answer(name, url.searchParams, new URLSearchParams(body), request.headers)
    const answered = credentials ?? answer(name, url, request)
    log(answered.status)
    if (specs !== null && answered.status === 200 && credentials === null)
      violations.push(...specs.check(request.method ?? 'GET', url.pathname, answered.body))
    const headers = { 'content-type': 'application/json', ...credentials?.headers }
    response.writeHead(answered.status, headers).end(JSON.stringify(answered.body))
  }

  const { url, close } = await startServer((request, response) => void handle(request, response))
  const key = {
    ...{ type: 'service_account', client_email: 'reader@project.example.com', private_key_id: 'key-1' },
    private_key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: `${url}/token`,
  }
  return {
    ...{ url, model, requests, identity, violations, close, fail: faults.add, heal: faults.clear },
    serviceAccountKey: JSON.stringify(key, null, 2),
    refuse: (match, status, reason) => void refusals.push({ match, answer: failed(status, reason) }),
  }
}

/**
 * A Zendesk account as a local HTTP server: its token endpoint, and the endpoints of Guide and of Support that connectors
 * use, over models that tests change.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Emulator } from './emulator.ts'
import { createFaults } from './faults.ts'
import { startServer } from './server.ts'
import { loadZendeskSpecs } from './specs.ts'
import { type Answer, notSignedIn, tokenEnded } from './zendesk-answer.ts'
import { answerGuide, answerSignedOut, type GuideOptions } from './zendesk-guide-answers.ts'
import { createGuideModel, type GuideModel } from './zendesk-guide-model.ts'
import { answerSupport, type SupportOptions } from './zendesk-support-answers.ts'
import { createSupportModel, type SupportModel } from './zendesk-support-model.ts'

export interface ZendeskEmulatorOptions extends GuideOptions, SupportOptions {
  /** What the Authorization header may be beside a token that was given out. */
  readonly authorization?: string
  /** Whom the token endpoint gives tokens to. */
  readonly client?: { readonly id: string; readonly secret: string }
  /** Check every answer against the API's description, where that is at hand. */
  readonly validate?: boolean
}

export interface ZendeskEmulator extends Emulator {
  readonly guide: GuideModel
  readonly support: SupportModel
  /** `path?query` of every request that was answered by the model, without credentials marked `signed out`. */
  readonly requests: string[]
  /** What the token endpoint was asked, in order. */
  readonly grants: unknown[]
  /** Tokens that were given out so far end here. */
  endTokens(): void
  /** Runs once, right after the request whose `path?query` matches was answered. */
  after(match: RegExp, change: () => void): void
}

const API = '/api/v2'

export async function startZendeskEmulator(options: ZendeskEmulatorOptions = {}): Promise<ZendeskEmulator> {
  const guide = createGuideModel()
  const support = createSupportModel()
  const faults = createFaults()
  const specs = options.validate ? loadZendeskSpecs() : null
  const requests: string[] = []
  const violations: string[] = []
  const grants: unknown[] = []
  const due: { match: RegExp; change: () => void }[] = []
  let tokens: string[] = []

  function grant(asked: unknown): Answer {
    grants.push(asked)
    const { client_id, client_secret } = asked as Record<string, unknown>
    if (client_id !== options.client?.id || client_secret !== options.client?.secret) {
      return { status: 401, body: { error: 'invalid_client', error_description: 'Client authentication failed' } }
    }
    const token = `canary-granted-${grants.length}`
    tokens.push(token)
    return { status: 201, body: { access_token: token, token_type: 'bearer', scope: 'hc:read', expires_in: 7200 } }
  }

  function answer(path: string, query: URLSearchParams, authorization: string | undefined): Answer {
    const isGuide = path.startsWith('/help_center/')
    const rest = path.slice('/help_center'.length)
    if (authorization === undefined) return isGuide ? answerSignedOut(guide, rest, query, options) : notSignedIn
    const known = [options.authorization, ...tokens.map((token) => `Bearer ${token}`)]
    if (!known.includes(authorization)) return tokenEnded
    return isGuide ? answerGuide(guide, rest, query, options) : answerSupport(support, path, query, options)
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://emulator')
    const method = request.method ?? 'GET'
    const asked = await text(request)
    if (faults.strike(`${method} ${url.pathname}`, response, () => {})) return
    const path = url.pathname.replace(/\.json$/, '')
    const { authorization } = request.headers
    const { status, body } =
      path === '/oauth/tokens'
        ? grant(JSON.parse(asked))
        : answer(path.slice(API.length), url.searchParams, authorization)
    requests.push(path + url.search + (authorization === undefined && path !== '/oauth/tokens' ? ' signed out' : ''))
    if (specs !== null && status === 200) violations.push(...specs.check(method, path, body))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const next = due.findIndex(({ match }) => match.test(path + url.search))
    for (const { change } of next < 0 ? [] : due.splice(next, 1)) change()
  }

  const { url, close } = await startServer((request, response) => void handle(request, response))
  return {
    url,
    guide,
    support,
    requests,
    violations,
    grants,
    endTokens: () => {
      tokens = []
    },
    after: (match, change) => void due.push({ match, change }),
    fail: faults.add,
    heal: faults.clear,
    close,
  }
}

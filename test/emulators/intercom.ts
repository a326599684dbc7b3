/**
 * An Intercom workspace as a local HTTP server: the endpoints that connectors use, in the shapes of API 2.16, over a
 * model that tests change. Listings are by page number, newest change first, searches by cursor; nothing holds them still.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Emulator } from './emulator.ts'
import { createFaults } from './faults.ts'
import { type AnswerOptions, answerIntercom, errorAnswer } from './intercom-answers.ts'
import { createIntercomModel, type IntercomModel } from './intercom-model.ts'
import { startServer } from './server.ts'
import { loadIntercomSpec } from './specs.ts'

export interface IntercomEmulatorOptions extends AnswerOptions {
  /** What the Authorization header must be; any unless told. */
  readonly authorization?: string
  /** Check every answer against the API's description, where that is at hand. */
  readonly validate?: boolean
}

export interface IntercomEmulator extends Emulator {
  readonly model: IntercomModel
  /** `path?query` of every request that was answered by the model. */
  readonly requests: string[]
  /** Runs once, right after the request whose `path?query` matches was answered. */
  after(match: RegExp, change: () => void): void
}

export async function startIntercomEmulator(options: IntercomEmulatorOptions = {}): Promise<IntercomEmulator> {
  const model = createIntercomModel()
  const faults = createFaults()
  const specs = options.validate ? loadIntercomSpec() : null
  const requests: string[] = []
  const violations: string[] = []
  const due: { match: RegExp; change: () => void }[] = []

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = await text(request)
    const url = new URL(request.url ?? '/', 'http://emulator')
    const method = request.method ?? 'GET'
    if (faults.strike(`${method} ${url.pathname}`, response, () => {})) return
    const { status, body } =
      refusal(request, options) ?? answerIntercom(model, url.pathname, url.searchParams, sent, options)
    requests.push(url.pathname + url.search)
    if (specs !== null && status === 200) violations.push(...specs.check(method, url.pathname, body))
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const next = due.findIndex(({ match }) => match.test(url.pathname + url.search))
    for (const { change } of next < 0 ? [] : due.splice(next, 1)) change()
  }

  const { url, close } = await startServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  return {
    url,
    model,
    requests,
    violations,
    after: (match, change) => void due.push({ match, change }),
    fail: faults.add,
    heal: faults.clear,
    close,
  }
}

function refusal({ headers }: IncomingMessage, { authorization }: IntercomEmulatorOptions) {
  if (authorization !== undefined && headers.authorization !== authorization) {
    return errorAnswer(401, 'unauthorized', 'Access Token Invalid')
  }
  if (headers['intercom-version'] !== '2.16') {
    return errorAnswer(400, 'intercom_version_invalid', 'The requested version could not be found')
  }
  return null
}

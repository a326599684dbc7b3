/**
 * An Intercom workspace that is written into, as a local HTTP server: articles with staged drafts, content import sources
 * and external pages, in the shapes of API 2.16, over a model that tests change as teammates do.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Emulator } from './emulator.ts'
import { createFaults, type Fault } from './faults.ts'
import { type Answer, errorAnswer } from './intercom-answers.ts'
import { answerLibrary } from './intercom-library-answers.ts'
import { createLibrary, type Library, type LibraryOptions } from './intercom-library-model.ts'
import { startServer } from './server.ts'
import type { SpecChecker } from './specs.ts'

export interface LibraryEmulator extends Emulator {
  readonly library: Library
  /** `METHOD path` of every request that was answered by the model, and what was sent. */
  readonly requests: { readonly name: string; readonly body: unknown }[]
  /** They are done, and then their answers fail. */
  failAfter(fault: Fault): void
  /** Told of every request once it was done, before its answer goes out. */
  onDone(listener: (name: string) => void): void
}

export async function startLibraryEmulator(
  options: LibraryOptions & { readonly authorization?: string; readonly spec?: SpecChecker | null } = {},
): Promise<LibraryEmulator> {
  const library = createLibrary(options)
  const before = createFaults()
  const after = createFaults()
  const { spec = null } = options
  const requests: LibraryEmulator['requests'] = []
  const violations: string[] = []
  let listener: (name: string) => void = () => undefined

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = await text(request)
    const url = new URL(request.url ?? '/', 'http://emulator')
    const method = request.method ?? 'GET'
    const name = `${method} ${url.pathname}`
    if (before.strike(name, response, () => {})) return
    const body: unknown = sent === '' ? undefined : JSON.parse(sent)
    const { status, body: answer } =
      refusal(request, options.authorization) ??
      answerLibrary(library, { method, path: url.pathname, query: url.searchParams, body })
    requests.push({ name, body })
    if (spec !== null && body !== undefined) violations.push(...spec.checkSent(method, url.pathname, body))
    if (spec !== null && status === 200) violations.push(...spec.check(method, url.pathname, answer))
    listener(name)
    if (after.strike(name, response, () => {})) return
    response.writeHead(status, { 'content-type': 'application/json' }).end(status === 204 ? '' : JSON.stringify(answer))
  }

  const { url, close } = await startServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  return {
    ...{ url, library, requests, violations, fail: before.add, failAfter: after.add, close },
    heal: () => {
      before.clear()
      after.clear()
    },
    onDone: (told) => {
      listener = told
    },
  }
}

function refusal({ headers }: IncomingMessage, authorization: string | undefined): Answer | null {
  if (authorization !== undefined && headers.authorization !== authorization) {
    return errorAnswer(401, 'unauthorized', 'Access Token Invalid')
  }
  if (headers['intercom-version'] === '2.16') return null
  return errorAnswer(400, 'intercom_version_invalid', 'The requested version could not be found')
}
